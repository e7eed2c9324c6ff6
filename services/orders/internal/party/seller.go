// Package party is who deals with whom: the seller (a legal entity of the reseller), the customer that buys from it, and
// the people of that customer.
//
// It owns personal data in Person and nowhere else: a customer holds ids of its people, and no fact carries their data.
// What can be ordered is package catalogue, what was ordered is package order.
package party

import (
	"fmt"
	"reflect"
	"slices"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
)

// Seller is a legal entity of the reseller: it sells in the countries where it is present, in one currency,
// and by agreement in further ones.
type Seller struct {
	ID           string   `json:"id"`
	DisplayName  string   `json:"display_name"`
	LegalName    string   `json:"legal_name"`
	CountryCodes []string `json:"country_codes"` // ISO 3166-1 alpha-2
	CurrencyCode string   `json:"currency_code"` // ISO 4217

	FurtherCurrencyCodes []string `json:"further_currency_codes,omitempty"` // ISO 4217, without CurrencyCode

	Details Details `json:"details,omitzero"`
}

// SellerEdit holds the new values of a change; nil leaves a field as it is.
type SellerEdit struct {
	DisplayName  *string
	LegalName    *string
	CountryCodes *[]string
	CurrencyCode *string

	FurtherCurrencyCodes *[]string

	Details func(*Details) // sets what changes
}

// InUse is what a seller's customers have of it.
type InUse struct {
	Customers bool   // there are some
	Country   string // one that the seller would not sell in any more, where it has some; empty: none
}

// NewSeller returns a seller with these values, or FIELD_REQUIRED for what is missing.
func NewSeller(s Seller) (*Seller, []fact.Fact, error) {
	s.FurtherCurrencyCodes = s.further(s.FurtherCurrencyCodes)
	if err := s.complete(); err != nil {
		return nil, nil, err
	}
	return &s, []fact.Fact{{Name: FactCreated, Audience: fact.Operator}}, nil
}

// Revise changes a seller. As soon as it has customers its currency is fixed and a further one stays (CURRENCY_IN_USE),
// because their orders and invoices are in them, and it goes on to sell in their countries (COUNTRY_IN_USE), where it can invoice them.
func (s *Seller) Revise(e SellerEdit, used InUse) ([]fact.Fact, error) {
	next := *s
	optional.Set(&next.DisplayName, e.DisplayName)
	optional.Set(&next.LegalName, e.LegalName)
	optional.Set(&next.CurrencyCode, e.CurrencyCode)
	if e.CountryCodes != nil {
		next.CountryCodes = slices.Clone(*e.CountryCodes)
	}
	if e.FurtherCurrencyCodes != nil {
		next.FurtherCurrencyCodes = *e.FurtherCurrencyCodes
	}
	next.FurtherCurrencyCodes = next.further(next.FurtherCurrencyCodes)
	if e.Details != nil {
		e.Details(&next.Details)
	}
	if err := next.complete(); err != nil {
		return nil, err
	}
	if used.Country != "" {
		return nil, errs.New(errs.Precondition, ReasonCountryInUse, "this seller has customers in %s", used.Country).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.keep_country", "country", used.Country)})
	}
	if lost := s.lostBy(next); lost != "" && used.Customers {
		return nil, errs.New(errs.Precondition, ReasonCurrencyInUse, "customers of this seller may be invoiced in %s", lost).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.add_currency")})
	}
	if next.DisplayName == s.DisplayName && next.LegalName == s.LegalName && next.CurrencyCode == s.CurrencyCode &&
		slices.Equal(next.CountryCodes, s.CountryCodes) && slices.Equal(next.FurtherCurrencyCodes, s.FurtherCurrencyCodes) &&
		reflect.DeepEqual(next.Details, s.Details) {
		return nil, nil
	}
	*s = next
	return []fact.Fact{{Name: FactUpdated, Audience: fact.Operator}}, nil
}

// Serves reports whether the seller is present in a country, so that it can issue invoices there (ORD-003).
func (s Seller) Serves(country string) bool { return slices.Contains(s.CountryCodes, country) }

// Sells reports whether the seller issues invoices in a currency (BIL-017).
func (s Seller) Sells(currency string) bool {
	return currency == s.CurrencyCode || slices.Contains(s.FurtherCurrencyCodes, currency)
}

// further leaves the seller's own currency out of others, in a copy.
func (s Seller) further(codes []string) []string {
	return slices.DeleteFunc(slices.Clone(codes), func(c string) bool { return c == s.CurrencyCode })
}

// lostBy returns a currency that the seller would not sell in any more, its own first: that one cannot become a further
// one either. Empty when there is none.
func (s Seller) lostBy(next Seller) string {
	if next.CurrencyCode != s.CurrencyCode {
		return s.CurrencyCode
	}
	for _, c := range s.FurtherCurrencyCodes {
		if !next.Sells(c) {
			return c
		}
	}
	return ""
}

// complete refuses what is missing, and what its documents cannot say; the details become as they are kept.
func (s *Seller) complete() error {
	err := required(
		field{path: "display_name", given: s.DisplayName != ""},
		field{path: "legal_name", given: s.LegalName != ""},
		field{path: "country_codes", given: len(s.CountryCodes) > 0},
		field{path: "currency_code", given: s.CurrencyCode != ""},
	)
	if err != nil {
		return err
	}
	for i, code := range s.CountryCodes {
		if err := countryKnown(fmt.Sprintf("country_codes[%d]", i), code); err != nil {
			return err
		}
	}
	s.Details, err = s.Details.check(s.Sells)
	return err
}
