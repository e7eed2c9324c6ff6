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

// flags say how large a run is, and which.
type flags struct {
	N        int    `short:"n" help:"Rounds." default:"200"`
	Seed     uint64 `help:"Seed of every choice; 0: a random one."`
	Only     int    `help:"Play this round alone, to see again what it found."`
	Parallel int    `help:"Rounds played at the same time." default:"2"`
	Verbose  bool   `short:"v" help:"Print every round."`
	Handover string `help:"Path of the all-in-one's binary." default:"bin/handover" type:"existingfile"`
}

func run(args []string, out, complaints io.Writer) int {
	var f flags
	parser, err := kong.New(&f, kong.Name("crash"), kong.Writers(out, complaints), kong.UsageOnError())
	if err == nil {
		_, err = parser.Parse(args)
	}
	if err != nil {
		_, _ = fmt.Fprintln(complaints, "crash:", err)
		return 2
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	if f.Seed == 0 {
		f.Seed = uint64(rand.Uint32()) + 1
	}
	s, err := newRunner(f, out)
	if err == nil {
		err = s.play(ctx)
	}
	if err != nil {
		_, _ = fmt.Fprintln(complaints, "crash:", err)
		return 1
	}
	return 0
}
