package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// AskCheck is "look now" instead of at the next planned time (XFR-BT-06). Each request is counted, so that one that
// comes while another is being served is not lost.
func (t *Transfer) AskCheck() ([]fact.Fact, error) {
	if t.State.Ended() {
		return nil, t.stateRefuses("checked")
	}
	t.Looks++
	return []fact.Fact{internally(tell(FactCheckRequested, "It was asked to look now."))}, nil
}

// Tick closes every pass of the reconciler, with the Look of the action that it served: it notes that these requests to
// look are done, and says once which waits have become too long. A step with a deadline that has passed ends the
// journey the way a wish to end does.
func (t *Transfer) Tick(look int64, now time.Time) ([]fact.Fact, error) {
	if t.State.Ended() {
		return nil, nil
	}
	t.Looked = max(t.Looked, min(look, t.Looks))
	if d := t.Decision; d != nil && !d.Escalated && due(d.EscalateAt, now) {
		d.Escalated = true
		return []fact.Fact{internally(tell(FactDecisionAwaited, "The decision takes longer than planned: "+d.Question))}, nil
	}
	if t.State != InProgress || t.Ending != nil {
		return nil, nil
	}
	var facts []fact.Fact
	for i := range t.Steps {
		s := &t.Steps[i]
		if !s.State.active() {
			continue
		}
		if !s.Escalated && due(s.EscalateAt, now) {
			s.Escalated = true
			facts = append(facts, internally(tell(FactStepEscalated, s.Title+": takes longer than planned.", "step", s.Key, "owner", string(s.Owner))))
		}
		if due(s.DueAt, now) && t.Ending == nil {
			facts = append(facts, t.overdue(s, now)...)
		}
	}
	return append(facts, t.conclude(now)...), nil
}

// overdue ends the journey at a step whose template says so.
func (t *Transfer) overdue(s *Step, now time.Time) []fact.Fact {
	f := Failure{CodeStepOverdue, s.Title + ": was not done in time"}
	t.Ending = &Ending{Reason: f.Message, RequestedAt: now, Failure: &f}
	return []fact.Fact{because(tell(FactEndingRequested, "The transfer ends because a step was not done in time.", "step", s.Key), f.Message)}
}

// due reports whether a date has come; a zero date never does.
func due(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }
