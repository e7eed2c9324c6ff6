package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"example.com/handover/pkg/kit"
)

const description = `Plays customer lives against one all-in-one and watches what the process holds.

A run passes when every life does, and when resident memory, live heap, goroutines and descriptors are flat: the line of
least squares through the samples of the last half rises over that half by no more than 5 % of their mean. A run of less
than 30 minutes is judged by its lives alone: a process that has just begun is still filling its caches.`

// flags say how long a run is, and how busy.
type flags struct {
	Length   time.Duration `name:"for" help:"How long lives are played." default:"5m"`
	Every    time.Duration `help:"From the beginning of a life to that of the next." default:"20s"`
	Warm     time.Duration `help:"How long lives follow each other at once before that: caches fill with what was played, not with time."`
	Sample   time.Duration `help:"From a sample to the next." default:"15s"`
	Profiles string        `help:"Folder for a heap profile and the goroutines of each quarter's end, for go tool pprof." type:"path"`
	Verbose  bool          `short:"v" help:"Print every sample."`
	Handover string        `help:"Path of the all-in-one's binary." default:"bin/handover" type:"path"`
}

// Validate is called by kong.
func (f flags) Validate(*kong.Context) error {
	if f.Length <= 0 || f.Every <= 0 || f.Sample <= 0 || f.Warm < 0 {
		return errors.New("--for, --every and --sample must be positive, --warm must not be negative")
	}
	_, err := os.Stat(f.Handover)
	return err
}

func run(args []string, out, complaints io.Writer) int {
	return kit.Program{Name: "soak", Description: description, Out: out, Complaints: complaints}.Run(args, &flags{})
}

// Run starts the all-in-one, plays against it, and reports. What went wrong keeps the folder for a look.
func (f flags) Run(ctx context.Context, out io.Writer) error {
	folder, err := os.MkdirTemp("", "handover-soak-")
	if err != nil {
		return err
	}
	if f.Handover, err = filepath.Abs(f.Handover); err != nil {
		return err
	}
	s, err := launch(ctx, f, folder)
	if err != nil {
		return fmt.Errorf("%w\nlogs and data: %s", err, folder)
	}
	err = errors.Join(s.play(ctx, f, out), s.process.Stop())
	if err != nil {
		return fmt.Errorf("%w\nlogs and data: %s", err, folder)
	}
	return os.RemoveAll(folder)
}
