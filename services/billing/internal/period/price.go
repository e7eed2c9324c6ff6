package period

import (
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/statement"
)

// Price records the prices of the charges, and what they rest on. Once they are reconciled, the same prices again change
// nothing but the time; others are compared anew. What speaks against them holds the period, unless Operations has accepted it. A margin
// that is too low does so when the gate opens and the prices are computed once more: until then AWS may add its discount by itself.
func (p *Period) Price(priced statement.Statement, on Basis, now time.Time) ([]fact.Fact, error) {
	if p.State != DataComplete && p.State != Reconciled {
		return nil, nil
	}
	if h := p.heldBy(priced); h != nil && (!statement.Acceptable(h.Code) || !p.early(now)) {
		if p.Priced = nil; statement.Acceptable(h.Code) {
			p.Priced, p.PricebookID, p.Basis, p.PricedAt = &priced, on.PricebookID, on, now // to be looked at before it is accepted
		}
		return p.hold(h.Code, h.Why, now), nil
	}
	same := p.State == Reconciled && p.Priced.Equal(priced) && p.PricebookID == on.PricebookID
	p.Priced, p.PricebookID, p.Basis, p.PricedAt = &priced, on.PricebookID, on, now
	if same {
		return nil, nil
	}
	p.State = Rated
	return []fact.Fact{tell(FactRated, "total", priced.Total.String(), "pricebook_id", on.PricebookID)}, nil
}

// Obstacle is why a period cannot be priced or invoiced.
type Obstacle struct {
	Code string // one of the Code… constants
	Why  text.Text
}

// Obstruct holds the period because it cannot be priced: a code of an obstacle, and why.
func (p *Period) Obstruct(code string, why text.Text, now time.Time) ([]fact.Fact, error) {
	if p.State != DataComplete && p.State != Reconciled {
		return nil, nil
	}
	return p.hold(code, why, now), nil
}

// Invoice closes the period with the invoice over these prices, which may be the final one. It is refused when the period
// has moved on since they were read: then the invoice must not be kept either. A credit is no invoice. Refused with
// STATE_REFUSES.
func (p *Period) Invoice(invoiceID, number string, over statement.Statement, final bool, now time.Time) ([]fact.Fact, error) {
	if NextAction(p, now) != Issue || !p.Priced.Equal(over) || p.Credit() {
		return nil, p.stateRefuses("invoiced")
	}
	p.State, p.InvoiceID, p.Final = Invoiced, invoiceID, final
	return []fact.Fact{openly(tell(FactInvoiced, "invoice_id", invoiceID, "number", number))}, nil
}

// Credit reports whether the customer would get money back, which an invoice does not do.
func (p *Period) Credit() bool {
	return p.Priced != nil && strings.HasPrefix(p.Priced.Total.Amount(), "-")
}

// PriceAgain forgets that the period was priced on the terms that hold now: they have changed.
func (p *Period) PriceAgain() ([]fact.Fact, error) {
	if p.State == Reconciled {
		p.PricedAt = time.Time{}
	}
	return nil, nil
}
