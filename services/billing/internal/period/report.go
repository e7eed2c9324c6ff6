package period

import (
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// Reconciliation compares what was collected with what AWS invoices and what the customer pays.
type Reconciliation struct {
	Vendor     money.Money // AWS's invoices, before tax
	Cost       money.Money // what was collected of all that the invoices are over, before tax
	Difference money.Money // Vendor less Cost
	Rows       []Row       // in the order of an invoice
}

// Row is one category.
type Row struct {
	Category pricebook.Category
	Cost     money.Money // of AWS's currency
	Price    money.Money // without a currency until it is priced
	Charges  int
}

// Reconcile returns the comparison. Refused with STATE_REFUSES before the charges are collected.
func (p *Period) Reconcile() (Reconciliation, error) {
	if len(p.VendorInvoices) == 0 || p.State == Voided && !p.Forgone || p.HoldCode() == statement.CodeCurrencyMixed {
		return Reconciliation{}, p.stateRefuses("compared")
	}
	var r Reconciliation
	var err error
	if r.Vendor, err = p.VendorTotal(); err != nil {
		return r, err
	}
	if r.Cost, err = p.invoicedCost(); err != nil {
		return r, err
	}
	if r.Difference, err = r.Vendor.Sub(r.Cost); err != nil {
		return r, err
	}
	for _, c := range pricebook.Categories() {
		row, any, err := p.row(c)
		if err != nil {
			return r, err
		}
		if any {
			r.Rows = append(r.Rows, row)
		}
	}
	return r, nil
}

// row adds up one category; false when there is nothing of it.
func (p *Period) row(c pricebook.Category) (Row, bool, error) {
	r, found := Row{Category: c}, false
	for _, g := range p.Groups {
		if g.Category == c {
			r.Charges += g.Charges
			found = true
		}
	}
	cost, err := statement.Cost(p.Currency(), p.Groups, func(g statement.Group) bool { return g.Category == c })
	if err != nil {
		return r, found, err
	}
	if r.Cost, err = cost.Round(money.HalfUp); err != nil || p.Priced == nil {
		return r, found, err
	}
	nothing, err := money.Zero(p.Priced.Total.Currency())
	if err != nil {
		return r, found, err
	}
	if r.Price, err = nothing.Round(money.HalfUp); err != nil {
		return r, found, err
	}
	for _, l := range p.Priced.Lines {
		if l.Category != c {
			continue
		}
		found = true
		if r.Price, err = r.Price.Add(l.Price); err != nil {
			return r, found, err
		}
	}
	return r, found, nil
}
