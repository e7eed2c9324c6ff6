package journey

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Ending is the recorded wish to end a transfer. What is outstanding at AWS decides how it comes true.
type Ending struct {
	Reason      string           `json:"reason,omitempty"` // in the words of who asked
	RequestedBy call.Actor       `json:"requested_by,omitzero"`
	RequestedAt time.Time        `json:"requested_at"`
	Failure     *process.Failure `json:"failure,omitempty"` // the transfer then fails with it, instead of being cancelled

	EscalateAt time.Time        `json:"escalate_at,omitzero"` // zero: never
	Escalated  bool             `json:"escalated,omitempty"`  // Operations was told
	Blocked    *process.Blocked `json:"blocked,omitempty"`    // who can mend what AWS refuses meanwhile; nil: it refuses nothing
}

// wish records the wish to end the transfer. One that does not come true in the time of a decision is escalated.
func (t *Transfer) wish(e Ending, now time.Time) {
	e.RequestedAt = now
	if t.DecideIn > 0 {
		e.EscalateAt = now.Add(t.DecideIn)
	}
	t.Ending = &e
}

// waiting says who must act before the transfer ends.
func (e *Ending) waiting() *process.Waiting {
	w := &process.Waiting{Owner: process.AWS, Text: instruct("wait.cancelling"), EscalateAt: e.EscalateAt, Escalated: e.Escalated}
	switch {
	case e.Blocked != nil:
		w.Owner, w.Text = e.Blocked.Owner, e.Blocked.Text
	case e.Escalated:
		w.Owner, w.Text = process.Reseller, instruct("wait.not-cancelled")
	}
	return w
}

// Cancel records the wish to end the transfer. With nothing outstanding at AWS it comes true at once; otherwise the invitation
// is cancelled first. When the connection is effective, Operations must decide whether to withdraw or to keep, and who pays. A
// repetition, and a transfer that has ended, change nothing.
func (t *Transfer) Cancel(reason string, by call.Actor, now time.Time) []fact.Fact {
	if t.State.Ended() || t.Ending != nil {
		return nil
	}
	t.wish(Ending{Reason: reason, RequestedBy: by}, now)
	return []fact.Fact{inWordsOf(by, tell(FactEndingRequested), reason)}
}

// Tick says which waits have become too long, and what follows from deadlines that have passed.
func (t *Transfer) Tick(now time.Time) []fact.Fact {
	if t.State.Ended() {
		return nil
	}
	facts := t.Decision.tick(now)
	if e := t.Ending; e != nil && t.State == InProgress && !e.Escalated && process.Due(e.EscalateAt, now) {
		e.Escalated = true
		facts = append(facts, fact.Internally(tell(FactEndingEscalated)))
	}
	if !t.underWay() {
		return facts
	}
	escalated, overdue := t.Process.Tick(now)
	facts = append(facts, escalated...)
	if w := unboundWait(t); w.Tell(&t.Overlong, now) {
		facts = append(facts, fact.Internally(tell(FactWaitEscalated, "owner", string(w.Owner))))
	}
	for _, s := range overdue {
		facts = append(facts, t.overdue(s, now)...)
	}
	return append(facts, t.goOn(now)...)
}

// overdue is what follows when a step was not done in its time.
func (t *Transfer) overdue(s *process.Step, now time.Time) []fact.Fact {
	if s.Condition == connection.RoleDeployed && s.OnOverdue == process.Flags {
		return t.roleOverdue(s, now)
	}
	if s.OnOverdue == process.Skips {
		return []fact.Fact{s.Skip("not answered in time", now)}
	}
	f := process.Failure{Code: CodeStepOverdue, Text: instruct("failure.STEP_OVERDUE", "title", s.Title().Key)}
	switch {
	case s.Condition == connection.RoleDeployed:
		f = failure(CodeRolesMissing)
	case s.State == process.Broken:
		f = *s.Failure // nobody has mended it
	}
	t.wish(Ending{Failure: &f}, now)
	return []fact.Fact{fact.Because(tell(FactEndingRequested, "step", s.Key), f.Code)}
}

// Next returns when the transfer itself has something to say; zero for never.
func (t *Transfer) Next() time.Time {
	if t.State.Ended() {
		return time.Time{}
	}
	var next time.Time
	if t.underWay() {
		next = earliest(t.Process.Next(), unboundWait(t).TellAt(t.Overlong))
	}
	if e := t.Ending; e != nil && t.State == InProgress && !e.Escalated {
		next = e.EscalateAt
	}
	if d := t.Decision; d != nil {
		if !d.Escalated {
			next = earliest(next, d.EscalateAt)
		}
		if d.open() && !d.Charged {
			next = earliest(next, d.ChargesFrom)
		}
	}
	return next
}

// earliest is the earlier of two dates; a zero date is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// due reports whether a date has come; a zero date never does.

// conclude brings a wish to end closer to its end: it does nothing without a wish. Nothing ends while AWS has, or may have, an
// invitation, or charges that nobody has decided on.
func (t *Transfer) conclude(c *connection.Connection, now time.Time) []fact.Fact {
	if t.Ending == nil || t.State.Ended() {
		return nil
	}
	switch {
	case c.State == connection.Effective:
		return t.awaitDecision(c, now)
	case c.State == connection.Proposed && connection.Outstanding(c):
		return nil
	case c.Charged() && !t.decidedToWithdraw():
		return t.askWhoPays(c, now)
	case t.Ending.Failure != nil:
		facts := t.fail(*t.Ending.Failure, now)
		return []fact.Fact{facts[0].With(t.charges(c)...)}
	}
	t.end(Cancelled, nil, now)
	f := tell(FactCancelled, t.charges(c)...)
	if c.Charged() {
		f.Text = "transfer.cancelled_with_charges"
	}
	return []fact.Fact{f}
}

// charges are the details of a withdrawal's end: from when and until when AWS charges. Who pays is the reseller's
// decision, which its own fact tells.
func (t *Transfer) charges(c *connection.Connection) []string {
	if c.EndAt.IsZero() || !t.decidedToWithdraw() {
		return nil
	}
	return []string{"start", stamp(c.StartAt), "end", stamp(c.EndAt)}
}
