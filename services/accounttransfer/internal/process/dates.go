package process

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Next returns the earliest date of the steps that are being done: an escalation, or a deadline that may be called; zero for
// none.
func (p *Process) Next() time.Time {
	var next time.Time
	add := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		if !s.State.Active() {
			continue
		}
		if !s.Escalated && s.Wait == nil {
			add(s.EscalateAt)
		}
		if s.callable() {
			add(s.DueAt)
		}
	}
	return next
}

// EscalateBefore has Operations told of an open step while half of the time is left until it is too late for something; zero: for nothing.
// A session that was scheduled is its own date.
func (s *Step) EscalateBefore(end time.Time) {
	if s.State.Active() && !s.Escalated && s.EscalateAfter > 0 && !end.IsZero() && s.Session() == nil {
		s.EscalateAt = calendar.Early(s.OpenedAt, s.EscalateAfter, end)
	}
}

// callable reports whether a step may be called overdue when its deadline comes: it was looked at since, where that is asked.
func (s *Step) callable() bool {
	return !s.Overdue && !s.DueAt.IsZero() && (!s.LookFirst || !s.LookedAt.Before(s.DueAt))
}

// Tick says once which waits have become too long, and returns the steps whose deadline has passed: what follows is the
// journey's to decide.
func (p *Process) Tick(now time.Time) (facts []fact.Fact, overdue []*Step) {
	for i := range p.Steps {
		s := &p.Steps[i]
		if !s.State.Active() {
			continue
		}
		if !s.Escalated && s.Wait == nil && Due(s.EscalateAt, now) {
			s.Escalated = true
			facts = append(facts, fact.Internally(tell(FactStepEscalated, s, "owner", string(s.Owner))))
		}
		if s.callable() && Due(s.DueAt, now) {
			s.Overdue = true
			overdue = append(overdue, s)
		}
	}
	return facts, overdue
}

// Renew gives the steps that were not done in time fresh dates: the journey goes on after all.
func (p *Process) Renew(now time.Time) []fact.Fact {
	var facts []fact.Fact
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.State.Active() && (s.Overdue || Due(s.DueAt, now)) {
			s.begin(now)
			facts = append(facts, tell(FactStepReopened, s))
		}
	}
	return facts
}

// Due reports whether a date has come; a zero date never does.
func Due(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }
