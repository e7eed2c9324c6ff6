package connection

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/contract"
)

// Phase is how far a withdrawal is.
type Phase string

// The phases.
const (
	Withdraws Phase = "WITHDRAWS" // AWS is being asked to end the billing transfer
	Keeps     Phase = "KEEPS"     // it is kept after all; a pending revocation is being taken back
	Problem   Phase = "PROBLEM"   // it could not be carried out: Operations must decide again
	Settled   Phase = "SETTLED"   // nothing is under way any more
)

// Withdrawal is how AWS is asked to end a billing transfer that the customer has accepted. It cannot be undone, so that
// only a decision begins it.
type Withdrawal struct {
	Attempt   int       `json:"attempt"` // counts the decisions to withdraw, from 1
	Phase     Phase     `json:"phase"`
	DecidedAt time.Time `json:"decided_at"`
	KeptAt    time.Time `json:"kept_at,omitzero"` // since when it is to be kept after all
	Before    time.Time `json:"before,omitzero"`  // first instant that the reseller is not billed for: the first of a month
	SentAt    time.Time `json:"sent_at,omitzero"`
	FreeOf    time.Time `json:"free_of,omitzero"` // end of the service term that does not keep AWS from it any more: its last month has come
	Problem   text.Text `json:"problem,omitzero"` // why it could not be carried out
}

// EffectWithdraw is the effect by which AWS is asked to end the billing transfer; its subject is the attempt.
const EffectWithdraw = "withdraw"

// under reports whether a withdrawal is being carried out.
func (w *Withdrawal) under() bool { return w != nil && w.Phase == Withdraws }

// Withdrawing reports whether it is decided that AWS ends the billing transfer, and AWS has not yet.
func (c *Connection) Withdrawing() bool { return c.Withdrawal.under() && c.State == Effective }

// Keeping reports whether it is decided to keep the billing transfer, and the customer could still agree to the end of its
// service term.
func (c *Connection) Keeping() bool { return c.Withdrawal != nil && c.Withdrawal.Phase == Keeps }

// Withdraw begins a withdrawal. A service term that was ended for the one before stays ended.
func (c *Connection) Withdraw(now time.Time) {
	next := &Withdrawal{Attempt: 1, Phase: Withdraws, DecidedAt: now}
	if before := c.Withdrawal; before != nil {
		next.Attempt = before.Attempt + 1
	}
	if r := c.Contract.Revocation; r != nil && r.State != contract.Accepted {
		c.Contract.Revocation = nil
	}
	c.Withdrawal = next
	release(c, now)
	if term := c.Contract.Pending(); term != nil {
		term.Left, term.CancelSentAt = false, time.Time{} // it is tried once more
	}
}

// Keep drops a withdrawal. A revocation that the customer could still accept is taken back first.
func (c *Connection) Keep(now time.Time) {
	w := c.Withdrawal
	if w == nil {
		return
	}
	w.Phase = Settled
	if r := c.Contract.Revoking(); r != nil {
		w.Phase, w.KeptAt, r.CancelSentAt, r.Left = Keeps, now, time.Time{}, false
	}
	if term := c.Contract.Term(); term != nil && term.State != contract.Prepared && c.Contract.Binding() == nil {
		withoutTerm(c, now)
	}
}

// withdrawalEnd returns before when AWS is asked to end the billing transfer: with the month, but never before its start.
func withdrawalEnd(c *Connection, asked time.Time) time.Time {
	end := calendar.MonthOf(asked).Next().Start()
	if c.StartAt.After(end) {
		return c.StartAt
	}
	return end
}

// freeAt is from when on no service term keeps AWS from withdrawing: AWS ends a billing with the month in which it is asked, so that it can
// be asked in the last month of the term. Immediately: none does.
func freeAt(c *Connection) time.Time { return allowedBy(c, c.Contract.BindsUntil()) }

// allowedBy is from when on AWS withdraws in spite of a term with this end; Immediately for one that ends with the start.
func allowedBy(c *Connection, until time.Time) time.Time {
	if !until.After(c.StartAt) {
		return immediately
	}
	return calendar.RemovalFor(until)
}

// AwaitsConsent reports whether a withdrawal waits for the customer's consent to the end of a service term. On the day on which AWS does
// not need that any more, nobody waits for it.
func AwaitsConsent(c *Connection) bool {
	return c.Withdrawing() && c.Contract.Revoking() != nil && !free(c)
}

