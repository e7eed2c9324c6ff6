// Package pricebook is how AWS's charges become prices: rules per category and rates of exchange, each from a month on.
//
// It owns which rule and rate hold in a month, and what a category costs that has no rule. It owns neither what charges
// there are nor the arithmetic of a period (package statement), and calls nothing.
package pricebook

import (
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/optional"
)

// Names of the facts of a pricebook.
const (
	FactCreated = "created"
	FactUpdated = "updated"
)

// Pricebook is the stored document.
type Pricebook struct {
	ID           string           `json:"id"`
	SellerID     string           `json:"seller_id"`
	DisplayName  string           `json:"display_name"`
	CurrencyCode string           `json:"currency_code"` // ISO 4217, of the prices
	Rules        []Rule           `json:"rules,omitempty"`
	Rates        []ExchangeRate   `json:"rates,omitempty"`
	Discounts    []VendorDiscount `json:"discounts,omitempty"` // whose those are that Billing does not know
	Standard     bool             `json:"standard,omitempty"`  // used where a relationship has none of its own
}

// Rule says by how much the price of a category differs from AWS's charge.
type Rule struct {
	Category Category       `json:"category"`
	Percent  money.Rate     `json:"percent"`            // added to AWS's charge, from -100 to 1000: 10 is a tenth more, -3.5 a discount
	Withheld bool           `json:"withheld,omitempty"` // the charges are not passed on
	From     calendar.Month `json:"from"`               // until the next rule of the category
}

// ExchangeRate is how much of the pricebook's currency one unit of another is.
type ExchangeRate struct {
	SourceCurrencyCode string         `json:"source_currency_code"`
	Rate               money.Rate     `json:"rate"`                   // above zero
	From               calendar.Month `json:"from"`                   // until the next rate of that currency
	ReplacesAWS        bool           `json:"replaces_aws,omitempty"` // it counts also where AWS's invoice names a rate
}

// VendorDiscount says whose a discount of AWS is.
type VendorDiscount struct {
	RecordType string      `json:"record_type"` // AWS's word, however it is spelt
	For        Beneficiary `json:"for"`
}

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct {
	DisplayName *string
	Rules       *[]Rule
	Rates       *[]ExchangeRate
	Discounts   *[]VendorDiscount
	Standard    *bool
}

// New returns a pricebook. Refused with FIELD_REQUIRED, RULE_DUPLICATE, PERCENT_INVALID, RATE_INVALID and
// CURRENCY_UNKNOWN.
func New(b Pricebook) (*Pricebook, []fact.Fact, error) {
	if err := b.check(); err != nil {
		return nil, nil, err
	}
	return &b, []fact.Fact{{Name: FactCreated, Audience: fact.Operator}}, nil
}

// Revise changes a pricebook; the refusals are those of New. Months that are invoiced keep their prices, because an
// invoice never changes.
func (b *Pricebook) Revise(e Edit) ([]fact.Fact, error) {
	next := *b
	optional.Set(&next.DisplayName, e.DisplayName)
	optional.Set(&next.Rules, e.Rules)
	optional.Set(&next.Rates, e.Rates)
	optional.Set(&next.Discounts, e.Discounts)
	optional.Set(&next.Standard, e.Standard)
	if err := next.check(); err != nil {
		return nil, err
	}
	*b = next
	return []fact.Fact{{Name: FactUpdated, Audience: fact.Operator}}, nil
}

// StandardFor names what only one pricebook may be the standard of; empty when it is the standard of nothing.
func (b *Pricebook) StandardFor() string {
	if !b.Standard {
		return ""
	}
	return StandardKey(b.SellerID, b.CurrencyCode)
}

// StandardKey is the StandardFor of a seller's standard pricebook in a currency.
func StandardKey(sellerID, currency string) string { return sellerID + " " + currency }
