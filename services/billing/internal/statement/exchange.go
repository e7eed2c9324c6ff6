package statement

import (
	"slices"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
)

// Source is where a rate of exchange comes from.
type Source string

// The sources.
const (
	FromAWS       Source = "AWS"       // AWS's own conversion, as its invoice says
	FromPricebook Source = "PRICEBOOK" // where AWS's invoice names none
)

// Exchange is how AWS's currency becomes the customer's.
type Exchange struct {
	Entity Entity     `json:"entity,omitempty"` // of whose charges
	From   string     `json:"from"`
	To     string     `json:"to"`
	Rate   money.Rate `json:"rate"` // how much of To one unit of From is
	Source Source     `json:"source"`
}

// exchange returns how the charges of an entity become the customer's currency, or why they do not. AWS's own rate comes first, of the
// invoices of that entity: each seller may convert at another one. One that converts nothing is no reason to take the pricebook's, unless
// that is meant to replace it.
func (in *Input) exchange(entity Entity, from string) (*Exchange, *Hold) {
	to := in.Book.CurrencyCode
	book, known := in.Book.Rate(from, in.Month)
	own := Exchange{Entity: entity, From: from, To: to, Rate: book.Rate, Source: FromPricebook}
	known = known && book.Rate.Positive()
	quotes, converts := in.quotes(entity)
	if !converts && !known { // of an entity that has not invoiced yet: what others convert at, until it has
		quotes, converts = in.others(entity)
	}
	switch {
	case !converts && known, known && book.ReplacesAWS:
		return &own, nil
	case !converts:
		return nil, &Hold{CodeExchangeRateMissing, text.New("hold.exchange_rate_missing", "from", from, "to", to)}
	}
	for _, q := range quotes {
		if q == nil || q.To != to || !q.Rate.Positive() || !q.Rate.Equal(quotes[0].Rate) {
			return nil, &Hold{CodeExchangeRateInvalid, text.New(
				"hold.exchange_rate_invalid", "entity", string(entity), "from", from, "to", to, "named", spell(quotes))}
		}
	}
	return &Exchange{entity, from, to, quotes[0].Rate, FromAWS}, nil
}

// quotes are the conversions of the invoices of an entity; false when it converts nothing at all.
func (in *Input) quotes(entity Entity) (all []*Quote, converts bool) {
	for _, v := range in.Invoices {
		if v.Entity == entity {
			all = append(all, v.Quote)
			converts = converts || v.Quote != nil
		}
	}
	slices.SortFunc(all, byRate)
	return all, converts
}

// others are the conversions of the other entities, while an entity has no invoice.
func (in *Input) others(entity Entity) (all []*Quote, converts bool) {
	for _, v := range in.Invoices {
		if v.Entity == entity {
			return nil, false
		}
		all = append(all, v.Quote)
		converts = converts || v.Quote != nil
	}
	slices.SortFunc(all, byRate)
	return all, converts
}

// byRate orders conversions, so that what is said of them does not depend on the order of the invoices; those that name none come last.
func byRate(a, b *Quote) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if a.String() < b.String() {
		return -1
	}
	return 1
}

func (q *Quote) String() string {
	if q == nil {
		return "none"
	}
	return q.Rate.String() + " " + q.To
}

// spell names the conversions for people.
func spell(quotes []*Quote) string {
	out := ""
	for i, q := range quotes {
		if i > 0 && quotes[i-1].String() == q.String() {
			continue
		}
		if i > 0 {
			out += ", "
		}
		out += q.String()
	}
	return out
}

func (x Exchange) equal(o Exchange) bool {
	return x.Entity == o.Entity && x.From == o.From && x.To == o.To && x.Rate.Equal(o.Rate) && x.Source == o.Source
}
