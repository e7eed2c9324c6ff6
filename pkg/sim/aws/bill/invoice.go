package bill

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/state"
)

// InvoicingEntity is who writes the invoices.
const InvoicingEntity = "Amazon Web Services, Inc."

// dueAfter is how long a payer has.
const dueAfter = 30 * 24 * time.Hour

// Invoice is what a payer owes for one organization and month, to AWS or to the marketplace.
type Invoice struct {
	ID       string
	Payer    string
	Source   string // management account of the organization; the payer itself for its own
	Month    calendar.Month
	Entity   string // state.BilledByAWS or state.BilledByMarketplace
	IssuedAt time.Time
	DueAt    time.Time
	Base     Amounts // in US dollars
	Payment  Amounts // in what the payer pays in
	Rate     string  // from base to payment
}

// Invoices returns the invoices of a payer's month, none while it is open. An organization without usage gets none.
func (b Book) Invoices(payer string, m calendar.Month) ([]Invoice, error) {
	issued, closed := b.ClosedAt(payer, m)
	if !closed {
		return nil, nil
	}
	var out []Invoice
	for _, source := range b.sources(payer) {
		if b.Payer(source, m) != payer {
			continue
		}
		usage := b.tx.Usage.Of(state.Bill(source, m))
		for _, entity := range []string{state.BilledByAWS, state.BilledByMarketplace} {
			lines := slices.DeleteFunc(slices.Clone(usage), func(u state.Usage) bool { return u.BillingEntity != entity })
			if len(lines) == 0 {
				continue
			}
			i := Invoice{Payer: payer, Source: source, Month: m, Entity: entity, IssuedAt: issued, DueAt: issued.Add(dueAfter)}
			if err := b.fill(&i, lines); err != nil {
				return nil, err
			}
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b Invoice) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// AllInvoices returns the invoices of all of a payer's months.
func (b Book) AllInvoices(payer string) ([]Invoice, error) {
	months := map[calendar.Month]bool{}
	for _, source := range b.sources(payer) {
		for _, u := range b.tx.Usage.Of(source) {
			months[u.Month] = true
		}
	}
	var all []Invoice
	for m := range months {
		invoices, err := b.Invoices(payer, m)
		if err != nil {
			return nil, err
		}
		all = append(all, invoices...)
	}
	slices.SortFunc(all, func(a, b Invoice) int {
		return cmp.Or(a.IssuedAt.Compare(b.IssuedAt), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Invoice returns the one of that id, whoever pays it.
func (b Book) Invoice(id string) (Invoice, bool, error) {
	payers := map[string]bool{}
	for _, u := range b.tx.Usage.All() {
		payers[b.Payer(u.Source, u.Month)] = true
	}
	for payer := range payers {
		invoices, err := b.AllInvoices(payer)
		if err != nil {
			return Invoice{}, false, err
		}
		for _, i := range invoices {
			if i.ID == id {
				return i, true, nil
			}
		}
	}
	return Invoice{}, false, nil
}

// fill adds up the lines and converts them.
func (b Book) fill(i *Invoice, lines []state.Usage) (err error) {
	i.ID = number(*i)
	if i.Base, err = amountsOf(lines); err != nil {
		return err
	}
	if a, ok := b.tx.Adjustments.Get(i.ID); ok {
		total, err := money.Parse(baseCurrency, a.Total)
		if err != nil {
			return err
		}
		if i.Base, err = i.Base.adjusted(total); err != nil {
			return err
		}
	}
	currency, rate := b.currencyOf(i.Payer, i.IssuedAt)
	i.Rate = rate
	i.Payment, err = i.Base.in(currency, rate)
	return err
}

// currencyOf returns what an account pays in at a time, and the units of it for one US dollar.
func (b Book) currencyOf(account string, at time.Time) (currency, rate string) {
	currency, rate = baseCurrency, "1"
	for _, c := range b.tx.Currencies.Of(account) { // oldest first
		if !c.SetAt.After(at) {
			currency, rate = c.Currency, c.Rate
		}
	}
	return currency, rate
}

// number is the invoice's id: always the same for the same bill, so that it need not be kept.
func number(i Invoice) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{i.Payer, i.Source, i.Month.String(), i.Entity}, " ")))
	const digits = 1_000_000_000_000_000
	return fmt.Sprintf("%015d", binary.BigEndian.Uint64(sum[:])%digits)
}
