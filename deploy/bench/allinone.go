package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// suite is the all-in-one: every service and the simulated outside.
type suite struct {
	*fixture
	listeners config.Listeners
	aws       actors.AWS
	clock     actors.Clock
}

func (b *bench) newSuite(ctx context.Context, at storage) (*suite, error) {
	return b.newSuiteOf(ctx, at, invoicedAtOnce)
}

// newSuiteOf hosts the all-in-one as configured for its listeners.
func (b *bench) newSuiteOf(ctx context.Context, at storage, sections func(config.Listeners) string) (*suite, error) {
	listeners, err := config.FreeListeners()
	if err != nil {
		return nil, err
	}
	c, err := at.config(begun(), sections(listeners))
	if err != nil {
		return nil, err
	}
	p, err := b.start(ctx, c, orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(),
		notifications.Service(), gateway.Service(), sandbox.Service())
	if err != nil {
		return nil, err
	}
	s, err := p.set(ctx)
	if err != nil {
		return nil, err
	}
	if s.payerID, err = s.operator.CreatePayer(ctx, s.sellerID); err != nil {
		return nil, fmt.Errorf("create payer: %w", err)
	}
	return &suite{
		fixture: s, listeners: listeners, aws: actors.AWS{Person: s.operator.Person},
		clock: actors.Clock{Person: s.operator.Person, Timeout: settleTimeout},
	}, nil
}

// begun is when the business time of an all-in-one begins: a customer who accepts now is billed from March on.
func begun() time.Time { return time.Date(2026, time.February, 19, 9, 0, 0, 0, time.UTC) }

// asShipped configures the all-in-one with the shipped dates.
func asShipped(listeners config.Listeners) string { return listeners.Sections("1s") }

// invoicedAtOnce configures the all-in-one. A month is invoiced at the first look, a minute after its end, because what is
// measured is one look.
func invoicedAtOnce(listeners config.Listeners) string {
	return strings.Replace(listeners.Sections("1s"), "  billing:\n", "  billing:\n    gate_day: 1\n    first_look: 1m\n", 1)
}

// pass lets business time pass until an instant, with everything that becomes due on the way.
func (s *suite) pass(ctx context.Context, to time.Time) error {
	_, err := s.clock.AdvanceTo(ctx, to)
	return err
}

// idle waits until no service has anything left to do.
func (s *suite) idle(ctx context.Context) error { return s.clock.Settle(ctx) }
