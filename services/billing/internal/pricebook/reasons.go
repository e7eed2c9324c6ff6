package pricebook

import (
	"fmt"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonFieldRequired    = "FIELD_REQUIRED"
	ReasonRuleDuplicate    = "RULE_DUPLICATE"
	ReasonStandardTaken    = "STANDARD_TAKEN"
	ReasonUnknown          = "PRICEBOOK_UNKNOWN"
	ReasonCurrencyMismatch = "CURRENCY_MISMATCH"
	ReasonPercentInvalid   = "PERCENT_INVALID"
	ReasonRateInvalid      = "RATE_INVALID"
	ReasonCurrencyUnknown  = "CURRENCY_UNKNOWN"
)

// StandardTaken is the refusal of a second standard pricebook of a seller in a currency.
func StandardTaken(currency, otherID string) error {
	return errs.InvalidField("pricebook.standard", ReasonStandardTaken, "the seller's standard pricebook in %s is %s", currency, otherID).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.standard_taken")})
}

// Unknown is the refusal of a pricebook that is not there, or is another seller's.
func Unknown(id string) error {
	return errs.InvalidField("pricebook_id", ReasonUnknown, "the seller has no pricebook %q", id)
}

// Fits refuses a pricebook that cannot price for this seller in this currency. Refused with PRICEBOOK_UNKNOWN and
// CURRENCY_MISMATCH.
func (b *Pricebook) Fits(sellerID, currency string) error {
	switch {
	case b.SellerID != sellerID:
		return Unknown(b.ID)
	case b.CurrencyCode != currency:
		return errs.InvalidField(
			"pricebook_id", ReasonCurrencyMismatch, "the pricebook has prices in %s, the agreement is in %s", b.CurrencyCode, currency,
		)
	}
	return nil
}

func (b *Pricebook) check() error {
	missing := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing")
	for _, f := range []struct{ path, value string }{
		{"seller_id", b.SellerID}, {"display_name", b.DisplayName}, {"currency_code", b.CurrencyCode},
	} {
		if f.value == "" {
			missing = missing.WithField("pricebook."+f.path, ReasonFieldRequired, "is missing")
		}
	}
	if len(missing.Fields) > 0 {
		return missing
	}
	return b.Prices()
}

// Prices refuses rules, rates and discounts that make no sense: with RULE_DUPLICATE, PERCENT_INVALID, RATE_INVALID and CURRENCY_UNKNOWN.
func (b *Pricebook) Prices() error {
	begun := map[string]bool{}
	for i, r := range b.Rules {
		if err := once(begun, string(r.Category)+" "+r.From.String(), fmt.Sprintf("pricebook.rules[%d]", i)); err != nil {
			return err
		}
	}
	for i, r := range b.Rates {
		if err := once(begun, r.SourceCurrencyCode+" "+r.From.String(), fmt.Sprintf("pricebook.exchange_rates[%d]", i)); err != nil {
			return err
		}
	}
	for i, d := range b.Discounts {
		if err := once(begun, strings.ToLower(d.RecordType), fmt.Sprintf("pricebook.discounts[%d]", i)); err != nil {
			return err
		}
	}
	return b.sane()
}

// once refuses what begins in the same month as one of its kind.
func once(begun map[string]bool, key, path string) error {
	if begun[key] {
		return errs.InvalidField(path, ReasonRuleDuplicate, "there are two alike that begin together: %s", key)
	}
	begun[key] = true
	return nil
}
