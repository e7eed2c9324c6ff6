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

// CancelTransfer records the wish to end the transfer. With nothing outstanding at AWS it comes true at once;
// otherwise the invitation is cancelled first. When the customer has accepted, Operations must decide whether to
// withdraw or to keep, and who pays. A repetition, and a transfer that has ended, change nothing.
func (t *Transfer) CancelTransfer(reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if t.State.Ended() || t.Ending != nil {
		return nil, nil
	}
	t.Ending = &Ending{Reason: reason, RequestedBy: by, RequestedAt: now}
	facts := []fact.Fact{inWordsOf(by, tell(FactEndingRequested, "It was asked to end the transfer."), reason)}
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
	case t.charged() && !t.settled():
		return t.askWhoPays(now)
	case t.Ending.Failure != nil:
		facts := t.fail(*t.Ending.Failure, now)
		return []fact.Fact{facts[0].With(t.charges()...)}
	}
	t.end(Cancelled, nil, now)
	return []fact.Fact{tell(FactCancelled, t.epitaph(), t.charges()...)}
}

// epitaph says what a cancelled transfer leaves at AWS.
func (t *Transfer) epitaph() string {
	if t.charged() {
		return "The transfer was cancelled; at AWS it bills until its end."
	}
	return "The transfer was cancelled; nothing is left at AWS."
}

// whoPays is what is left to decide when the customer has withdrawn by itself.
const whoPays = "The customer withdrew the billing transfer, and AWS charges until its end: decide who pays."

// askWhoPays keeps a transfer from its end until it is decided who pays what AWS charges.
func (t *Transfer) askWhoPays(now time.Time) []fact.Fact {
	if t.State == WaitingDecision && t.Decision.Question == whoPays {
		return nil
	}
	return []fact.Fact{t.ask(whoPays, now)}
}

// awaitDecision stops a transfer that AWS has made effective before it could be ended.
func (t *Transfer) awaitDecision(now time.Time) []fact.Fact {
	if t.State == WaitingDecision {
		return nil
	}
	return []fact.Fact{t.ask(t.question(), now)}
}

// question is what Operations must decide.
func (t *Transfer) question() string {
	if f := t.Ending.Failure; f != nil {
		return "The customer has accepted the billing transfer, but " + f.Message + ": withdraw it or keep it, and decide who pays."
	}
	return "The customer accepted before the transfer could be cancelled: withdraw it or keep it, and decide who pays."
}
