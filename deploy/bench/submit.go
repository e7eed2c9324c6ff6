package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/services/orders"
)

// submit measures SubmitOrder over gRPC against the bare transaction of the same statements.
func (b *bench) submit(ctx context.Context) error {
	for _, on := range b.servers {
		if err := b.scope(ctx, func() error { return b.submitOn(ctx, on) }); err != nil {
			return fmt.Errorf("%s: %w", on.name, err)
		}
	}
	return nil
}

func (b *bench) submitOn(ctx context.Context, on server) error {
	suite, err := b.newSubmitter(ctx, on)
	if err != nil {
		return err
	}
	yardstick, err := b.newBare(ctx, on)
	if err != nil {
		return err
	}
	for _, callers := range b.size.callers {
		product, bare := newPace(), newPace()
		err := b.measure(ctx, measure.Pair{
			Figure: fmt.Sprintf("SubmitOrder, %s, %d callers", on.name, callers), Against: "bare transaction",
			Lines: []measure.Line{
				{Unit: "submits/s", Goal: measure.AtLeast(0.6)}, {Unit: "p50 ms"}, {Unit: "p99 ms"}, {Unit: "CPU ms each"},
			},
			Product: func(ctx context.Context, length time.Duration) ([]float64, error) {
				load, err := suite.slice(ctx, product.calls(length), callers)
				return product.keep(load), err
			},
			Yardstick: func(ctx context.Context, length time.Duration) ([]float64, error) {
				load, err := yardstick.slice(ctx, bare.calls(length), callers)
				return bare.keep(load), err
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// submitter is the orders service alone, and drafts for it.
type submitter struct {
	*fixture
	drafts *drafts
}

func (b *bench) newSubmitter(ctx context.Context, on server) (*submitter, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	s, err := b.ordersAlone(ctx, at)
	if err != nil {
		return nil, err
	}
	db, err := at.raw("orders")
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return db.Close() })
	d, err := newDrafts(ctx, s, db)
	return &submitter{s, d}, err
}

// ordersAlone hosts the orders service with its relay and nobody else: its peer's address is dead, so that no event
// reaches it. Its reconciler must not ask that peer again and again, for that would be measured: the business clock
// stands [beforeEverything]. What a call executes is the same.
func (b *bench) ordersAlone(ctx context.Context, at storage) (*fixture, error) {
	c, err := at.config(beforeEverything(), "")
	if err != nil {
		return nil, err
	}
	c.Platform.Peers = map[string]string{"accounttransfer": nobody}
	p, err := b.start(ctx, c, orders.Service())
	if err != nil {
		return nil, err
	}
	s, err := p.set(ctx)
	if err != nil {
		return nil, err
	}
	return s, s.sells(ctx)
}

// nobody listens at this address.
const nobody = "127.0.0.1:1"

// slice submits n drafts, which are made before the time begins.
func (s *submitter) slice(ctx context.Context, n, callers int) (measure.Load, error) {
	ready, err := s.drafts.make(ctx, n)
	if err != nil {
		return measure.Load{}, err
	}
	return measure.Times(ctx, n, callers, func(ctx context.Context, i int) error { return s.submit(ctx, ready[i].id) })
}

// slice is the same without the suite.
func (b *bare) slice(ctx context.Context, n, callers int) (measure.Load, error) {
	ready, err := b.drafts.make(ctx, n)
	if err != nil {
		return measure.Load{}, err
	}
	args := b.arguments(ready)
	return measure.Times(ctx, n, callers, func(ctx context.Context, i int) error { return b.submit(ctx, args[i]) })
}

// pace turns the length of a slice into a number of calls, by the rate of the slice before.
type pace struct{ rate float64 }

func newPace() *pace { return &pace{rate: 400} }

func (p *pace) calls(length time.Duration) int { return max(int(p.rate*length.Seconds()), 50) }

// keep remembers the rate and makes the values of a slice.
func (p *pace) keep(l measure.Load) []float64 {
	p.rate = l.Rate()
	return []float64{l.Rate(), l.Quantile(0.5), l.Quantile(0.99), l.CPUPerCall()}
}
