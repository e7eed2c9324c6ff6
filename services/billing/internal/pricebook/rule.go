package pricebook

import "example.com/handover/pkg/calendar"

// Rule returns the rule of a category in a month: the newest that has begun. A category without one is passed on at
// cost, but for what is the reseller's alone: its own discount, and the tax on its own purchase, are withheld. The
// second result tells whether the pricebook itself says so.
func (b *Pricebook) Rule(c Category, m calendar.Month) (Rule, bool) {
	found := Rule{Category: c, Withheld: c == PartnerDiscount || c == Tax}
	known := false
	for _, r := range b.Rules {
		if r.Category == c && r.From.Compare(m) <= 0 && (!known || r.From.Compare(found.From) > 0) {
			found, known = r, true
		}
	}
	return found, known
}

// Rate returns how much of the pricebook's currency one unit of another is in a month; false when it does not know.
func (b *Pricebook) Rate(currency string, m calendar.Month) (ExchangeRate, bool) {
	var found ExchangeRate
	known := false
	for _, r := range b.Rates {
		if r.SourceCurrencyCode == currency && r.From.Compare(m) <= 0 && (!known || r.From.Compare(found.From) > 0) {
			found, known = r, true
		}
	}
	return found, known
}

// DiscountFor returns whose the first discount is whose record type matches; false when nobody has said so.
func (b *Pricebook) DiscountFor(is func(recordType string) bool) (Beneficiary, bool) {
	for _, d := range b.Discounts {
		if is(d.RecordType) {
			return d.For, true
		}
	}
	return "", false
}
