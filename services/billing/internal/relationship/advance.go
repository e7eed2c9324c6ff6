package relationship

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Action is what a relationship wants done.
type Action string

// The actions.
const (
	None  Action = ""      // nothing is due
	Bound Action = "BOUND" // its end, or who pays, is news: its periods are brought to it, then Bounded
	Open  Action = "OPEN"  // a month begins: OpenMonth
	End   Action = "END"   // no month is left: Finish
)

// immediately is the next time of a relationship that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// Next returns when the relationship wants attention: the Unix epoch for "at once", zero for never.
func Next(r *Relationship) time.Time {
	at, _ := r.next()
	return at
}

// NextAction returns what is due.
func NextAction(r *Relationship, now time.Time) Action {
	at, action := r.next()
	if at.IsZero() || at.After(now) {
		return None
	}
	return action
}

func (r *Relationship) next() (time.Time, Action) {
	switch {
	case !r.EndAt.Equal(r.BoundAt), r.ChargesPaidBy != r.BoundFor:
		return immediately, Bound
	case r.State == Ended:
		return time.Time{}, None
	case r.over():
		return r.EndAt, End
	default:
		return r.NextMonth.Start(), Open
	}
}

// over reports whether no month is left to open.
func (r *Relationship) over() bool { return !r.Covers(r.NextMonth) }

// Covers reports whether a month lies before the end, or has a part that does.
func (r *Relationship) Covers(m calendar.Month) bool {
	return r.EndAt.IsZero() || m.Start().Before(r.EndAt)
}

// IsLast reports whether the end lies in the month or closes it.
func (r *Relationship) IsLast(m calendar.Month) bool { return r.Covers(m) && !r.Covers(m.Next()) }

// Bounds are what all periods of a relationship are brought to.
type Bounds struct {
	End time.Time // zero: open
	Pay string    // who pays
}

// Bounds returns those of the relationship as it is now.
func (r *Relationship) Bounds() Bounds { return Bounds{r.EndAt, r.ChargesPaidBy} }

// Answered reports whether nobody has to say any more who pays.
func (b Bounds) Answered() bool { return b.Pay != undecided }

// Bounded notes that all periods were brought to these bounds. Others that have come to be known meanwhile stay news.
func (r *Relationship) Bounded(b Bounds) ([]fact.Fact, error) {
	r.BoundAt, r.BoundFor = b.End, b.Pay
	return nil, nil
}

// OpenMonth returns the month that begins and needs a period; zero when none is due.
func (r *Relationship) OpenMonth(now time.Time) (calendar.Month, []fact.Fact) {
	if NextAction(r, now) != Open {
		return calendar.Month{}, nil
	}
	var facts []fact.Fact
	if r.State == Pending {
		r.State = Active
		facts = append(facts, tell(FactActivated, "start", date(r.StartAt)))
	}
	month := r.NextMonth
	r.NextMonth = month.Next()
	return month, facts
}

// Finish ends the relationship when its end has come and no month is left.
func (r *Relationship) Finish(now time.Time) []fact.Fact {
	if NextAction(r, now) != End {
		return nil
	}
	r.State, r.NextMonth = Ended, calendar.Month{}
	return []fact.Fact{tell(FactEnded)}
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
	return []fact.Fact{fact.Internally(tell(FactPricingSet, "pricebook_id", pricebookID))}, nil
}
