package process

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Report is what is known of a condition now.
type Report struct {
	Condition Condition
	Met       bool
	Failure   *Failure  // set: it cannot be met as things are
	Blocked   Blocked   // with Failure: who can mend it
	Told      text.Text // a better instruction for whoever has the step; zero: the step's own
	Until     time.Time // after it it is too late; zero: no such date
	Wait      *Waiting  // who has it now, where the resource says so itself and escalates it itself; nil: its step's owner
	LookedAt  time.Time // when the resource was last looked at; zero: that does not matter
}

// Observe brings the step of a condition to what is reported. A step that nobody has yet is completed too, when its
// condition is met before its turn; one that was done loses what does not hold any more, and so do the steps after it.
func (p *Process) Observe(r Report, now time.Time) []fact.Fact {
	s := p.For(r.Condition)
	if s == nil || s.State == Skipped {
		return nil
	}
	switch {
	case r.Met && s.State != Done:
		return []fact.Fact{s.done(call.Actor{}, "", now)}
	case r.Met:
		return nil
	case r.Failure != nil:
		return p.fails(s, r, now)
	case s.State == Done:
		return p.takeBack(s, now)
	case s.State == Broken: // it is being tried again
		return []fact.Fact{s.retry(now)}
	}
	return s.told(r)
}

// told takes over what whoever has the step reads of it. Another instruction than before is news.
func (s *Step) told(r Report) []fact.Fact {
	if !s.State.Active() {
		return nil
	}
	var facts []fact.Fact
	if !s.Told.IsZero() && !s.Told.Equal(r.Told) || !s.Until.IsZero() && !s.Until.Equal(r.Until) {
		facts = append(facts, fact.Internally(tell(FactStepChanged, s)))
	}
	if s.Wait != nil && r.Wait != nil && !s.Wait.same(r.Wait) {
		facts = append(facts, fact.Internally(tell(FactStepChanged, s)))
	}
	s.Told, s.Until, s.Wait = r.Told, r.Until, r.Wait
	if !s.DueAt.IsZero() && !r.LookedAt.Before(s.DueAt) {
		s.LookedAt = r.LookedAt
	}
	return facts
}

// fails fails a step whose condition cannot be met. What rests on it closes again.
func (p *Process) fails(s *Step, r Report, now time.Time) []fact.Fact {
	if s.State == Pending {
		return nil // its turn has not come
	}
	if s.State == Done {
		p.closeAfter(s)
	}
	facts := s.Fail(*r.Failure, r.Blocked, now)
	return append(facts, s.told(r)...)
}

// takeBack reopens a step whose condition was met and is not any more.
func (p *Process) takeBack(s *Step, now time.Time) []fact.Fact {
	p.closeAfter(s)
	if len(p.missing(s)) > 0 {
		s.reset(Pending)
		return nil
	}
	s.begin(now)
	return []fact.Fact{tell(FactStepReopened, s)}
}

// Need opens a step that a rule has skipped, and closes those that rest on it and somebody has now.
func Need(p *Process, s *Step, now time.Time) []fact.Fact { return p.takeBack(s, now) }

// Disprove opens a step again whose attestation was found to be wrong, with what is to be done about it. Sessions that were held stay.
// Operations is told at once when it has the step.
func (p *Process) Disprove(s *Step, told text.Text, now time.Time) []fact.Fact {
	p.closeAfter(s)
	s.begin(now)
	s.Told = told
	facts := []fact.Fact{tell(FactStepReopened, s)}
	if s.Owner == Reseller {
		s.Escalated = true
		facts = append(facts, fact.Internally(tell(FactStepEscalated, s, "owner", string(s.Owner))))
	}
	return facts
}

// closeAfter closes the steps that rest on a step and that somebody has now.
func (p *Process) closeAfter(s *Step) {
	for _, later := range p.after(s.Key) {
		if later.State.Active() {
			later.reset(Pending)
		}
	}
}
