package relationship

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// lookAgain is how long after a look the pricebooks are looked at again while prices are missing.
const lookAgain = 24 * time.Hour

// Prices is whether there will be prices for the terms that were agreed on from a month on.
type Prices struct {
	Asked   int64     `json:"asked,omitempty"`  // how often something has changed that it depends on
	Served  int64     `json:"served,omitempty"` // how many of these were looked at
	SeenAt  time.Time `json:"seen_at,omitzero"` // the last look
	Missing []Missing `json:"missing,omitempty"`
}

// Missing are terms for which no pricebook has prices.
type Missing struct {
	From         calendar.Month `json:"from"` // the first month that is billed on them
	CurrencyCode string         `json:"currency_code"`
	Support      bool           `json:"support,omitempty"` // the pricebook lacks the price of the reseller's support; otherwise there is none
	Own          bool           `json:"own,omitempty"`     // the customer has prices of its own, and the seller's standard ones do not serve
}

// of reports whether it is of terms.
func (m Missing) of(d Due) bool {
	return m.From == d.From && m.CurrencyCode == d.CurrencyCode && (d.PartnerLedSupport || !m.Support)
}

// Look is what a look at the pricebooks has found.
type Look struct {
	Served  int64     // the changes that it saw
	Due     []Due     // the terms that it was for
	Missing []Missing // those of them without prices
}

// WantPrices is when the pricebooks are looked at: when the terms or the pricebooks have changed, and every day while prices are missing.
func WantPrices(r *Relationship) []intent.Want {
	switch {
	case r.Prices.Asked > r.Prices.Served:
		return intent.Now()
	case len(r.Prices.Missing) > 0:
		return intent.At(r.Prices.SeenAt.Add(lookAgain))
	default:
		return nil
	}
}

// PricesSeen records a look at the pricebooks. Prices that are missing no more, because their terms bill nothing any more, were not found.
func (r *Relationship) PricesSeen(l Look, now time.Time) (facts []fact.Fact) {
	before := r.Prices.Missing
	r.Prices.Served, r.Prices.SeenAt, r.Prices.Missing = l.Served, now, l.Missing
	news := slices.ContainsFunc(l.Missing, func(m Missing) bool { return !slices.Contains(before, m) })
	for _, m := range before {
		switch {
		case slices.Contains(l.Missing, m):
		case slices.ContainsFunc(l.Due, m.of):
			news = true
		default:
			facts = append(facts, fact.Internally(tell(FactPricesNotNeeded, "currency", m.CurrencyCode, "from", m.From.String())))
			r.Wishes.Saying(m.key(), text.New("case.prices.not_needed", "currency", m.CurrencyCode, "from", m.From.String()))
		}
	}
	switch {
	case !news:
	case len(l.Missing) == 0:
		facts = append(facts, fact.Internally(tell(FactPricesFound)))
	default:
		m := l.Missing[0]
		facts = append(facts, fact.Internally(tell(FactPricesMissing, "currency", m.CurrencyCode, "from", m.From.String())))
	}
	return facts
}

// Waiting is whom the relationship waits for: Operations, while prices are missing.
type Waiting struct {
	Text      text.Text // an instruction: what, and where
	Until     time.Time // the first month without prices begins; then it escalates
	Escalated bool
}

// Waiting says what Operations must do; the zero value: nothing.
func (r *Relationship) Waiting() Waiting {
	if len(r.Prices.Missing) == 0 {
		return Waiting{}
	}
	m := r.Prices.Missing[0]
	return Waiting{Text: m.remedy(), Until: m.From.Start(), Escalated: r.begun(m)}
}

// begun reports whether the first month without prices has begun.
func (r *Relationship) begun(m Missing) bool {
	return r.State == Active && m.From.Compare(r.UnderWay()) <= 0
}

// key is that of its case.
func (m Missing) key() string { return "case/prices/" + m.CurrencyCode + "@" + m.From.String() }

func (m Missing) remedy() text.Text {
	key := "wait.prices"
	switch {
	case m.Support:
		key = "wait.support_price"
	case m.Own:
		key = "wait.own_prices"
	}
	return text.New(key, "currency", m.CurrencyCode, "from", m.From.String())
}

// What Notifications calls the mails that remind Operations.
const (
	mailEscalation = "escalation-operations"
	planEscalation = "operations-escalation"
	toOperations   = "OPERATIONS"
)

// Wanted are the cases of prices that are missing, and mails that remind Operations once a month has begun that cannot be billed.
func Wanted(r *Relationship) (out []intent.Wish) {
	for _, m := range r.Prices.Missing {
		about := []string{"currency", m.CurrencyCode, "from", m.From.String(), "relationship", r.ID}
		opened := intent.Wish{
			Key: m.key(), Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P2",
			Title: text.New("case.prices.title", about...), Body: text.New("case.prices.body", about...).With("remedy", m.remedy().Key+".what"),
			Resolved: text.New("case.prices.resolved", about...),
		}
		out = append(out, opened)
		if r.begun(m) {
			out = append(out, intent.Wish{
				Key: "remind/" + opened.Key, Kind: intent.Reminder, Name: mailEscalation, Plan: planEscalation, To: toOperations,
				Title: opened.Title, Body: opened.Body, Where: m.remedy(),
			})
		}
	}
	return out
}
