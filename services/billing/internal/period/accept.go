package period

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/statement"
)

// Accepted is a hold that Operations lets be, for the figures that it saw: for others it holds again.
type Accepted struct {
	Code  string      `json:"code"`
	Why   text.Text   `json:"why"`   // what was read before it was accepted: another reason with the same code holds by itself
	Price money.Money `json:"price"` // what the customer pays, exactly
	Cost  money.Money `json:"cost"`  // what AWS charges

	Accounts []statement.Account `json:"accounts"` // what each of them brings
}

// Accept releases the period and lets its hold be. Refused with HOLD_NOT_ACCEPTABLE where something has to be mended, and as Release is.
func (p *Period) Accept(reason string, now time.Time) ([]fact.Fact, error) {
	if p.State == Held && (!statement.Acceptable(p.Hold.Code) || p.Priced == nil) {
		return nil, errs.New(errs.Precondition, ReasonHoldNotAcceptable, "a hold for %s cannot be accepted: mend what it says", p.Hold.Code).
			WithMeta("code", p.Hold.Code)
	}
	held := p.Hold
	facts, err := p.Release(reason, now)
	if err != nil {
		return nil, err
	}
	p.Accepted = slices.DeleteFunc(p.Accepted, func(a Accepted) bool { return a.Code == held.Code && a.Why.Equal(held.Why) })
	p.Accepted = append(p.Accepted, Accepted{held.Code, held.Why, p.Priced.Exact, p.Priced.Cost, p.Priced.Accounts})
	facts[0] = facts[0].With("accepted", held.Code)
	return facts, nil
}

// heldBy is the first thing that speaks against prices and was not accepted; nil: nothing does. What has to be mended comes first.
func (p *Period) heldBy(s statement.Statement) *statement.Hold {
	var found *statement.Hold
	for i, h := range s.Holds {
		switch {
		case !statement.Acceptable(h.Code):
			return &s.Holds[i]
		case found == nil && !p.accepts(h, s):
			found = &s.Holds[i]
		}
	}
	return found
}

func (p *Period) accepts(h statement.Hold, s statement.Statement) bool {
	return slices.ContainsFunc(p.Accepted, func(a Accepted) bool {
		return a.Code == h.Code && a.Why.Equal(h.Why) && a.Price.Equal(s.Exact) && a.Cost.Equal(s.Cost) &&
			slices.EqualFunc(a.Accounts, s.Accounts, statement.Account.Equal)
	})
}
