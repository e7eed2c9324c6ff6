package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"example.com/handover/deploy/bench/measure"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// looks measures how often AWS is asked on a day on which nothing happens there: so many customers have an invitation and do
// nothing, under one payer and under several, and the first day, on which each invitation is looked at by itself, is over. Some
// go on: the service term is sent and nobody accepts it, then the role is missing, then all is done. It is counted once, because
// time has no part in it.
func (b *bench) looks(ctx context.Context) error {
	for _, of := range b.size.waiting {
		if err := b.scope(ctx, func() error { return b.looksAt(ctx, of) }); err != nil {
			return err
		}
	}
	return nil
}

// waiting is a number of open transfers, under a number of payers.
type waiting struct {
	open, payers int
	further      bool // they do not stay at the invitation
}

func (w waiting) String() string {
	if w.payers == 1 {
		return fmt.Sprintf("%d transfers, 1 payer", w.open)
	}
	return fmt.Sprintf("%d transfers, %d payers", w.open, w.payers)
}

func (b *bench) looksAt(ctx context.Context, w waiting) error {
	at, err := b.newFolder()
	if err != nil {
		return err
	}
	s, err := b.newSuiteOf(ctx, at, withPayers(w.payers))
	if err != nil {
		return err
	}
	s.clock.Timeout = longSettleTimeout
	all, err := s.invited(ctx, w)
	if err != nil {
		return err
	}
	// A list has twenty transfers, six times a day, and each transfer is asked for by itself once a week.
	if err := b.quiet(ctx, s, "invited", w, 1, measure.NoMoreThan(0.5*float64(w.open))); err != nil || !w.further {
		return err
	}
	for _, next := range []struct {
		state string
		act   func(context.Context, order) error
		days  int
		most  float64 // calls a day for each: a list of terms has a hundred, and a role is looked for once a day, bound once a week
	}{{"term sent", s.acceptTransfer, 1, 0.5}, {"role missing", s.acceptTerm, 1, 1.5}, {"bound", s.deployRole, 7, 1.5}} {
		if err := s.clicked(ctx, all, next.act); err != nil {
			return err
		}
		if err := b.quiet(ctx, s, next.state, w, next.days, measure.NoMoreThan(next.most*float64(w.open))); err != nil {
			return err
		}
	}
	return nil
}

// longSettleTimeout is the longest that a clock waits at one instant, at which ten thousand transfers may be due.
const longSettleTimeout = 10 * time.Minute

// invited submits the orders, a few at a time, and waits until each customer has its invitation.
func (s *suite) invited(ctx context.Context, w waiting) (all []order, err error) {
	payers, err := s.payers(ctx, w.payers)
	if err != nil {
		return nil, err
	}
	const atOnce = 100
	for len(all) < w.open {
		s.payerID = payers[len(all)/atOnce%len(payers)]
		some, err := s.drafts(ctx, min(atOnce, w.open-len(all)))
		if err != nil {
			return nil, err
		}
		if err := s.submitAll(ctx, some); err != nil {
			return nil, err
		}
		if err := s.settled(ctx); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

const day = 24 * time.Hour

// quiet lets two days pass, on which everything is looked at more often, then some more, and counts what AWS sees on one of those:
// in all, for each transfer, and by operation.
func (b *bench) quiet(ctx context.Context, s *suite, state string, w waiting, days int, goal *measure.Goal) error {
	began, err := s.clock.Now(ctx)
	if err != nil {
		return err
	}
	counted := began.Add(2 * day)
	if err := s.pass(ctx, counted.Add(time.Duration(days)*day)); err != nil {
		return err
	}
	calls, err := s.aws.Calls(ctx, "")
	if err != nil {
		return err
	}
	of := askedSince(counted, calls)
	if len(of) == 0 {
		return fmt.Errorf("AWS has seen no call for %s", w)
	}
	total := 0
	for _, n := range of {
		total += n
	}
	figure := fmt.Sprintf("AWS asked, %s, %s", w, state)
	keep := func(unit string, goal *measure.Goal, n float64) {
		b.results = append(b.results, measure.Alone(figure, measure.Line{Unit: unit, Goal: goal}, n/float64(days)))
	}
	keep("calls a day", goal, float64(total))
	keep("a day for each", nil, float64(total)/float64(w.open))
	for _, operation := range slices.Sorted(maps.Keys(of)) {
		keep(operation, nil, float64(of[operation]))
	}
	return nil
}

// askedSince counts the calls from a time on, by operation.
func askedSince(since time.Time, calls []*sandboxv1.AwsCall) map[string]int {
	of := map[string]int{}
	for _, c := range calls {
		if !c.GetBusinessTime().AsTime().Before(since) {
			of[c.GetOperation()]++
		}
	}
	return of
}
