package relationship

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// Action is what a relationship wants done.
type Action string

// The actions.
const (
	None  Action = ""      // nothing is due
	Bound Action = "BOUND" // its end, who pays, or its terms are news: its periods are brought to it, then Bounded
	Open  Action = "OPEN"  // a month begins: OpenMonth
	End   Action = "END"   // no month is left: Finish
)

// immediately is the next time of a relationship that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// Next returns when the relationship goes on: the Unix epoch for "at once", zero for never.
func Next(r *Relationship) time.Time {
	at, _ := r.next()
	return at
}

// Want returns when one action is wanted; nil: not as things are.
func (r *Relationship) Want(a Action) []intent.Want {
	if at, action := r.next(); action == a && !at.IsZero() {
		return intent.At(at)
	}
	return nil
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
	case !r.EndAt.Equal(r.BoundAt), r.ChargesPaidBy != r.BoundFor, !slices.Equal(r.terms(), r.BoundOn):
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
	End       time.Time  // zero: open
	Pay       string     // who pays
	Agreement *Agreement // nil: not known yet
}

// Bounds returns those of the relationship as it is now.
func (r *Relationship) Bounds() Bounds { return Bounds{r.EndAt, r.ChargesPaidBy, r.Agreement} }

// terms are those of the agreement.
func (r *Relationship) terms() []Dated {
	if r.Agreement == nil {
		return nil
	}
	return r.Agreement.Terms
}

// Answered reports whether nobody has to say any more who pays.
func (b Bounds) Answered() bool { return b.Pay != undecided }

// Bounded notes that all periods were brought to these bounds. Others that have come to be known meanwhile stay news.
func (r *Relationship) Bounded(b Bounds) ([]fact.Fact, error) {
	r.BoundAt, r.BoundFor, r.BoundOn = b.End, b.Pay, nil
	if b.Agreement != nil {
		r.BoundOn = b.Agreement.Terms
	}
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
	r.noteOwn()
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
