package state

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// Closing says that somebody closed a payer's month before it closed by itself. Its invoices are of that instant.
type Closing struct {
	Payer    string
	Month    calendar.Month
	ClosedAt time.Time
}

func (c Closing) key() string       { return Bill(c.Payer, c.Month) }
func (c Closing) since() time.Time  { return c.ClosedAt }
func (c Closing) parties() []string { return []string{c.Payer} }

// PaymentCurrency is what an account pays its invoices in from a time on. The newest one before an invoice counts.
type PaymentCurrency struct {
	Account  string
	Currency string // ISO 4217
	Rate     string // units of the currency for one US dollar, a plain decimal
	SetAt    time.Time
}

func (p PaymentCurrency) key() string       { return p.Account + " " + p.SetAt.Format(time.RFC3339Nano) }
func (p PaymentCurrency) since() time.Time  { return p.SetAt }
func (p PaymentCurrency) parties() []string { return []string{p.Account} }

// Adjustment makes an invoice differ from the usage that it is for.
type Adjustment struct {
	Invoice    string
	Total      string // in US dollars, tax included: a plain decimal
	AdjustedAt time.Time
}

func (a Adjustment) key() string       { return a.Invoice }
func (a Adjustment) since() time.Time  { return a.AdjustedAt }
func (a Adjustment) parties() []string { return nil }
