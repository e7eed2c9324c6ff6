package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"example.com/handover/pkg/clock"
)

// flags say how large a run is, and which.
type flags struct {
	N        int    `short:"n" help:"Rounds." default:"200"`
	Seed     uint64 `help:"Seed of every choice; 0: a random one."`
	Only     int    `help:"Play this round alone, to see again what it found."`
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
	if err := f.play(ctx, out); err != nil {
		_, _ = fmt.Fprintln(complaints, "crash:", err)
		return 1
	}
	return 0
}

// roundTimeout is what a round may take. Most need a few seconds.
const roundTimeout = 2 * time.Minute

// play starts the suite, plays the rounds and prints what they showed. It ends at the first round that went wrong.
func (f flags) play(ctx context.Context, out io.Writer) (err error) {
	if f.Seed == 0 {
		f.Seed = uint64(rand.Uint32()) + 1
	}
	_, _ = fmt.Fprintf(out, "crash: %d rounds, seed %d\n", f.N, f.Seed)
	began := clock.Machine{}.Now()
	s, err := open(ctx, f.Handover)
	if err != nil {
		return err
	}
	defer func() { err = s.close(err) }()
	t := newTable()
	for i := 1; i <= f.N; i++ {
		if f.Only != 0 && f.Only != i {
			continue
		}
		r := newRound(f.Seed, i)
		if err := f.one(ctx, s, r); err != nil {
			return fmt.Errorf("round %d, %s: %w\nagain: bin/crash -n %d --seed=%d --only=%d -v", i, r.card, err, f.N, f.Seed, i)
		}
		t.add(r)
		if f.Verbose {
			_, _ = fmt.Fprintln(out, r)
		}
	}
	t.print(out)
	_, _ = fmt.Fprintf(out, "crash ok: %d rounds, %d kills, seed %d, %s\n", t.rounds, t.kills, f.Seed,
		clock.Machine{}.Now().Sub(began).Round(time.Second))
	return nil
}

func (f flags) one(ctx context.Context, s *stage, r *round) error {
	ctx, cancel := context.WithTimeoutCause(ctx, roundTimeout, errors.New("it did not come to its end in time"))
	defer cancel()
	return errors.Join(r.play(ctx, s), context.Cause(ctx))
}
