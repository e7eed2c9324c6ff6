package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// months bills one month after the other.
type months struct {
	*suite
	db       *sql.DB  // of the billing service, for what is measured and for the yardstick
	accounts []string // one for each relationship
	now      calendar.Month
	usage    []*sandboxv1.UsageLine // of a month of each
}

func (b *bench) newMonths(ctx context.Context, at place, relationships int) (*months, error) {
	s, err := b.newSuite(ctx, at)
	if err != nil {
		return nil, err
	}
	m := &months{suite: s, now: calendar.MonthOf(begun()).Next()}
	for i := range chargesEach {
		m.usage = append(m.usage, &sandboxv1.UsageLine{
			Service: fmt.Sprintf("Amazon Service %04d", i+1), UsageType: "EUC1-Requests", Region: "eu-central-1", Amount: fmt.Sprintf("%d.%06d", i%17, 7*i+3),
		})
	}
	if err := s.prices(ctx); err != nil {
		return nil, err
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

// prices gives the seller its pricebook.
func (s *suite) prices(ctx context.Context) error {
	from := monthOf(calendar.MonthOf(begun()))
	_, err := billingv1.NewPricebookServiceClient(s.conn).CreatePricebook(s.operates(ctx), &billingv1.CreatePricebookRequest{Pricebook: &billingv1.Pricebook{
		SellerId: s.sellerID, DisplayName: "Standard prices", CurrencyCode: "EUR", Standard: true,
		Rules:         []*billingv1.PriceRule{{Category: billingv1.ChargeCategory_CHARGE_CATEGORY_USAGE, Percent: "-3", FromMonth: from}},
		ExchangeRates: []*billingv1.ExchangeRate{{SourceCurrencyCode: "USD", Rate: "0.9215", FromMonth: from}},
	}})
	if err != nil {
		return fmt.Errorf("create the pricebook: %w", err)
	}
	return nil
}

// use lets everybody use AWS, the month pass, and AWS issue its invoices.
func (m *months) use(ctx context.Context) error {
	month := monthOf(m.now)
	for _, account := range m.accounts {
		_, err := m.world.RecordUsage(m.operates(ctx), &sandboxv1.RecordUsageRequest{AccountId: account, Month: month, Lines: m.usage})
		if err != nil {
			return fmt.Errorf("use AWS: %w", err)
		}
	}
	m.now = m.now.Next()
	if err := m.pass(ctx, m.now.Start()); err != nil {
		return err
	}
	_, err := m.world.CloseMonth(m.operates(ctx), &sandboxv1.CloseMonthRequest{AccountId: payerAccount, Month: month})
	if err != nil {
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

func monthOf(m calendar.Month) *typev1.Month {
	return &typev1.Month{Year: int32(m.Year), Month: int32(m.Month)}
}