// free reports whether no term keeps AWS from a withdrawal, as far as is known.
func free(c *Connection) bool { return !c.Contract.BindsUntil().After(c.Withdrawal.FreeOf) }

// released is when a withdrawal stops to wait for a consent; zero: it does not wait, or has stopped.
func released(c *Connection) time.Time {
	if !c.Withdrawing() || free(c) {
		return time.Time{}
	}
	return freeAt(c)
}

// release notes that a withdrawal needs no consent any more, as a date that has come says.
func release(c *Connection, now time.Time) []fact.Fact {
	if at := released(c); at.IsZero() || at.After(now) {
		return nil
	}
	waited := AwaitsConsent(c)
	next := *c.Withdrawal
	next.FreeOf = c.Contract.BindsUntil()
	if c.Withdrawal = &next; !waited {
		return nil
	}
	return []fact.Fact{tell(FactConsentNeedless)}
}

// WithdrawWanted is when AWS is asked: after a service term that the customer could still accept was taken back, and one that
// binds was ended with the customer's consent; without either, as soon as the term does not forbid it any more.
func WithdrawWanted(c *Connection) []intent.Want {
	if !c.Withdrawing() || c.AcceptedInvitation() == nil || c.Intents.AnyAsked(EffectTerm) {
		return nil
	}
	at := latest(repeat(c.Withdrawal.SentAt), freeAt(c))
	if left := c.LeftTerm(); left != nil {
		at = latest(at, allowedBy(c, left.EndAt))
	}
	return []intent.Want{{Subject: number(c.Withdrawal.Attempt), At: at}}
}

// IntendWithdrawal sets before when AWS is asked to end it, at the earliest.
func IntendWithdrawal(c *Connection, now time.Time) []fact.Fact {
	facts := release(c, now)
	w, before := c.Withdrawal, withdrawalEnd(c, now)
	if before.Equal(w.Before) {
		return facts
	}
	w.Before = before
	return append(facts, tell(FactWithdrawalRequested, "end", stamp(before)))
}

// WithdrawalAnswered notes that AWS has answered, or was looked at after it had not, and what it says since; a withdrawal
// that did not take is repeated, but not at once.
func WithdrawalAnswered(c *Connection, seen Observation, now time.Time) []fact.Fact {
	if c.Withdrawing() {
		c.Withdrawal.SentAt = now
	}
	return c.Observe(seen, now)
}

// AWS's reasons that are known to have a cause.
const (
	InvalidEndDate  = "INVALID_END_DATE"   // a service term forbids it
	EndDateTooEarly = "END_DATE_TOO_EARLY" // the month has ended while AWS was asked
)

// WithdrawalRefused notes that AWS will not withdraw as things are, by AWS's own reason. Operations must mend that, and
// decide again.
func WithdrawalRefused(c *Connection, reason string, now time.Time) []fact.Fact {
	if !c.Withdrawing() {
		return nil
	}
	switch reason {
	case EndDateTooEarly:
		c.Withdrawal.SentAt = now // the next try asks for the end that is then the earliest
		return nil
	case InvalidEndDate:
		problem(c, text.New("decision.term-binds", "reason", reason))
	default:
		problem(c, text.New("decision.withdrawal-refused", "reason", reason))
	}
	return []fact.Fact{fact.Because(fact.Internally(tell(FactWithdrawalRefused)), reason)}
}

func problem(c *Connection, why text.Text) {
	c.Withdrawal.Phase, c.Withdrawal.Problem = Problem, why
}

// The effects about the handshake that ends a service term.
const (
	EffectRevoke           = "revoke-service-term" // its subject is the attempt of the withdrawal
	EffectCancelRevocation = "cancel-revocation"
)

// RevokeWanted is when the customer is asked, through AWS, to agree to the end of a service term.
func RevokeWanted(c *Connection) []intent.Want {
	if !c.Withdrawing() || c.LeftTerm() != nil || c.Contract.Revoking() != nil || free(c) {
		return nil
	}
	return []intent.Want{{Subject: number(c.Withdrawal.Attempt), At: immediately}}
}

// RevocationSent notes that AWS has the revocation and mails it to the customer.
func RevocationSent(c *Connection, id string, now time.Time) []fact.Fact {
	r := c.Contract.Revocation
	if r == nil || r.State != contract.Prepared {
		return nil
	}
	if r.Sent(id, now); c.State == Effective && c.Withdrawal.Phase == Settled {
		c.Keep(now) // AWS's answer was late: it is to be taken back
	}
	return []fact.Fact{tell(FactRevocationRequested, "handshake_id", id)}
}

