package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands are what this program does.
type commands struct {
	Run  flags       `cmd:"" default:"withargs" help:"Play rounds."`
	NATS natsCommand `cmd:"" name:"nats" hidden:"" help:"Be the NATS server of a round."`
}

// flags say how large a run is, and which.
type flags struct {
	N        int    `short:"n" help:"Rounds." default:"200"`
	Seed     uint64 `help:"Seed of every choice; 0: a random one."`
	Shape    shape  `help:"together: one process on SQLite; separate: one for each service, on PostgreSQL; both." default:"both" enum:"together,separate,both"`
	Only     int    `help:"Play this round alone, to see again what it found."`
	Parallel int    `help:"Rounds played at the same time." default:"2"`
	Verbose  bool   `short:"v" help:"Print every round."`
	Handover string `help:"Path of the all-in-one's binary." default:"bin/handover" type:"existingfile"`
}

// Run plays rounds.
func (f flags) Run(ctx context.Context, out io.Writer) error {
	if f.Seed == 0 {
		f.Seed = uint64(rand.Uint32()) + 1
	}
	r, err := newRunner(f, out)
	if err != nil {
		return err
	}
	return r.play(ctx)
}

func run(args []string, out, complaints io.Writer) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	parser, err := kong.New(&commands{}, kong.Name("crash"), kong.Writers(out, complaints), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)))
	var parsed *kong.Context
	if err == nil {
		parsed, err = parser.Parse(args)
	}
	if err != nil {
		_, _ = fmt.Fprintln(complaints, "crash:", err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		_, _ = fmt.Fprintln(complaints, "crash:", err)
		return 1
	}
	return 0
}
