package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
)

// chargesEach is how many charges AWS has for a relationship's month.
const chargesEach = 1000

// billing measures a month of several relationships, from AWS's invoices to the reseller's: asking AWS for all charges,
// keeping, rating and comparing them, and issuing; beside it the bare transactions that insert the same charges. A
// slice is a month, whatever its length.
func (b *bench) billing(ctx context.Context) error {
	return b.scope(ctx, func() error {
		on, n := b.mostLikeProduction(), b.size.billed
		at, err := on.fresh(ctx)
		if err != nil {
			return err
		}
		months, err := b.newMonths(ctx, at, n)
		if err != nil {
			return err
		}
		return b.measure(ctx, measure.Pair{
			Figure:  fmt.Sprintf("A month invoiced, %d relationships with %d charges, %s", n, chargesEach, on.name),
			Against: fmt.Sprintf("bare inserts of the charges, %d callers", claimed),
			Lines:   []measure.Line{{Unit: "charges/s"}, {Unit: "s in all"}, {Unit: "CPU ms a relationship"}},
			Product: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				if err := months.use(ctx); err != nil {
					return nil, err
				}
				return months.bill(ctx)
			},
			Yardstick: func(ctx context.Context, _ time.Duration) ([]float64, error) { return months.insert(ctx) },
		})
	})
}

// mostLikeProduction is the database for a figure that is measured on one alone.
func (b *bench) mostLikeProduction() server { return b.servers[len(b.servers)-1] }

// billed makes the values of a slice.
func billed(relationships int, took, cpu time.Duration) []float64 {
	return []float64{
		float64(relationships*chargesEach) / took.Seconds(), took.Seconds(), measure.Milliseconds(cpu) / float64(relationships),
	}
}
