package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// months bills one month after the other.
type months struct {
	*suite
	db       *sql.DB  // of the billing service, for what is measured and for the yardstick
	accounts []string // one for each relationship
	now      calendar.Month
	usage    []*sandboxv1.UsageLine // of a month of each
}

func (b *bench) newMonths(ctx context.Context, at storage, relationships int) (*months, error) {
	s, err := b.newSuite(ctx, at)
	if err != nil {
		return nil, err
	}
	m := &months{suite: s, now: calendar.MonthOf(begun()).Next()}
	for i := range chargesEach {
		m.usage = append(m.usage, &sandboxv1.UsageLine{
			Service: fmt.Sprintf("Amazon Service %04d", i+1), UsageType: "EUC1-Requests", Region: "eu-central-1",
			Amount: fmt.Sprintf("%d.%06d", i%17, 7*i+3),
		})
	}
	if err := s.operator.CreatePricebook(ctx, s.sellerID, actors.Prices{Usage: "-3", Rate: "0.9215"}); err != nil {
		return nil, fmt.Errorf("create the pricebook: %w", err)
	}
	if m.accounts, err = s.live(ctx, relationships); err != nil {
		return nil, err
	}
	if m.db, err = at.raw("billing"); err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return m.db.Close() })
	return m, nil
}

// use lets everybody use AWS, the month pass, and AWS issue its invoices.
func (m *months) use(ctx context.Context) error {
	month := m.now
	for _, account := range m.accounts {
		if err := m.aws.RecordUsage(ctx, account, month, m.usage...); err != nil {
			return fmt.Errorf("use AWS: %w", err)
		}
	}
	m.now = m.now.Next()
	if err := m.pass(ctx, m.now.Start()); err != nil {
		return err
	}
	if _, err := m.aws.CloseMonth(ctx, month); err != nil {
		return fmt.Errorf("close the month at AWS: %w", err)
	}
	return nil
}

// bill lets the suite look. The time ends with the commit of the last invoice; documents and mails, which follow, are in
// the processor's time.
func (m *months) bill(ctx context.Context) ([]float64, error) {
	began := clock.Machine{}.Now()
	cpu, err := measure.CPUOf(func() error { return m.pass(ctx, m.now.Start().Add(time.Minute)) })
	if err != nil {
		return nil, err
	}
	var invoices int
	var last clock.Instant
	err = m.db.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(MAX(recorded_at), 0) FROM events WHERE kind = 'invoice' AND name = 'issued' "+
		"AND recorded_at >= $1", int64(began)).Scan(&invoices, &last)
	if err != nil {
		return nil, fmt.Errorf("read when the invoices were issued: %w", err)
	}
	if invoices != len(m.accounts) {
		return nil, fmt.Errorf("%d invoices were issued, not %d", invoices, len(m.accounts))
	}
	return billed(invoices, last.Sub(began), cpu), nil
}
