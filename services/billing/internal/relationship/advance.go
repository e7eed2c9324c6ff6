package relationship

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Next returns when the relationship wants attention; zero for never.
func Next(r *Relationship) time.Time {
	switch r.State {
	case Pending:
		if r.over() {
			return r.EndAt // it ends before it has begun
		}
		return r.EffectiveAt
	case Active:
		if r.over() {
			return r.EndAt
		}
		return r.NextMonth.Start()
	default:
		return time.Time{}
	}
}

// over reports whether no month is left to bill.
func (r *Relationship) over() bool {
	return !r.EndAt.IsZero() && !r.NextMonth.Start().Before(r.EndAt)
}

// Advance does the next thing whose time has come: it begins, a month begins, or it ends. It returns the month that
// needs a period; zero for none. One call does one thing, so that each period is created with the step that asks for it.
func (r *Relationship) Advance(now time.Time) (calendar.Month, []fact.Fact) {
	next := Next(r)
	if next.IsZero() || next.After(now) {
		return calendar.Month{}, nil
	}
	if r.over() {
		r.State, r.NextMonth = Ended, calendar.Month{}
		return calendar.Month{}, []fact.Fact{tell(FactEnded, "The billing has ended.")}
	}
	var facts []fact.Fact
	if r.State == Pending {
		r.State = Active
		facts = append(facts, tell(FactActivated, "The transfer is live.", "start", date(r.EffectiveAt)))
	}
	month := r.NextMonth
	r.NextMonth = month.Next()
	return month, facts
}

// SetPricing gives the relationship a pricebook of its own; empty: the seller's standard one. Refused with
// STATE_REFUSES after its end, unless a month is left that is not invoiced.
func (r *Relationship) SetPricing(pricebookID string, left bool) ([]fact.Fact, error) {
	if r.State == Ended && !left {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "a relationship in state %s gets no other prices", r.State).
			WithMeta("state", string(r.State))
	}
	if r.PricebookID == pricebookID {
		return nil, nil
	}
	r.PricebookID = pricebookID
	return []fact.Fact{internally(tell(FactPricingSet, "It has another pricebook.", "pricebook_id", pricebookID))}, nil
}
