package period

import (
	"fmt"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/statement"
)

// MonthEnded begins to wait for AWS.
func (p *Period) MonthEnded(now time.Time) ([]fact.Fact, error) {
	if p.State != Open || now.Before(p.monthEnd()) {
		return nil, nil
	}
	p.State, p.LookAt = WaitingForVendor, p.monthEnd().Add(p.Policy.FirstLook)
	return []fact.Fact{tell(FactMonthEnded)}, nil
}

// Bill is what AWS shows of the month: its invoices, and all charges.
type Bill struct {
	Invoices []statement.VendorInvoice
	Groups   []statement.Group // of the account that is billed
	Whole    []statement.Group // of all that the invoices are over, for a member of the payer's organization; nil: the groups
}

// looking reports whether what was seen at AWS is still of interest.
func (p *Period) looking() bool {
	return p.State == WaitingForVendor || p.State == Reconciled || p.differs()
}

// differs reports whether the charges did not agree with AWS's invoices so far, so that AWS is asked again.
func (p *Period) differs() bool { return p.State == Rated && !p.LookAt.IsZero() }

// NotYet records a look at which AWS had not finished the month, and why that is thought. Served is how often it had
// been asked to look when the look began.
func (p *Period) NotYet(why text.Text, served int64, now time.Time) ([]fact.Fact, error) {
	p.serve(served)
	if !p.looking() {
		return nil, nil
	}
	if !now.Before(p.missingAt()) {
		return p.hold(CodeVendorInvoiceMissing, why, now), nil
	}
	known := p.State != WaitingForVendor
	p.State, p.LookAt = WaitingForVendor, now.Add(p.Policy.LookEvery)
	if !known {
		return nil, nil
	}
	return []fact.Fact{inWords(tell(FactMonthEnded), "period.awaited_again")}, nil
}

// LookRefused records that AWS, or what is asked on the way to it, refuses to show the month. Before the gate AWS is
// asked again on the beat, because access may be mended meanwhile; from the gate on it holds the period.
func (p *Period) LookRefused(reason string, now time.Time) ([]fact.Fact, error) {
	p.Served = p.Asked
	switch {
	case !p.looking():
		return nil, nil
	case !now.Before(p.GateAt()):
		return p.hold(CodeVendorRefused, text.New("hold.vendor_refused", "reason", reason), now), nil
	case p.State != Reconciled:
		p.LookAt = earlier(now.Add(p.Policy.LookEvery), p.GateAt())
	}
	return nil, nil
}

// LookAgain forgets that AWS was looked at after the gate: it is too long ago to issue an invoice on.
func (p *Period) LookAgain() ([]fact.Fact, error) {
	if p.State == Reconciled {
		p.SeenAt = time.Time{}
	}
	return nil, nil
}

// Seen records a look at which AWS had finished the month. The same as before, once it has prices, changes nothing but
// the time of the look.
func (p *Period) Seen(s Bill, served int64, now time.Time) ([]fact.Fact, error) {
	p.serve(served)
	if !p.looking() {
		return nil, nil
	}
	p.SeenAt, p.LookAt = now, time.Time{}
	if p.State != WaitingForVendor && p.shows(s) {
		return nil, nil
	}
	p.VendorInvoices, p.Groups, p.Whole, p.Priced, p.PricedAt = s.Invoices, s.Groups, s.Whole, nil, time.Time{}
	p.State = DataComplete
	if all := s.currencies(); len(all) > 1 { // nothing of it can be added up
		h := statement.Mixed(all)
		return p.hold(h.Code, h.Why, now), nil
	}
	total, err := p.CostTotal()
	if err != nil {
		return nil, err
	}
	return []fact.Fact{tell(FactCollected, "charges", fmt.Sprint(p.ChargeCount()), "total", total.String())}, nil
}

func (p *Period) serve(served int64) { p.Served = max(p.Served, min(served, p.Asked)) }

// shows reports whether the period holds just this.
func (p *Period) shows(s Bill) bool {
	return slices.EqualFunc(p.VendorInvoices, s.Invoices, statement.VendorInvoice.Equal) &&
		slices.EqualFunc(p.Groups, s.Groups, statement.Group.Equal) && slices.EqualFunc(p.Whole, s.Whole, statement.Group.Equal)
}

// currencies are those in which AWS charges and invoices.
func (s Bill) currencies() []string {
	var charges []statement.Charge
	for _, g := range slices.Concat(s.Groups, s.Whole) {
		charges = append(charges, statement.Charge{Amount: g.Cost})
	}
	return statement.Currencies(charges, s.Invoices)
}

// Currency is AWS's: of its invoices and charges; empty before they are known.
func (p *Period) Currency() string {
	if len(p.VendorInvoices) == 0 {
		return ""
	}
	return p.VendorInvoices[0].Total.Currency()
}

// ChargeCount is how many charges were collected.
func (p *Period) ChargeCount() int {
	n := 0
	for _, g := range p.Groups {
		n += g.Charges
	}
	return n
}

// CostTotal is what was collected before tax, as AWS's currency shows it.
func (p *Period) CostTotal() (money.Money, error) { return p.shown(p.Groups) }

// invoicedCost is the cost of all that AWS's invoices are over, before tax.
func (p *Period) invoicedCost() (money.Money, error) { return p.shown(p.invoicedGroups()) }

// invoicedGroups are the charges that AWS's invoices are over. A member of the payer's organization has no invoices of its
// own: it is billed right when the whole bill, of which its charges are a part, is right.
func (p *Period) invoicedGroups() []statement.Group {
	if len(p.Whole) > 0 {
		return p.Whole
	}
	return p.Groups
}

func (p *Period) shown(groups []statement.Group) (money.Money, error) {
	total, err := statement.Cost(p.Currency(), groups, beforeTax)
	if err != nil {
		return total, err
	}
	return total.Round(money.HalfUp)
}

// VendorTotal is what AWS invoices, before tax.
func (p *Period) VendorTotal() (money.Money, error) {
	return vendorTotal(p.Currency(), p.VendorInvoices, func(statement.VendorInvoice) bool { return true })
}

func vendorTotal(currency string, invoices []statement.VendorInvoice, counts func(statement.VendorInvoice) bool) (money.Money, error) {
	sum, err := money.Zero(currency)
	for _, v := range invoices {
		if err == nil && counts(v) {
			sum, err = sum.Add(v.Total)
		}
	}
	return sum, err
}
