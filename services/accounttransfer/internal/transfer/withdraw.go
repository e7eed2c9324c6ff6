package transfer

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Withdrawal is how AWS is asked to end a billing transfer that the customer has accepted. It cannot be undone, so that
// only a decision begins it.
type Withdrawal struct {
	Attempt    int         `json:"attempt"`         // counts the decisions to withdraw, from 1
	Before     time.Time   `json:"before,omitzero"` // first instant that the reseller is not billed for: the first of a month
	Asked      bool        `json:"asked,omitempty"` // the call went out and its answer is not known
	SentAt     time.Time   `json:"sent_at,omitzero"`
	Revocation *Revocation `json:"revocation,omitempty"` // unset: no service term had to be ended
}

// withdrawing reports whether it is decided that AWS ends the billing transfer, and AWS has not yet.
func (t *Transfer) withdrawing() bool {
	return t.State == WaitingDecision && t.Decision.Outcome == WithdrawTransfer
}

// planWithdrawal begins another withdrawal. A service term that was ended for the one before stays ended.
func (t *Transfer) planWithdrawal() {
	next := &Withdrawal{Attempt: 1}
	if before := t.Withdrawal; before != nil {
		next.Attempt = before.Attempt + 1
		if r := before.Revocation; r != nil && r.State == TermAgreed {
			next.Revocation = r
		}
	}
	t.Withdrawal = next
	if term := t.pending(); term != nil {
		term.Left, term.CancelSentAt = false, time.Time{} // it is tried once more
	}
}

// withdrawalEnd returns before when AWS is asked to end the billing transfer: with the month, but never before its start.
func (t *Transfer) withdrawalEnd(asked time.Time) time.Time {
	end := calendar.MonthOf(asked).Next().Start()
	if start := t.EffectiveAt(); start.After(end) {
		return start
	}
	return end
}

// PrepareWithdrawal keeps the intent to withdraw at its earliest end, before AWS is called. Withdrawal says before
// when. Refused when it is not decided, or something else comes first.
func (t *Transfer) PrepareWithdrawal(now time.Time) ([]fact.Fact, error) {
	if !t.withdrawing() || t.Withdrawal.Asked || t.termUnanswered() || t.bound() {
		return nil, t.stateRefuses("withdrawn")
	}
	w, before := t.Withdrawal, t.withdrawalEnd(now)
	news := !before.Equal(w.Before)
	w.Before, w.Asked = before, true
	if !news {
		return nil, nil
	}
	return []fact.Fact{tell(FactWithdrawalRequested, "AWS is asked to withdraw the billing transfer.", "end", before.Format(time.RFC3339))}, nil
}

// WithdrawalAnswered notes that AWS has answered, or was looked at after it had not. What came of it is observed, in the
// same save; a withdrawal that did not take is repeated, but not at once.
func (t *Transfer) WithdrawalAnswered(now time.Time) ([]fact.Fact, error) {
	if t.withdrawing() {
		t.Withdrawal.Asked, t.Withdrawal.SentAt = false, now
	}
	return nil, nil
}

// WithdrawalLost takes back an intent whose call had no effect, so that it goes out again.
func (t *Transfer) WithdrawalLost() ([]fact.Fact, error) {
	if t.withdrawing() {
		t.Withdrawal.Asked = false
	}
	return nil, nil
}

// AWS's reasons that are known to have a cause.
const (
	InvalidEndDate  = "INVALID_END_DATE"   // a service term forbids it
	EndDateTooEarly = "END_DATE_TOO_EARLY" // the month has ended while AWS was asked
)

// WithdrawalRefused notes that AWS will not withdraw as things are, by AWS's own reason. Operations must mend that, and
// decide again: what was decided cannot be done.
func (t *Transfer) WithdrawalRefused(reason string, now time.Time) ([]fact.Fact, error) {
	if !t.withdrawing() {
		return nil, nil
	}
	t.Withdrawal.Asked = false
	switch reason {
	case EndDateTooEarly:
		t.Withdrawal.SentAt = now // the next try asks for the end that is then the earliest
		return nil, nil
	case InvalidEndDate:
		return t.askAgain("a service term still binds (AWS: "+reason+"): end the term in AWS Partner Central", now), nil
	}
	return t.askAgain("AWS does not withdraw it (AWS: "+reason+"): mend that", now), nil
}

// askAgain puts the question once more, because what was decided cannot be done.
func (t *Transfer) askAgain(why string, now time.Time) []fact.Fact {
	return []fact.Fact{t.ask("The billing transfer could not be withdrawn, because "+why+", then decide again: withdraw it or keep it, and decide who pays.", now)}
}

// withdrawalTimers is what leads to a withdrawal: a service term that the customer could still accept is taken back, one
// that binds is ended with the customer's consent, and then AWS is asked.
func (t *Transfer) withdrawalTimers() []timer {
	if t.keeping() {
		return []timer{t.repeat(t.Withdrawal.Revocation.CancelSentAt, CancelRevocation)}
	}
	if !t.withdrawing() {
		return nil
	}
	w, inv, term := t.Withdrawal, t.accepted(), t.pending()
	switch r := w.Revocation; {
	case w.Asked:
		return []timer{timer{at: immediately, kind: LookUpWithdrawal}.of(inv)}
	case t.termUnanswered():
		return []timer{{at: immediately, kind: LookUpCreation, step: t.stepFor(TermSent)}}
	case term != nil && !term.Left:
		return []timer{t.repeat(term.CancelSentAt, CancelTerm)}
	case w.pending() != nil:
		return []timer{t.watch(beat(r.SeenAt, r.CheckedAt), CheckRevocation)}
	case t.bound():
		return []timer{{at: immediately, kind: RevokeTerm}}
	}
	return []timer{t.repeat(w.SentAt, WithdrawInvitation).of(inv)}
}

// repeat is the timer of a call that may not take at once.
func (t *Transfer) repeat(sentAt time.Time, kind ActionKind) timer {
	if sentAt.IsZero() {
		return timer{at: immediately, kind: kind}
	}
	return t.watch(sentAt.Add(again), kind)
}

// withdrawn returns the invitation whose billing transfer was ended; nil when there is none.
func (t *Transfer) withdrawn() *Invitation {
	return t.find(func(inv *Invitation) bool { return inv.State == Withdrawn })
}

// charged reports whether AWS charges something until a withdrawal takes effect.
func (t *Transfer) charged() bool {
	inv := t.withdrawn()
	return inv != nil && inv.EndsAt.After(inv.StartAt)
}

// settled reports whether it is decided who pays until a withdrawal takes effect.
func (t *Transfer) settled() bool { return t.Decision != nil && t.Decision.Outcome == WithdrawTransfer }

// charges are the details of a withdrawal's end: from when and until when AWS charges. Who pays is the reseller's
// decision, which its own fact tells.
func (t *Transfer) charges() []string {
	inv := t.withdrawn()
	if inv == nil || !t.settled() {
		return nil
	}
	return []string{"start", inv.StartAt.Format(time.RFC3339), "end", inv.EndsAt.Format(time.RFC3339)}
}
