package transfer

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Ending is the recorded wish to end a transfer. What is outstanding at AWS decides how it comes true.
type Ending struct {
	Reason      string     `json:"reason"`
	RequestedBy call.Actor `json:"requested_by,omitzero"` // zero: a step was not done in its time
	RequestedAt time.Time  `json:"requested_at"`
	Failure     *Failure   `json:"failure,omitempty"` // the transfer then fails with it, instead of being cancelled
}

// Decision is a question that only Operations can answer.
type Decision struct {
	Question   string    `json:"question"`
	NeededAt   time.Time `json:"needed_at"`
	EscalateAt time.Time `json:"escalate_at,omitzero"`
	Escalated  bool      `json:"escalated,omitempty"`
}

// CancelTransfer records the wish to end the transfer. With nothing outstanding at AWS it comes true at once;
// otherwise the invitation is cancelled first. When the customer has accepted, Operations must decide whether to
// withdraw or to keep, and who pays. A repetition, and a transfer that has ended, change nothing.
func (t *Transfer) CancelTransfer(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if t.State.Ended() || t.Ending != nil {
		return nil, nil
	}
	t.Ending = &Ending{Reason: reason, RequestedBy: by, RequestedAt: now}
	facts := []fact.Fact{because(tell(FactEndingRequested, "It was asked to end the transfer."), reason)}
	return append(facts, t.conclude(now)...), nil
}

// CancelSent notes that AWS was asked to cancel an invitation. What came of it is observed, in the same save; a cancel
// that did not take is repeated, but not at once.
func (t *Transfer) CancelSent(attempt int, now time.Time) ([]fact.Fact, error) {
	if inv := t.find(func(inv *Invitation) bool { return inv.Attempt == attempt }); inv != nil && !t.State.Ended() {
		inv.CancelSentAt = now
	}
	return nil, nil
}

// conclude brings a wish to end closer to its end: it runs after every change, and does nothing without a wish. Nothing
// ends while AWS has, or may have, an invitation.
func (t *Transfer) conclude(now time.Time) []fact.Fact {
	if t.Ending == nil || t.State.Ended() {
		return nil
	}
	for i := range t.Invitations {
		inv := &t.Invitations[i]
		inv.Cancel = inv.Cancel || inv.State == Requested
	}
	switch {
	case t.accepted() != nil:
		return t.awaitDecision(now)
	case t.outstanding() != nil:
		return nil
	case t.Ending.Failure != nil:
		return t.fail(*t.Ending.Failure, now)
	}
	t.end(Cancelled, nil, now)
	return []fact.Fact{because(tell(FactCancelled, "The transfer was cancelled; nothing is left at AWS."), t.Ending.Reason)}
}

// awaitDecision stops a transfer that AWS has made effective before it could be ended.
func (t *Transfer) awaitDecision(now time.Time) []fact.Fact {
	if t.State == WaitingDecision {
		return nil
	}
	t.State = WaitingDecision
	t.Decision = &Decision{
		Question: "The customer accepted before the transfer could be cancelled: withdraw it or keep it, and decide who pays.",
		NeededAt: now,
	}
	if t.Policy.DecideIn > 0 {
		t.Decision.EscalateAt = now.Add(t.Policy.DecideIn)
	}
	return []fact.Fact{internally(tell(FactDecisionAwaited, t.Decision.Question, "start", t.EffectiveAt().Format(time.RFC3339)))}
}
