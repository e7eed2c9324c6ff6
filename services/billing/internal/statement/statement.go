// Package statement turns what AWS charges for a month into what the customer pays: one pure function from the charges, AWS's
// invoices, the prices and the terms to the lines, the margin, and what speaks against an invoice over them.
//
// It owns the categories of AWS's record types, the conversion, the rounding, the margin and its holds. It owns no rule of a price
// (package pricebook) and no state (package period), and calls nothing. The monthly run and the preview call it, and nothing else prices.
package statement

import (
	"slices"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/pricebook"
)

// Input is all that a statement depends on.
type Input struct {
	Month    calendar.Month
	Terms    Terms
	Book     *pricebook.Pricebook // whose currency is the customer's
	Charges  []Charge             // in any order
	Invoices []VendorInvoice      // in any order
	Rules    Rules
}

// Terms are what was agreed on with the customer.
type Terms struct {
	PartnerLedSupport bool
	Discount          string // percent off the usage as it is billed; empty: none

	Support map[string]AccountSupport // by account; of one that is missing nothing is known
}

// Rules are the reseller's own, the same for all customers.
type Rules struct {
	Plans      Plans      // AWS's support plans
	Enterprise Plans      // those of them that stand behind the reseller's own support, by their whole names
	Developer  Plans      // the whole names of Developer Support
	Business   Plans      // and of Business Support
	Floor      money.Rate // percent of what AWS charges that has to be left as margin; below zero: the reseller pays so much itself

	BusinessPercent money.Rate           // of the usage, that Business Support costs where the pricebook does not say so
	BusinessBase    []pricebook.Category // what it is a share of
	GroupsRequired  bool                 // support without a plan group holds, whoever made the account
}

// Line is one category with its price, or a kind of charge of its own.
type Line struct {
	Category    pricebook.Category `json:"category"`
	Description string             `json:"description"`
	Exact       money.Money        `json:"exact"` // the sum of its rows
	Price       money.Money        `json:"price"` // as it is shown; all lines together are the total
	Charges     int                `json:"charges,omitempty"`
}

// Account is what one account costs and brings, exactly, in the customer's currency.
type Account struct {
	ID     string      `json:"id,omitempty"` // twelve digits; empty: what AWS charges for none, and the support behind partner-led support
	Cost   money.Money `json:"cost"`
	Price  money.Money `json:"price"`
	Margin money.Money `json:"margin"`
	Below  bool        `json:"below,omitempty"` // less than the floor is left
	Group  PlanGroup   `json:"group,omitempty"` // how its support is billed; empty: nobody has said so
}

// Equal reports whether both are the same account with the same amounts.
func (a Account) Equal(o Account) bool {
	return a.ID == o.ID && a.Cost.Equal(o.Cost) && a.Price.Equal(o.Price)
}

// Statement is a month with its prices. With a hold that leaves no figures it has no currency and no lines.
type Statement struct {
	Lines     []Line      `json:"lines,omitempty"` // what is passed on
	Exact     money.Money `json:"exact"`           // the sum of the lines with all digits
	Total     money.Money `json:"total"`           // rounded once
	Cost      money.Money `json:"cost"`            // what AWS charges the reseller, in the customer's currency
	Margin    money.Money `json:"margin"`
	Exchanges []Exchange  `json:"exchanges,omitempty"` // by entity; none: AWS charges in the customer's currency
	Accounts  []Account   `json:"accounts,omitempty"`
	Holds     []Hold      `json:"holds,omitempty"`
	Warnings  []Warning   `json:"warnings,omitempty"`
}

// Compute returns the statement of a month. It fails only for amounts with more digits than can be kept.
func Compute(in Input) (Statement, error) {
	in.Charges = slices.DeleteFunc(slices.Clone(in.Charges), func(c Charge) bool { return c.Amount.IsZero() })
	if all := Currencies(in.Charges, in.Invoices); len(all) > 1 {
		return Statement{Holds: []Hold{Mixed(all)}}, nil
	}
	b := newBook(&in)
	if len(b.out.Holds) > 0 {
		return b.out, nil
	}
	for _, c := range in.Charges {
		if err := b.add(c); err != nil {
			return Statement{}, err
		}
	}
	if err := b.agreed(); err != nil {
		return Statement{}, err
	}
	if err := b.close(); err != nil {
		return Statement{}, err
	}
	b.warn()
	return b.out, nil
}

// Currencies are those in which AWS charges and invoices, in order.
func Currencies(charges []Charge, invoices []VendorInvoice) []string {
	seen := map[string]bool{}
	for _, c := range charges {
		seen[c.Amount.Currency()] = true
	}
	for _, v := range invoices {
		seen[v.Total.Currency()] = true
	}
	return sorted(seen)
}

// Mixed is the hold of a month that AWS charges in several currencies.
func Mixed(currencies []string) Hold {
	return Hold{CodeCurrencyMixed, text.New("hold.currency_mixed", "currencies", joined(currencies))}
}

// Figures reports whether there are amounts, whatever else speaks against them.
func (s *Statement) Figures() bool { return s != nil && s.Total.Currency() != "" }

// Equal reports whether both are the same prices; a nil one equals none.
func (s *Statement) Equal(o Statement) bool {
	return s != nil && s.Exact.Equal(o.Exact) && s.Total.Equal(o.Total) && s.Cost.Equal(o.Cost) && s.Margin.Equal(o.Margin) &&
		slices.EqualFunc(s.Lines, o.Lines, Line.equal) && slices.EqualFunc(s.Exchanges, o.Exchanges, Exchange.equal)
}

func (l Line) equal(o Line) bool {
	return l.Category == o.Category && l.Description == o.Description && l.Exact.Equal(o.Exact) && l.Price.Equal(o.Price)
}
