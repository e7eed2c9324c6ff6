package process

import (
	"time"

	"example.com/handover/pkg/text"
)

// Waiting says what a journey stands still for.
type Waiting struct {
	Owner      Party     `json:"owner"`
	Text       text.Text `json:"text"`                 // an instruction: what and where
	Until      time.Time `json:"until,omitzero"`       // after it it is too late; zero: there is no deadline
	EscalateAt time.Time `json:"escalate_at,omitzero"` // when Operations is told; zero: never
	Escalated  bool      `json:"escalated,omitempty"`  // Operations was told
	StepKey    string    `json:"step_key,omitempty"`
}

// Date is when the wait becomes urgent: its deadline, or else when Operations is told; zero for neither.
func (w *Waiting) Date() time.Time {
	if w.Until.IsZero() {
		return w.EscalateAt
	}
	return w.Until
}

// Waiting returns the wait that matters most to a reader: what takes longer than planned comes first, then what the customer
// can do, then what is due first. Nil when nobody outside has to act: the suite itself is at work.
func (p *Process) Waiting() *Waiting {
	var best *Waiting
	for i := range p.Steps {
		if w := p.Steps[i].Waiting(); w != nil && w.before(best) {
			best = w
		}
	}
	return best
}

// Waiting returns what a step waits for; nil when it is closed or the suite does it. What the suite does not get done in its
// time waits for the reseller's people.
func (s *Step) Waiting() *Waiting {
	bySuite := s.State == Open && s.Owner == Platform && s.CompletedBy != Attestation
	if !s.State.Active() || bySuite && !s.Escalated {
		return nil
	}
	if s.Wait != nil {
		w := *s.Wait
		w.StepKey = s.Key
		return &w
	}
	w := &Waiting{Owner: s.Owner, Text: s.Instruction(), EscalateAt: s.EscalateAt, Escalated: s.Escalated, StepKey: s.Key}
	switch {
	case bySuite:
		w.Owner, w.Text = Reseller, text.New("wait.suite", "step", s.Title().Key)
	case s.State == Broken:
		w.Owner = s.Blocked.Owner
	}
	switch {
	case !s.Until.IsZero():
		w.Until = s.Until
	case !s.Overdue:
		w.Until = s.DueAt
	}
	return w
}

// before reports whether a wait matters more than another.
func (w *Waiting) before(o *Waiting) bool {
	switch {
	case o == nil:
		return true
	case w.Escalated != o.Escalated:
		return w.Escalated
	case (w.Owner == Customer) != (o.Owner == Customer):
		return w.Owner == Customer
	case w.Date().IsZero() || o.Date().IsZero():
		return !w.Date().IsZero()
	}
	return w.Date().Before(o.Date())
}

// same reports whether two waits say the same.
func (w *Waiting) same(o *Waiting) bool {
	return w.Owner == o.Owner && w.Text.Equal(o.Text) && w.Until.Equal(o.Until) && w.EscalateAt.Equal(o.EscalateAt) &&
		w.Escalated == o.Escalated
}
