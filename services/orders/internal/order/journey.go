package order

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// The states of a transfer that mean something to an order.
const (
	transferCompleted = "COMPLETED"
	transferFailed    = "FAILED"
	transferCancelled = "CANCELLED"
	transferUndecided = "WAITING_DECISION"
)

// codeWithdrawn is AccountTransfer's code for a billing transfer that was withdrawn at AWS.
const codeWithdrawn = "TRANSFER_WITHDRAWN"

// TransferView is the public state of a transfer as its events tell it.
type TransferView struct {
	TransferID      string
	Revision        int64
	State           string
	Waiting         *Waiting // what the transfer waits for; nil: nothing
	Failure         *Failure // why it failed, with AccountTransfer's code
	SourceAccountID string
	Ending          bool      // it has a wish to end
	KeptAt          time.Time // when Operations last decided to keep it; zero: it did not
}

// RecordTransferRequested notes that AccountTransfer has the transfer. Repeating it changes nothing.
func (o *Order) RecordTransferRequested() ([]fact.Fact, error) {
	if !o.State.underWay() || o.Transferring {
		return nil, nil
	}
	facts := o.resume()
	o.Transferring, o.TransferRefused, o.RefusedAt, o.RefusedWait = true, false, time.Time{}, nil
	return append(facts, tell(FactTransferCreated, "transfer_id", o.TransferID)), nil
}

// RecordTransferRefused notes that AccountTransfer will not begin as things are. The order waits for somebody who can mend
// it, and asks again when somebody says to look now; a wish to end comes true, for there is nothing to cancel.
func (o *Order) RecordTransferRefused(refusal *errs.Error, now time.Time) ([]fact.Fact, error) {
	if !o.State.underWay() || o.Transferring {
		return nil, nil
	}
	o.TransferRefused = true
	if o.RefusedAt.IsZero() { // a repetition in vain begins no other wait
		o.RefusedAt = now
	}
	if o.Ending != nil {
		return o.endAsWished(now), nil
	}
	return o.query(waitingFor(o, refusal, now)), nil
}

// askAgain has AccountTransfer asked once more for what it refused. What people were told of stays until it does not refuse.
func askAgain(o *Order) []fact.Fact {
	o.TransferRefused, o.RefusedWait = false, o.Waiting
	return o.resume()
}

// refusal is what the order waited for when AccountTransfer refused its transfer, also while that is asked again; nil: it did not refuse.
func refusal(o *Order) *Waiting {
	switch {
	case o.RefusedAt.IsZero() || o.Transferring || !o.State.underWay() || o.Ending != nil && !o.TransferRefused:
		return nil
	case o.TransferRefused && o.State == Querying:
		return o.Waiting
	}
	return o.RefusedWait
}

// ObserveTransfer brings the order to where its transfer is. An older or equal revision, another transfer and an ended
// order change nothing.
func (o *Order) ObserveTransfer(v TransferView, now time.Time) ([]fact.Fact, error) {
	if !heeds(o, v) {
		return nil, nil
	}
	var facts []fact.Fact
	if !o.Transferring {
		facts, _ = o.RecordTransferRequested() // its event was faster than the answer of our call
	}
	before, acted := o.TransferState, o.Going
	facts = append(facts, o.hear(v)...)
	if ended := o.follow(v, now); len(ended) > 0 {
		return append(facts, ended...), nil
	}
	moved := o.keep(v)
	if w := v.wait(); w != nil {
		o.Going = nil
		moved = append(moved, o.query(w)...)
	} else {
		o.Going = v.Waiting
		moved = append(moved, o.resume()...)
	}
	if len(moved) == 0 && (before != v.State || !o.Going.same(acted)) {
		moved = []fact.Fact{fact.Internally(tell(FactProgressed, "transfer_state", v.State))}
	}
	return append(facts, moved...), nil
}

// heeds reports whether what a transfer says is news of the order's own.
func heeds(o *Order, v TransferView) bool {
	return o.State.underWay() && v.TransferID == o.TransferID && v.Revision > o.TransferRevision
}

