package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"example.com/handover/pkg/kit"
)

const description = `Lets many customers with random habits live with a reseller for simulated months, with faults and kills.

They come in the first half of the time, by billing transfers, legacy transfers and requests for new accounts. Operators work
what the list of actions shows, late or never. On the first of each month, and at the end, the run looks at everything that has
not ended, and at what the services have before them; at the end also at what AWS, ServiceNow and the mailboxes hold. It prints
what is wrong and fails.`

// flags say how large a run is.
type flags struct {
	Customers int    `help:"How many customers come." default:"40"`
	Months    int    `help:"How many months pass." default:"24"`
	Kills     int    `help:"Kills of the suite in a month." default:"2"`
	Faults    int    `help:"Faults of the outside in a month." default:"10"`
	Seed      uint64 `help:"What chance begins with." default:"1"`
	Verbose   bool   `short:"v" help:"Print every month."`
	Handover  string `help:"Path of the all-in-one's binary." default:"bin/handover" type:"path"`
}

// Validate is called by kong.
func (f flags) Validate(*kong.Context) error {
	if f.Customers < 1 || f.Months < 2 || f.Kills < 0 || f.Faults < 0 {
		return errors.New("--customers must be positive, --months at least 2, --kills and --faults not negative")
	}
	_, err := os.Stat(f.Handover)
	return err
}

func run(args []string, out, complaints io.Writer) int {
	return kit.Program{Name: "population", Description: description, Out: out, Complaints: complaints}.Run(args, &flags{})
}

// Run plays one run. What went wrong keeps the folder for a look.
func (f flags) Run(ctx context.Context, out io.Writer) error {
	folder, err := os.MkdirTemp("", "handover-population-")
	if err != nil {
		return err
	}
	if f.Handover, err = filepath.Abs(f.Handover); err != nil {
		return err
	}
	s, err := launch(ctx, f.Handover, folder)
	if err == nil {
		p := &population{flags: f, suite: s, out: out, random: chance(f.Seed, 0)}
		err = errors.Join(p.live(ctx), s.stop())
	}
	if err != nil {
		return fmt.Errorf("%w\nseed %d, logs and data: %s", err, f.Seed, folder)
	}
	return os.RemoveAll(folder)
}
