package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"example.com/handover/deploy/bench/measure"
)

// bench is one run: what it measures with, and what it has measured.
type bench struct {
	folder   string // everything on disk is in it
	plan     measure.Plan
	size     size
	servers  []server
	results  []measure.Result
	temporal string // path of the yardstick's program

	undo     []func(context.Context) error
	storages int
}

// size is how much is put before the measured thing.
type size struct {
	callers      [3]int
	few, many    int       // sleeping aggregates
	listed       [2]int    // orders of which pages are read: few and many
	due          int       // aggregates made due at a time
	ordersAtOnce int       // orders that the whole suite works off in one slice
	billed       int       // relationships, in one slice
	mailsAtOnce  int       // in one slice
	eventsAtOnce int       // in one slice
	waiting      []waiting // transfers that wait for their customers
}

// full is what a run measures with; so many transfers wait for their customers.
func full(transfers int) size {
	return size{
		callers: callers(), few: 10_000, many: 1_000_000, listed: [2]int{1_000, 100_000}, due: 400,
		ordersAtOnce: 100, billed: 10, mailsAtOnce: 400, eventsAtOnce: 4000,
		waiting: []waiting{{open: 100, payers: 1, further: true}, {open: transfers, payers: 1}, {open: transfers, payers: 5}},
	}
}

func quick() size {
	return size{
		callers: [3]int{1, 4, 8}, few: 1_000, many: 20_000, listed: [2]int{1_000, 4_000}, due: 40,
		ordersAtOnce: 10, billed: 2, mailsAtOnce: 20, eventsAtOnce: 200,
		waiting: []waiting{{open: 4, payers: 2}},
	}
}

func callers() [3]int { return [3]int{1, 8, 64} }

// measure runs a pair and keeps what it gave. Progress goes to standard error: the table is the output.
func (b *bench) measure(ctx context.Context, p measure.Pair) error {
	_, _ = fmt.Fprintf(os.Stderr, "bench: %s\n", p.Figure)
	results, err := p.Run(ctx, b.plan)
	b.results = append(b.results, results...)
	return err
}

// defers keeps what undoes something that was opened, until the end of the run or of its [bench.scope].
func (b *bench) defers(f func(context.Context) error) { b.undo = append(b.undo, f) }

// scope closes afterwards what do has opened, so that nothing of one figure runs beside the next.
func (b *bench) scope(ctx context.Context, do func() error) error {
	outer := b.undo
	b.undo = nil
	err := do()
	err = errors.Join(err, b.close(ctx))
	b.undo = outer
	return err
}

// close undoes in reverse order, also when the run was interrupted.
func (b *bench) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var failed []error
	for _, f := range slices.Backward(b.undo) {
		failed = append(failed, f(ctx))
	}
	b.undo = nil
	return errors.Join(failed...)
}
