package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
)

// looks measures how often AWS is asked on a day on which nothing happens there: so many customers have an invitation
// and do nothing, and the first day, on which each invitation is looked at by itself, is over. It is counted once,
// because time has no part in it.
func (b *bench) looks(ctx context.Context) error {
	for _, open := range b.size.waiting {
		if err := b.scope(ctx, func() error { return b.looksFor(ctx, open) }); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) looksFor(ctx context.Context, open int) error {
	at, err := b.newFolder()
	if err != nil {
		return err
	}
	s, err := b.newSuiteOf(ctx, at, asShipped)
	if err != nil {
		return err
	}
	orders, err := s.drafts(ctx, open)
	if err != nil {
		return err
	}
	if err := s.submitAll(ctx, orders); err != nil {
		return err
	}
	if err := s.settled(ctx); err != nil {
		return err
	}
	const day = 24 * time.Hour
	var seen [2]int64
	for i := range seen {
		if err := s.pass(ctx, begun().Add(time.Duration(2+i)*day)); err != nil {
			return err
		}
		calls, err := s.aws.Calls(ctx, "")
		if err != nil {
			return err
		}
		if len(calls) == 0 {
			return fmt.Errorf("AWS has seen no call for %d transfers", open)
		}
		seen[i] = calls[len(calls)-1].GetSequence()
	}
	// A list has twenty transfers, six times a day, and each transfer is asked for by itself once a week.
	line := measure.Line{Unit: "calls a day", Goal: measure.NoMoreThan(0.5 * float64(open))}
	b.results = append(b.results, measure.Alone(fmt.Sprintf("AWS asked, %d open transfers", open), line, float64(seen[1]-seen[0])))
	return nil
}
