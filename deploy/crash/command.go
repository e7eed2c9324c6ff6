package main

import (
	"context"
	"io"
	"math/rand/v2"

	"example.com/handover/pkg/kit"
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
	return kit.Program{Name: "crash", Out: out, Complaints: complaints}.Run(args, &commands{})
}
