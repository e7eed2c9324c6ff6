package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
)

// claim measures what one Claim of due work costs among few and among many sleeping aggregates.
func (b *bench) claim(ctx context.Context) error {
	for _, on := range b.servers {
		err := b.scope(ctx, func() error {
			many, err := b.newSleepers(ctx, on, b.size.many)
			if err != nil {
				return err
			}
			few, err := b.newSleepers(ctx, on, b.size.few)
			if err != nil {
				return err
			}
			return b.measure(ctx, measure.Pair{
				Figure:  fmt.Sprintf("Claim of %d due among %d sleeping, %s", claimed, b.size.many, on.name),
				Against: fmt.Sprintf("the same among %d", b.size.few),
				Lines:   []measure.Line{{Unit: "p50 ms", Goal: measure.AtMost(flat)}, {Unit: "p99 ms"}},
				Product: many.slice, Yardstick: few.slice,
			})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", on.name, err)
		}
	}
	return nil
}

const (
	// claimed is what a worker takes at once, by the kit's default.
	claimed = 8
	// flat leaves room for an index that is a level deeper and no longer in the processor's cache. A cost that grew with
	// the number of rows would be a hundred times as high.
	flat = 1.5
)

// slice makes rows due, claims until there are none, and lays them to sleep again; only the claims count.
func (s *sleepers) slice(ctx context.Context, length time.Duration) ([]float64, error) {
	var took []time.Duration
	for until := (clock.Machine{}).Now().Add(length); (clock.Machine{}).Now() < until; {
		woken, err := s.wake(ctx)
		if err != nil {
			return nil, err
		}
		for left := len(woken); left > 0; {
			began := clock.Machine{}.Now()
			claims, err := s.table.Claim(ctx, claimed, time.Hour)
			if err != nil {
				return nil, err
			}
			took = append(took, clock.Machine{}.Now().Sub(began))
			if left -= len(claims); len(claims) == 0 {
				return nil, fmt.Errorf("%d due rows were not claimed", left)
			}
		}
		if err := s.lull(ctx, woken); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	return []float64{measure.Quantile(took, 0.5), measure.Quantile(took, 0.99)}, nil
}
