package relationship

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
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
}

// OwnPricebook returns the pricebook of the relationship's own for a month; empty: the customer's or the seller's standard one serves.
// It reports false for a month that none serves: the relationship had one of its own before its currency changed, and has none in the
// new one. Who has prices of its own does not silently get others.
func (r *Relationship) OwnPricebook(m calendar.Month) (string, bool) {
	if r.Agreement == nil || len(r.Pricebooks) == 0 {
		return "", true
	}
	if own := r.Pricebooks[r.Agreement.In(m).CurrencyCode]; own != "" {
		return own, true
	}
	had := slices.ContainsFunc(r.Agreement.Terms, func(d Dated) bool { return d.From.Compare(m) <= 0 && r.Pricebooks[d.CurrencyCode] != "" })
	return "", !had
}

// Changed are the terms that another order than the first one has brought, and on which a month is still to be billed.
func (r *Relationship) Changed() (out []Dated) {
	if r.Agreement == nil || r.State == Ended {
		return nil
	}
	all := r.Agreement.Terms
	for i, d := range all {
		last := i+1 == len(all) || all[i+1].From.Compare(r.UnderWay()) > 0
		if !d.From.IsZero() && last && r.Covers(d.From) {
			out = append(out, d)
		}
	}
	return out
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

// PricesSeen records a look at the pricebooks: the changes that it saw, and what is missing.
func (r *Relationship) PricesSeen(served int64, missing []Missing, now time.Time) []fact.Fact {
	before := r.Prices.Missing
	r.Prices.Served, r.Prices.SeenAt, r.Prices.Missing = served, now, missing
	switch {
	case slices.Equal(before, missing):
		return nil
	case len(missing) == 0:
		return []fact.Fact{fact.Internally(tell(FactPricesFound))}
	default:
		m := missing[0]
		return []fact.Fact{fact.Internally(tell(FactPricesMissing, "currency", m.CurrencyCode, "from", m.From.String()))}
	}
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

func (m Missing) remedy() text.Text {
	key := "wait.prices"
	if m.Support {
		key = "wait.support_price"
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
			Key: "case/prices/" + m.CurrencyCode + "@" + m.From.String(), Kind: intent.Case, Name: "BILLING_PROBLEM", Priority: "P2",
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

// SetPricing gives the relationship a pricebook of its own for the months in a currency; without one it is taken away, and without a
// currency all of them are. Refused with STATE_REFUSES after its end, unless a month is left that is not invoiced.
func (r *Relationship) SetPricing(currency, pricebookID string, left bool) ([]fact.Fact, error) {
	if r.State == Ended && !left {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a relationship in state %s gets no other prices", r.State).
			WithMeta("state", string(r.State))
	}
	next := maps.Clone(r.Pricebooks)
	switch {
	case currency == "":
		next = nil
	case pricebookID == "":
		delete(next, currency)
	case next == nil:
		next = map[string]string{currency: pricebookID}
	default:
		next[currency] = pricebookID
	}
	if maps.Equal(next, r.Pricebooks) {
		return nil, nil
	}
	r.Pricebooks = next
	r.Prices.Asked++
	return []fact.Fact{fact.Internally(tell(FactPricingSet, "pricebook_id", pricebookID))}, nil
}
