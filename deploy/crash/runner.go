package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
)

// roundTimeout ends a round that hangs. Most need some seconds, and minutes beside other work.
const roundTimeout = 10 * time.Minute

// runner plays rounds side by side: most of a round is waiting until what a killed process had claimed is free again.
type runner struct {
	flags
	launcher  *launcher
	deck      deck
	separate  bool // there are rounds of that shape
	baselines *baselines

	mu    sync.Mutex // of what follows
	out   io.Writer
	table *table
	next  int
	wrong error // the first round that went wrong ends the run
}

func newRunner(f flags, out io.Writer) (*runner, error) {
	l, err := newLauncher(f.Handover)
	if err != nil {
		return nil, err
	}
	r := &runner{flags: f, launcher: l, baselines: newBaselines(l), out: out, table: newTable()}
	shapes := []shape{f.Shape}
	if f.Shape == both {
		shapes = []shape{together, separate}
		if installed() == "" {
			shapes = shapes[:1]
			_, _ = fmt.Fprintln(out, "crash: PostgreSQL is not installed: the rounds of separate processes are left out")
		}
	}
	r.deck, r.separate = newDeck(shapes...), slices.Contains(shapes, separate)
	return r, nil
}

// play plays the rounds and prints what they showed.
func (r *runner) play(ctx context.Context) error {
	_, _ = fmt.Fprintf(r.out, "crash: %d rounds, seed %d\n", r.N, r.Seed)
	began := clock.Machine{}.Now()
	if r.separate {
		if err := r.launcher.postgres.prepare(ctx); err != nil {
			return err
		}
		defer func() { _ = r.launcher.postgres.remove() }() // what stays is seen in the temporary folder
	}
	rounds, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	for range max(1, r.Parallel) {
		all.Go(func() {
			for one := r.choose(rounds); one != nil; one = r.choose(rounds) {
				if !r.record(one, r.one(rounds, one)) {
					cancel()
				}
			}
		})
	}
	all.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // called off
	case r.wrong != nil:
		return r.wrong
	}
	r.table.show(r.out)
	if err := r.table.judge(); err != nil {
		return fmt.Errorf("%w\nagain: bin/crash -n %d --seed=%d --shape=%s -v", err, r.N, r.Seed, r.Shape)
	}
	_, _ = fmt.Fprintf(r.out, "crash ok: %d rounds, %d kills, seed %d, %s\n", r.table.rounds, r.table.ends, r.Seed,
		clock.Machine{}.Now().Sub(began).Round(time.Second))
	return nil
}

// choose returns the next round; nil after the last.
func (r *runner) choose(ctx context.Context) *round {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next++; r.Only != 0 {
		r.next = max(r.next, r.Only)
	}
	if ctx.Err() != nil || r.next > r.N || r.Only != 0 && r.next > r.Only {
		return nil
	}
	return r.deck.round(r.Seed, r.next)
}

// record keeps what a round showed, and reports whether the run goes on.
func (r *runner) record(one *round, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.wrong != nil:
		return false // what ends because another round went wrong says nothing
	case err != nil:
		r.wrong = fmt.Errorf(
			"round %d, %s%s: %w\nended: %s\nagain: bin/crash -n %d --seed=%d --shape=%s --only=%d -v",
			one.number, one.killCase, one.at(), err, &one.progress, r.N, r.Seed, r.Shape, one.number,
		)
		return false
	}
	r.table.add(one)
	if r.Verbose {
		_, _ = fmt.Fprintln(r.out, one)
	}
	return true
}

// one plays a round with a fixture of its own.
func (r *runner) one(ctx context.Context, one *round) (err error) {
	b, err := r.baselines.of(ctx, one.scenario)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, roundTimeout, errors.New("it did not come to its end in time"))
	defer cancel()
	began := clock.Machine{}.Now()
	f, err := r.launcher.open(ctx, one.plan(time.Duration(r.baselines.quickest.Load())))
	if err != nil {
		return err
	}
	defer func() {
		err = f.close(errors.Join(err, context.Cause(ctx)))
		if errors.Is(ctx.Err(), context.Canceled) {
			err = errors.Join(err, os.RemoveAll(f.folder)) // it was called off: there is nothing to look at
		}
		one.took = clock.Machine{}.Now().Sub(began)
	}()
	return one.play(ctx, f, b)
}