// hear notes what a transfer says of itself, and with it its account: one that the customer has created since the submission, or that was
// corrected (ORD-025).
func (o *Order) hear(v TransferView) []fact.Fact {
	o.TransferRevision, o.TransferState = v.Revision, v.State
	o.SourceAccountID = v.SourceAccountID
	if v.SourceAccountID == "" {
		return nil
	}
	before := o.ManagementAccountID
	o.ManagementAccountID, o.AccountLost = v.SourceAccountID, false
	if before == v.SourceAccountID {
		return nil
	}
	return []fact.Fact{saying("order.account_taken", tell(FactProgressed, "account_id", v.SourceAccountID))}
}

// wait is what makes the order QUERYING while its transfer is here: the customer, whatever a transfer stands still for that Operations
// must decide on, and what takes longer than planned. What others do in their time is shown while the order is PROCESSING.
func (v TransferView) wait() *Waiting {
	undecided := v.State == transferUndecided
	switch {
	case v.Waiting != nil && (undecided || v.Waiting.Escalated || v.Waiting.Owner == Customer):
		return v.Waiting
	case undecided:
		return &Waiting{Owner: Reseller, Text: text.New("wait.decide"), Escalated: true}
	}
	return nil
}

// follow ends the order when its transfer has ended; nothing else does once it is under way.
func (o *Order) follow(v TransferView, now time.Time) []fact.Fact {
	switch v.State {
	case transferCompleted: // ORD-040, even when an end was wished for: AWS was faster and Operations kept it
		return append(o.end(Completed, nil, tell(FactCompleted), now), decideLate(o, now)...)
	case transferFailed: // ORD-042
		if o.Ending != nil && v.Failure != nil && v.Failure.Code == codeWithdrawn {
			return o.endAsWished(now) // AWS was faster than the wish, and Operations withdrew what it had brought
		}
		f := failureOf(v.Failure)
		return o.end(Failed, f, tell(FactFailed, "code", f.Code), now)
	case transferCancelled:
		return o.endAsWished(now)
	}
	return nil
}

// failureOf says in the words of an order why its transfer failed.
func failureOf(f *Failure) *Failure {
	if f == nil {
		return &Failure{Code: CodeTransferFailed}
	}
	codes := map[string]string{
		"INVITATION_DECLINED":  CodeTransferDeclined,
		"INVITATION_EXPIRED":   CodeTransferExpired,
		"INVITATION_CANCELED":  CodeTransferCancelled,
		"ACCOUNT_NOT_ELIGIBLE": CodeAccountNotEligible,
		"ACCOUNT_INVALID":      CodeAccountNotEligible,
		"ROLES_MISSING":        CodeRolesMissing, // ORD-043
		codeWithdrawn:          CodeTransferWithdrawn,
	}
	code, known := codes[f.Code]
	if !known {
		code = CodeTransferFailed
	}
	return &Failure{Code: code}
}

// query makes the order wait for somebody outside.
func (o *Order) query(w *Waiting) []fact.Fact {
	if o.State == Querying && o.Waiting.same(w) {
		return nil
	}
	o.State, o.Waiting = Querying, w
	what, _, _ := w.Text.Literal() // in the words of who told it; empty: the wait is the order's own
	if w.Owner != Customer {
		what = "" // what the reseller's people are to do is not for the customer, who reads the fact
	}
	return []fact.Fact{tell(FactQueried, "owner", string(w.Owner), "step_key", w.StepKey, "what", what)}
}

// resume ends a wait.
func (o *Order) resume() []fact.Fact {
	if o.State != Querying {
		return nil
	}
	o.State, o.Waiting = Processing, nil
	return []fact.Fact{tell(FactResumed)}
}

// end is the one way into an end state.
func (o *Order) end(s State, f *Failure, told fact.Fact, now time.Time) []fact.Fact {
	o.State, o.Failure, o.Waiting, o.Going, o.EndedAt = s, f, nil, nil, now
	return []fact.Fact{told}
}
