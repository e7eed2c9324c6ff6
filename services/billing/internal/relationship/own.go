package relationship

import (
	"maps"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// OwnPricebook returns the pricebook of the relationship's own for a month; empty: the customer's or the seller's standard one serves.
// It reports false for a month that none serves: the relationship has had prices of its own since that month or one before, and has none in
// its currency. Who has prices of its own does not silently get others.
func (r *Relationship) OwnPricebook(m calendar.Month) (string, bool) {
	if r.Agreement == nil {
		return "", true
	}
	if own := r.Pricebooks[r.Agreement.In(m).CurrencyCode]; own != "" {
		return own, true
	}
	return "", !r.hadOwn(m)
}

// hadOwn reports whether the relationship has had prices of its own since a month or one before. What was prepared counts from its first
// month on.
func (r *Relationship) hadOwn(m calendar.Month) bool {
	if !r.OwnSince.IsZero() {
		return r.OwnSince.Compare(m) <= 0
	}
	return r.PricedBefore(m, r.UnderWay(), func(t Terms) bool { return r.Pricebooks[t.CurrencyCode] != "" })
}

// PricedBefore reports whether a month since one, and not after m, is billed on terms that somebody's prices are for.
func (r *Relationship) PricedBefore(m, since calendar.Month, prices func(Terms) bool) bool {
	for _, s := range r.Agreement.spans() {
		if first, ok := r.firstIn(s, since); ok && first.Compare(m) <= 0 && prices(s.Terms) {
			return true
		}
	}
	return false
}

// noteOwn keeps since when the relationship has prices of its own, as soon as a month has begun with them: what becomes of its
// pricebooks and terms afterwards changes nothing about that.
func (r *Relationship) noteOwn() {
	if !r.OwnSince.IsZero() || r.State == Pending || r.Agreement == nil {
		return
	}
	if m := r.UnderWay(); r.Pricebooks[r.Agreement.In(m).CurrencyCode] != "" {
		r.OwnSince = m
	}
}

// SetPricing gives the relationship a pricebook of its own for the months in a currency. Without one it is taken away, and these months are
// without prices for as long as the relationship has others of its own, or is billed in another currency; without a currency all are taken
// away, and it has no prices of its own any more. Refused with STATE_REFUSES after its end, unless a month is left that is not invoiced.
func (r *Relationship) SetPricing(currency, pricebookID string, left bool) ([]fact.Fact, error) {
	if r.State == Ended && !left {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a relationship in state %s gets no other prices", r.State).
			WithMeta("state", string(r.State))
	}
	next, since := maps.Clone(r.Pricebooks), r.OwnSince
	switch {
	case currency == "":
		next, since = nil, calendar.Month{}
	case pricebookID == "":
		if delete(next, currency); len(next) == 0 && r.onlyIn(currency) {
			since = calendar.Month{}
		}
	case next == nil:
		next = map[string]string{currency: pricebookID}
	default:
		next[currency] = pricebookID
	}
	if maps.Equal(next, r.Pricebooks) && since == r.OwnSince {
		return nil, nil
	}
	r.Pricebooks, r.OwnSince = next, since
	r.noteOwn()
	r.Prices.Asked++
	return []fact.Fact{fact.Internally(tell(FactPricingSet, "pricebook_id", pricebookID))}, nil
}

// onlyIn reports whether every month is billed in a currency.
func (r *Relationship) onlyIn(currency string) bool {
	return r.Agreement == nil || !r.PricedBefore(latest(), calendar.Month{}, func(t Terms) bool { return t.CurrencyCode != currency })
}

// latest is after every month that is billed.
func latest() calendar.Month { return calendar.Month{Year: 9999, Month: 12} }
