package rating

import (
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

// Source is where a rate of exchange comes from.
type Source string

// The sources.
const (
	FromAWS       Source = "AWS"       // AWS's own conversion, as its invoice says
	FromPricebook Source = "PRICEBOOK" // where AWS's invoice names none
)

// Exchange is how AWS's currency becomes the invoice's.
type Exchange struct {
	From   string     `json:"from"`
	To     string     `json:"to"`
	Rate   money.Rate `json:"rate"` // how much of To one unit of From is
	Source Source     `json:"source"`
}

// Quote is a conversion that AWS names in an invoice.
type Quote struct {
	To   string     `json:"to"` // ISO 4217
	Rate money.Rate `json:"rate"`
}

// exchange returns how from becomes the pricebook's currency; nil when it is the same. AWS's own rate comes first, when
// all of its invoices agree on it. A rate that is not above zero is none: it would make nothing of everything. False when no
// rate is known.
func exchange(from string, quotes []Quote, book *pricebook.Pricebook, m calendar.Month) (*Exchange, bool) {
	to := book.CurrencyCode
	if from == to {
		return nil, true
	}
	if rate, agreed := agreedRate(quotes, to); agreed {
		return &Exchange{from, to, rate, FromAWS}, true
	}
	rate, known := book.Rate(from, m)
	return &Exchange{from, to, rate, FromPricebook}, known && rate.Positive()
}

func agreedRate(quotes []Quote, to string) (money.Rate, bool) {
	for _, q := range quotes {
		if q.To != to || !q.Rate.Positive() || q.Rate.String() != quotes[0].Rate.String() {
			return money.Rate{}, false
		}
	}
	if len(quotes) == 0 {
		return money.Rate{}, false
	}
	return quotes[0].Rate, true
}

// convert is exact.
func convert(m money.Money, x *Exchange) (money.Money, error) {
	if x == nil {
		return m, nil
	}
	product, err := m.MulRate(x.Rate)
	if err != nil {
		return money.Money{}, err
	}
	return money.Parse(x.To, product.Amount())
}
