package main

import (
	"context"
	"fmt"
	"io"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/errs"
)

// companions are how many other orders are under way where a life is struck.
const companions = 2

// company are lives beside the one that is compared: others that order, submit and are rejected while it is struck. As they
// share the business clock with it, how far they come is not always the same; what must never be is looked for in them as well.
type company struct {
	lives []*journey.Life
	ended chan error
}

// begin lets the others begin.
func (c *company) begin(ctx context.Context, f *fixture) error {
	for range companions {
		l, err := f.reseller.Another(ctx, io.Discard)
		if err != nil {
			return err
		}
		c.lives = append(c.lives, l)
		go func() {
			err := named("rejected at once").play(l, func(int) error { return nil })
			if errs.ReasonOf(err) == "STATE_REFUSES" { // time passed meanwhile, and the order has ended by itself
				err = nil
			}
			c.ended <- err
		}()
	}
	return nil
}

// wait returns when they have come to their end.
func (c *company) wait() error {
	for range c.lives {
		if err := <-c.ended; err != nil {
			return fmt.Errorf("another life: %w", err)
		}
	}
	return nil
}

// check looks for what must never be.
func (c *company) check(ctx context.Context, f *fixture, forgiven int) error {
	for _, l := range c.lives {
		e, err := l.Evidence()
		if err == nil {
			err = f.checkInvariants(ctx, e, forgiven, false)
		}
		if err != nil {
			return fmt.Errorf("another life: %w", err)
		}
	}
	return nil
}
