package transfer

import (
	"time"
)

// Waiting says what a transfer stands still for, so that nobody has to ask.
type Waiting struct {
	Owner   Party
	What    string
	Where   string
	Until   time.Time // after it the wait is escalated, or it is too late; zero: no date
	StepKey string
}

// Waiting returns the wait that matters most to a reader: what the customer can do comes first, then what is due
// first. Nil when nobody outside has to act: the suite itself is at work, or the transfer has ended.
func (t *Transfer) Waiting() *Waiting {
	switch {
	case t.State.Ended():
		return nil
	case t.State == WaitingDecision:
		return t.decisionWait()
	case t.Ending != nil:
		return &Waiting{Owner: AWS, What: "The outstanding invitation is being cancelled.", Where: "AWS Organizations"}
	}
	var best *Waiting
	for i := range t.Steps {
		if w := t.waitFor(&t.Steps[i]); w != nil && w.before(best) {
			best = w
		}
	}
	return best
}

// waitFor returns what a step waits for; nil when it is closed or the suite does it.
func (t *Transfer) waitFor(s *Step) *Waiting {
	what, where := t.Told(s)
	w := &Waiting{Owner: s.Owner, What: what, Where: where, Until: s.EscalateAt, StepKey: s.Key}
	switch {
	case s.State == Broken:
		w.Owner, w.What, w.Where = s.Blocked.Owner, s.Blocked.What, s.Blocked.Where
	case s.State != Open, s.Owner == Platform && s.CompletedBy != Manual:
		return nil
	case s.CompletedBy == InvitationAccepted && t.Current() != nil:
		w.Until = t.Current().AcceptBy
	case !s.DueAt.IsZero():
		w.Until = s.DueAt
	}
	return w
}

// before reports whether a wait matters more than another.
func (w *Waiting) before(o *Waiting) bool {
	switch {
	case o == nil:
		return true
	case (w.Owner == Customer) != (o.Owner == Customer):
		return w.Owner == Customer
	case w.Until.IsZero() || o.Until.IsZero():
		return !w.Until.IsZero()
	}
	return w.Until.Before(o.Until)
}