// RevocationRefused notes that AWS will not send the revocation. The withdrawal is tried without it.
func RevocationRefused(c *Connection) {
	if r := c.Contract.Revocation; c.Withdrawing() && r != nil && r.State == contract.Prepared {
		r.Needless = true
	}
}

// RevocationLeft is the problem of a revocation that AWS does not take back, so that the customer could still end the term of a billing
// transfer that is kept.
const RevocationLeft = "decision.revocation-left"

// leftRevocation returns a revocation that AWS does not take back although the billing transfer is kept; nil when there is none.
func leftRevocation(c *Connection) *contract.Revocation {
	if w := c.Withdrawal; c.State == Effective && w != nil && w.Phase == Problem && w.Problem.Key == RevocationLeft {
		return c.Contract.Revoking()
	}
	return nil
}

// CheckRevocationWanted is when AWS is asked whether the customer has agreed. What AWS does not take back is looked at at once: it may have
// been answered, or have ended.
func CheckRevocationWanted(c *Connection) []intent.Want {
	r := c.Contract.Revoking()
	switch {
	case r == nil:
		return nil
	case r.Left && overRevocation(c) != nil && c.lookAsked(LookRevocation):
		return intent.Now()
	case leftRevocation(c) == nil && !c.Withdrawing():
		return nil
	}
	return intent.At(c.watch(LookRevocation, beforeMonthEnds(beat(r.SeenAt, r.CheckedAt), r.CheckedAt)))
}

// beforeMonthEnds brings a look forward: in the last hours of a month a consent decides whether that month is the last one, and is
// looked for on the shortest beat.
func beforeMonthEnds(at, last time.Time) time.Time {
	hours := calendar.MonthOf(last).Next().Start().Add(-longestBeat)
	if !last.Before(hours) {
		return last.Add(shortestBeat)
	}
	return byTurn(at, last, hours)
}

// overRevocation is the revocation that the customer could still accept although nobody needs it: what it was for is kept, or is over;
// nil when there is none.
func overRevocation(c *Connection) *contract.Revocation {
	if c.Keeping() || leftRevocation(c) != nil || c.State == Ending || c.State == Ended {
		return c.Contract.Revoking()
	}
	return nil
}

// CancelRevocationWanted is when AWS is asked to take such a revocation back.
func CancelRevocationWanted(c *Connection) []intent.Want {
	r := overRevocation(c)
	if r == nil {
		return nil
	}
	return []intent.Want{{Subject: r.ID, At: takeBackAt(c, r.Left, r.SeenAt, r.CancelSentAt)}}
}

// ObserveRevocation brings the revocation to what AWS says. Without the customer's consent Operations must decide again,
// unless it has decided to keep: then that is carried out, whatever AWS refused before.
func ObserveRevocation(c *Connection, seen contract.Seen, now time.Time) []fact.Fact {
	r, wasLeft := c.Contract.Revoking(), leftRevocation(c) != nil
	if r == nil || r.ID != seen.HandshakeID || !r.Observe(seen, now) {
		return nil
	}
	news := tell(FactRevocationAnswered, "handshake_id", r.ID, "state", string(r.State))
	switch {
	case c.Keeping(), wasLeft:
		c.Keep(now)
		return []fact.Fact{fact.Internally(news)}
	case c.State != Effective:
		return []fact.Fact{fact.Internally(news)} // what was left at AWS is over
	case r.State != contract.Accepted && c.Withdrawing() && freeAt(c).After(now):
		problem(c, text.New("decision.consent-refused", "state", strings.ToLower(string(r.State))))
	}
	return []fact.Fact{news}
}

// RevocationCancelSent notes that AWS was asked to take the revocation back, and what it says of it since.
func RevocationCancelSent(c *Connection, seen contract.Seen, now time.Time) []fact.Fact {
	if r := c.Contract.Revoking(); r != nil {
		r.CancelSentAt = now
	}
	return ObserveRevocation(c, seen, now)
}

// RevocationCancelRefused notes that AWS does not let us take the revocation back. Operations must decide again: the customer
// could end the term of a transfer that is kept. What has ended has no term to end.
func RevocationCancelRefused(c *Connection, now time.Time) []fact.Fact {
	r := overRevocation(c)
	if r == nil {
		return nil
	}
	if r.CancelSentAt, r.Left = now, true; c.Keeping() {
		problem(c, text.New(RevocationLeft))
	}
	c.ask(LookRevocation)
	return nil
}
