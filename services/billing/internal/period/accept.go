package period

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/statement"
)

// Accepted is a hold that Operations lets be, for the figures that it saw: for others it holds again.
type Accepted struct {
	Code  string      `json:"code"`
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
	code := p.HoldCode()
	facts, err := p.Release(reason, now)
	if err != nil {
		return nil, err
	}
	p.Accepted = slices.DeleteFunc(p.Accepted, func(a Accepted) bool { return a.Code == code })
	p.Accepted = append(p.Accepted, Accepted{code, p.Priced.Exact, p.Priced.Cost, p.Priced.Accounts})
	facts[0] = facts[0].With("accepted", code)
	return facts, nil
}

// heldBy is the first thing that speaks against prices and was not accepted; nil: nothing does. What has to be mended comes first.
func (p *Period) heldBy(s statement.Statement) *statement.Hold {
	var found *statement.Hold
	for i, h := range s.Holds {
		switch {
		case !statement.Acceptable(h.Code):
			return &s.Holds[i]
		case found == nil && !p.accepts(h.Code, s):
			found = &s.Holds[i]
		}
	}
	return found
}

func (p *Period) accepts(code string, s statement.Statement) bool {
	return slices.ContainsFunc(p.Accepted, func(a Accepted) bool {
		return a.Code == code && a.Price.Equal(s.Exact) && a.Cost.Equal(s.Cost) &&
			slices.EqualFunc(a.Accounts, s.Accounts, statement.Account.Equal)
	})
}
