package transfer

import (
	"slices"
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

// Tick closes every pass of the reconciler, with the action that it did: it notes which requests to look are done, and
// says once which waits have become too long. A step with a deadline that has passed ends the journey the way a wish to
// end does.
func (t *Transfer) Tick(a Action, now time.Time) ([]fact.Fact, error) {
	if t.State.Ended() {
		return nil, nil
	}
	t.served(a, now)
	if d := t.Decision; d != nil && !d.Escalated && due(d.EscalateAt, now) {
		d.Escalated = true
		return []fact.Fact{internally(tell(FactDecisionAwaited, d.late()))}, nil
	}
	if !t.underWay() {
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
		if t.endsWhenDue(s) && due(s.DueAt, now) && t.lookedAfterDue(s) && t.Ending == nil {
			facts = append(facts, t.overdue(s, now)...)
		}
	}
	return append(facts, t.conclude(now)...), nil
}

// served notes that a kind of look is done. The requests are done when every kind is that was due for them.
func (t *Transfer) served(a Action, now time.Time) {
	if a.Kind != None && a.Look > t.Looked {
		if t.Served == nil {
			t.Served = map[ActionKind]int64{}
		}
		t.Served[a.Kind] = a.Look
	}
	if !slices.ContainsFunc(t.timers(), func(tm timer) bool { return tm.asked && !tm.at.After(now) }) {
		t.Looked = max(t.Looked, min(a.Look, t.Looks))
	}
	if !t.looking() {
		t.Served = nil
	}
}

// watch is the timer of a look that somebody may ask for before its time.
func (t *Transfer) watch(at time.Time, kind ActionKind) timer {
	if t.Looks > max(t.Looked, t.Served[kind]) {
		return timer{at: immediately, kind: kind, asked: true}
	}
	return timer{at: at, kind: kind}
}

// endsWhenDue reports whether a step that is not done in time ends the journey. Missing roles do when the reseller is to
// support (ORD-043); else they are flagged, see RolesOverdue.
func (t *Transfer) endsWhenDue(s *Step) bool {
	return !s.Overdue && (s.CompletedBy != RoleDeployed || t.SupportModel == PartnerLed)
}

// overdue ends the journey at a step whose template says so.
func (t *Transfer) overdue(s *Step, now time.Time) []fact.Fact {
	s.Overdue = true
	f := Failure{CodeStepOverdue, s.Title + ": was not done in time"}
	if s.CompletedBy == RoleDeployed {
		f = Failure{CodeRolesMissing, "the Bootstrap Role was not deployed in time, and without it the reseller cannot support"}
	}
	t.Ending = &Ending{Reason: f.Message, RequestedAt: now, Failure: &f}
	return []fact.Fact{because(tell(FactEndingRequested, "The transfer ends because a step was not done in time.", "step", s.Key), f.Message)}
}

// due reports whether a date has come; a zero date never does.
func due(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }
