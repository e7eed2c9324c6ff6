package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"example.com/handover/deploy/bench/measure"
)

// stepsEach is how many steps a transfer of the shipped template has, and a workflow of the yardstick.
const stepsEach = 10

// steps measures transfers of ten steps, from the order to the end, beside workflows of ten activities on Temporal's own server: on
// the same PostgreSQL, with calls to the same simulated AWS, and what is to be called and what came of it kept for each step.
func (b *bench) steps(ctx context.Context) error {
	if len(b.servers) == 1 {
		_, _ = fmt.Fprintln(os.Stderr, "bench: steps: left out, for both sides need PostgreSQL")
		return nil
	}
	return b.scope(ctx, func() error {
		debug.FreeOSMemory() // of the figures before
		on := b.mostLikeProduction()
		suite, err := b.newTransferrer(ctx, on)
		if err != nil {
			return err
		}
		yardstick, err := b.newTemporal(ctx, on, suite.endpoint)
		if err != nil {
			return err
		}
		for _, callers := range b.size.callers {
			product, workflows := newBatch(callers), newBatch(callers)
			err := b.measure(ctx, measure.Pair{
				Figure: fmt.Sprintf("Ten-step transfers, %s, %d callers", on.name, callers), Against: "ten activities on Temporal's server",
				Lines: stepLines(callers),
				Product: func(ctx context.Context, length time.Duration) ([]float64, error) {
					return product.keep(suite.slice(ctx, product.size(length), callers))
				},
				Yardstick: func(ctx context.Context, length time.Duration) ([]float64, error) {
					return workflows.keep(yardstick.slice(ctx, suite, workflows.size(length), callers))
				},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// stepLines judge how long a transfer takes where nobody else has one.
func stepLines(callers int) []measure.Line {
	p50 := measure.Line{Unit: "p50 ms"}
	if callers == 1 {
		p50.Goal = measure.Below(50)
	}
	return []measure.Line{
		{Unit: "steps/s", Goal: measure.AtLeast(20)},
		p50,
		{Unit: "p99 ms"},
		{Unit: "CPU ms each"},
		{Unit: "MB resident", Goal: measure.AtMost(0.2)},
		{Unit: "calls to AWS each"},
	}
}

// played is what a slice of either side gave: transfers a second, milliseconds, megabytes, and the calls of one transfer.
type played struct{ rate, p50, p99, cpu, resident, calls float64 }

func playedBy(l measure.Load, resident, calls float64) played {
	return played{l.Rate(), l.Quantile(0.5), l.Quantile(0.99), l.CPUPerCall(), resident, calls}
}

// batch turns the length of a slice into a number of transfers, by the rate of the slice before.
type batch struct {
	callers int
	rate    float64
}

func newBatch(callers int) *batch { return &batch{callers: callers, rate: 4} }

// size lets every caller have two of them at least.
func (b *batch) size(length time.Duration) int { return max(int(b.rate*length.Seconds()), 2*b.callers) }

// keep remembers the rate and makes the values of a slice.
func (b *batch) keep(p played, err error) ([]float64, error) {
	if err == nil && p.calls < 1 {
		err = errors.New("AWS was not called")
	}
	b.rate = p.rate
	return []float64{p.rate * stepsEach, p.p50, p.p99, p.cpu, p.resident, p.calls}, err
}
