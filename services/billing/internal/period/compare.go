package period

import (
	"fmt"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// Compare checks the charges against AWS's invoices, before tax and seller by seller. AWS rounds each invoice by itself,
// and so a sum of exact charges is less than a cent away from each invoice; a cent is a difference. AWS's invoices come
// one by one: until the gate opens a difference only means that AWS is asked again.
func (p *Period) Compare(now time.Time) ([]fact.Fact, error) {
	if p.State != Rated {
		return nil, nil
	}
	for _, entity := range []statement.Entity{statement.AWS, statement.Marketplace} {
		agrees, why, err := p.agrees(entity)
		if err != nil {
			return nil, err
		}
		if !agrees && p.early(now) {
			p.LookAt = earlier(now.Add(p.Policy.LookEvery), p.GateAt())
			return nil, nil
		}
		if !agrees {
			return p.hold(CodeVendorMismatch, why, now), nil
		}
	}
	total, err := p.VendorTotal()
	if err != nil {
		return nil, err
	}
	p.State, p.LookAt = Reconciled, time.Time{}
	return []fact.Fact{tell(FactReconciled, "total", total.String())}, nil
}

// early reports whether AWS may still add to the month by itself.
func (p *Period) early(now time.Time) bool {
	return now.Before(p.GateAt()) && now.Before(p.missingAt())
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// agrees compares what one entity charges and invoices.
func (p *Period) agrees(entity statement.Entity) (bool, text.Text, error) {
	cost, err := statement.Cost(p.Currency(), p.invoicedGroups(), func(g statement.Group) bool { return beforeTax(g) && g.Entity == entity })
	if err != nil {
		return false, text.Text{}, err
	}
	invoices := 0
	invoiced, err := vendorTotal(p.Currency(), p.VendorInvoices, func(v statement.VendorInvoice) bool {
		if v.Entity != entity {
			return false
		}
		invoices++
		return true
	})
	if err != nil {
		return false, text.Text{}, err
	}
	off, err := invoiced.Sub(cost)
	if err != nil {
		return false, text.Text{}, err
	}
	within, err := less(off, max(invoices, 1))
	return within, text.New("hold.vendor_mismatch", "entity", string(entity), "invoiced", invoiced.String(), "charged", cost.String()), err
}

// less reports whether an amount is nearer to nothing than so many cents.
func less(off money.Money, cents int) (bool, error) {
	limit, err := money.Parse(off.Currency(), fmt.Sprintf("%d.%02d", cents/100, cents%100))
	if err != nil {
		return false, err
	}
	above, err := off.Cmp(limit)
	if err != nil {
		return false, err
	}
	below, err := off.Cmp(limit.Neg())
	return above < 0 && below > 0, err
}

func beforeTax(g statement.Group) bool { return g.Category != pricebook.Tax }
