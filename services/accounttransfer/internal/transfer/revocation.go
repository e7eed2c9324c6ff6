package transfer

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/fact"
)

// Revocation is the handshake in Partner Central that ends a service term before its time. Only the reseller can send it,
// and the customer must accept it; AWS withdraws no billing transfer that a term binds.
type Revocation struct {
	Creation
	State        TermState `json:"state"`
	RespondedAt  time.Time `json:"responded_at,omitzero"`   // answered, or ended otherwise
	CheckedAt    time.Time `json:"checked_at,omitzero"`     // when AWS last told its state
	CancelSentAt time.Time `json:"cancel_sent_at,omitzero"` // when AWS was last asked to take it back
	Needless     bool      `json:"needless,omitempty"`      // AWS sees nothing to revoke, or lets us revoke nothing
}

// pending returns the revocation that the customer must answer; nil when there is none.
func (w *Withdrawal) pending() *Revocation {
	if r := w.Revocation; r != nil && r.State == TermPending {
		return r
	}
	return nil
}

// bound reports whether the customer must agree to the end of a service term before AWS withdraws.
func (t *Transfer) bound() bool {
	r, end := t.Withdrawal.Revocation, t.withdrawalEnd(t.Decision.DecidedAt)
	if r != nil && r.Needless {
		return false // AWS's answer to the withdrawal tells
	}
	return slices.ContainsFunc(t.Terms, func(term ServiceTerm) bool {
		return term.State == TermAgreed && term.EndAt.After(end) && !t.revoked(term)
	})
}

// revoked reports whether the customer has agreed to the end of a service term.
func (t *Transfer) revoked(term ServiceTerm) bool {
	if t.Withdrawal == nil {
		return false
	}
	r := t.Withdrawal.Revocation
	return r != nil && r.State == TermAgreed && !r.RespondedAt.Before(term.RespondedAt)
}

// IntendRevocation keeps the intent to end the service term, before AWS is called. AWS sends one handshake for the token
// of the revocation, so that a repetition finds it. Refused when no term is to be ended.
func (t *Transfer) IntendRevocation() ([]fact.Fact, error) {
	if !t.withdrawing() || t.Withdrawal.pending() != nil || !t.bound() {
		return nil, t.stateRefuses("freed of its service term")
	}
	if w := t.Withdrawal; w.Revocation == nil || w.Revocation.State != TermPrepared {
		w.Revocation = &Revocation{Creation: Creation{Token: t.token("revocation-" + number(w.Attempt))}, State: TermPrepared}
	}
	t.Withdrawal.Revocation.Asked = true
	return nil, nil
}

// RevocationSent notes that AWS has the revocation and mails it to the customer.
func (t *Transfer) RevocationSent(id string, now time.Time) ([]fact.Fact, error) {
	r := t.prepared()
	if r == nil {
		return nil, nil
	}
	r.ID, r.SeenAt, r.CheckedAt, r.Asked, r.State = id, now, now, false, TermPending
	return []fact.Fact{tell(FactWithdrawalRequested, "AWS mails the end of the service term to the root address of the management account, to be accepted.",
		"handshake_id", id)}, nil
}

// RevocationRefused notes that AWS will not send the revocation. The withdrawal is tried without it.
func (t *Transfer) RevocationRefused() ([]fact.Fact, error) {
	if r := t.prepared(); r != nil {
		r.Asked, r.Needless = false, true
	}
	return nil, nil
}

// prepared returns the revocation whose answer is awaited; nil when there is none.
func (t *Transfer) prepared() *Revocation {
	if !t.withdrawing() {
		return nil
	}
	if r := t.Withdrawal.Revocation; r != nil && r.State == TermPrepared {
		return r
	}
	return nil
}

// ObserveRevocation brings the revocation to what AWS says. The same again and another handshake change nothing but the
// time of the last look. Without the customer's consent Operations must decide again, unless it has decided to keep.
func (t *Transfer) ObserveRevocation(seen TermSeen, now time.Time) ([]fact.Fact, error) {
	kept := t.keeping()
	if !kept && !t.withdrawing() {
		return nil, nil
	}
	r := t.Withdrawal.pending()
	if r == nil || r.ID != seen.HandshakeID {
		return nil, nil
	}
	r.CheckedAt = now
	if seen.Status == "" && now.Sub(r.SeenAt) > longestListed {
		seen.Status = TermExpired
	}
	if !seen.Status.answers() {
		return nil, nil
	}
	r.State, r.RespondedAt = seen.Status, now
	switch {
	case kept:
		facts := []fact.Fact{internally(tell(FactWithdrawalRequested, "The end of the service term is no longer asked for.", "handshake_id", r.ID, "state", string(r.State)))}
		return append(facts, t.goOn(now)...), nil
	case r.State == TermAgreed:
		return []fact.Fact{tell(FactWithdrawalRequested, "The customer accepted the end of the service term.", "handshake_id", r.ID)}, nil
	}
	return t.askAgain("the customer did not agree to end the service term ("+strings.ToLower(string(r.State))+"): ask why", now), nil
}

// TermCancelSent notes that AWS was asked to take back a service term that the customer had not answered. What came of
// it is observed, in the same save.
func (t *Transfer) TermCancelSent(now time.Time) ([]fact.Fact, error) {
	if term := t.takenBack(); term != nil {
		term.CancelSentAt = now
	}
	return nil, nil
}

// TermCancelRefused notes that AWS does not let us take the service term back.
func (t *Transfer) TermCancelRefused() ([]fact.Fact, error) {
	if term := t.takenBack(); term != nil {
		term.Left = true
	}
	return nil, nil
}

// takenBack returns the service term that AWS is asked to cancel; nil when there is none.
func (t *Transfer) takenBack() *ServiceTerm {
	if t.withdrawing() {
		return t.pending()
	}
	return t.leftover()
}

// keeping reports whether it is decided to keep the billing transfer, and the customer could still agree to the end of
// its service term.
func (t *Transfer) keeping() bool {
	return t.State == WaitingDecision && t.Decision.Outcome == KeepTransfer && t.Withdrawal != nil && t.Withdrawal.pending() != nil
}

// RevocationCancelSent notes that AWS was asked to take back the end of the service term. What came of it is observed,
// in the same save.
func (t *Transfer) RevocationCancelSent(now time.Time) ([]fact.Fact, error) {
	if t.keeping() {
		t.Withdrawal.Revocation.CancelSentAt = now
	}
	return nil, nil
}

// RevocationCancelRefused notes that AWS does not let us take back the end of the service term. Operations must decide
// again: the customer could end the term of a transfer that is kept.
func (t *Transfer) RevocationCancelRefused(now time.Time) ([]fact.Fact, error) {
	if !t.keeping() {
		return nil, nil
	}
	t.Withdrawal.Revocation.CancelSentAt = time.Time{}
	return []fact.Fact{t.ask("The end of the service term could not be taken back: do so in AWS Partner Central, then decide again: withdraw the billing transfer or keep it, and decide who pays.", now)}, nil
}
