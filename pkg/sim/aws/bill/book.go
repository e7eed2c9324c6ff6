// Package bill is how AWS bills: who pays for an organization in a month, when the month closes, which invoices that
// leads to, and through which billing views a payer sees the costs. Everything here is read off the recorded usage and
// the clock; nothing has to run for a month to close.
//
// It owns no operation: Cost Explorer, Billing and Invoicing show what is here in their own shapes.
package bill

import (
	"cmp"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/state"
)

// Settings are when months close and how long pages are. The zero value of each is AWS's own, or near to it.
type Settings struct {
	ClosesAfter   time.Duration // from a month's end on, in business time; zero: 6 hours
	CostGroups    int           // groups on a page of Cost Explorer; zero: 100
	Invoices      int           // summaries on a page of Invoicing, at most; zero: 100
	Views         int           // billing views on a page, at most; zero: 100
	BillingGroups int           // on a page of Billing Conductor, at most; zero: 100
}

const pageSize = 100

// WithDefaults fills in what is zero.
func (s Settings) WithDefaults() Settings {
	s.ClosesAfter = cmp.Or(s.ClosesAfter, 6*time.Hour)
	s.CostGroups = cmp.Or(s.CostGroups, pageSize)
	s.Invoices = cmp.Or(s.Invoices, pageSize)
	s.Views = cmp.Or(s.Views, pageSize)
	s.BillingGroups = cmp.Or(s.BillingGroups, pageSize)
	return s
}

// Book is one look at everybody's bills.
type Book struct {
	tx       *state.Tx
	settings Settings
}

// Open returns the book as it stands in a transaction.
func Open(tx *state.Tx, s Settings) Book { return Book{tx, s.WithDefaults()} }

// Payer returns who pays for an organization in a month: whoever its billing is transferred to, or else its own
// management account.
func (b Book) Payer(source string, m calendar.Month) string {
	for _, t := range b.tx.Transfers.Of(source) {
		if t.Source == source && t.Covers(m) {
			return t.Target
		}
	}
	return source
}

// ClosedAt returns when a payer's month was closed, its invoices being of that instant; false while it is open.
func (b Book) ClosedAt(payer string, m calendar.Month) (time.Time, bool) {
	if c, ok := b.tx.Closings.Get(state.Bill(payer, m)); ok {
		return c.ClosedAt, true
	}
	at := m.Next().Start().Add(b.settings.ClosesAfter)
	return at, !b.tx.Now().Before(at)
}

// sources returns the organizations that an account has paid for in any month, itself first.
func (b Book) sources(payer string) []string {
	all := []string{payer}
	seen := map[string]bool{payer: true}
	for _, t := range b.tx.Transfers.Of(payer) {
		if t.Target == payer && t.Agreed() && !seen[t.Source] {
			seen[t.Source] = true
			all = append(all, t.Source)
		}
	}
	return all
}
