package order

import (
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// AskProcess is the customer's "Process": look now instead of at the next planned time (ORD-044, XFR-BT-06). Each press
// is counted, so that one that comes while another is being conveyed is not lost. After a refusal it means: try again.
func (o *Order) AskProcess(by call.Actor) ([]fact.Fact, error) {
	if amends(o) {
		return nil, typeRefuses(o, "processed")
	}
	if !o.State.underWay() {
		return nil, o.stateRefuses("processed")
	}
	o.Looks, o.LookedBy = o.Looks+1, by.Subject
	facts := []fact.Fact{tell(FactCheckRequested)}
	if o.TransferRefused {
		facts = append(facts, askAgain(o)...)
	}
	return facts, nil
}

// RecordChecked notes that AccountTransfer was asked to look, for the presses up to this count.
func (o *Order) RecordChecked(looks int64) ([]fact.Fact, error) {
	if o.State.underWay() {
		o.Looked = max(o.Looked, min(looks, o.Looks))
	}
	return nil, nil
}
