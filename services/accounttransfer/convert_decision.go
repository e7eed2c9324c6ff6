package accounttransfer

import (
	"slices"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// shown is a transfer as a caller may read it. What Operations was asked, what it has decided and what it said is
// between the reseller's people and our services: customers and partners see that the reseller decides, and then how it
// goes on.
func shown(caller call.Call, r store.Row[transfer.Transfer]) *accounttransferv1.Transfer {
	out := toTransfer(r)
	ours := slices.Contains([]auth.Role{auth.Operator, auth.SupportReader, auth.Service}, auth.Role(caller.Actor.Role))
	if ours || r.Doc == nil {
		return out
	}
	hideWords(out, r.Doc)
	if out.GetDecision() == nil {
		return out
	}
	if w := out.GetWaiting(); w != nil && w.GetWhat() == out.GetDecision().GetQuestion() {
		w.What = "The reseller decides how the billing transfer goes on."
	}
	out.Decision = nil
	return out
}

// hideWords takes out what the reseller's people said. The words of a rule, and the customer's own, stay.
func hideWords(out *accounttransferv1.Transfer, t *transfer.Transfer) {
	if out.GetEnding() != nil && transfer.OfReseller(t.Ending.RequestedBy) {
		out.Ending.Reason, out.Ending.RequestedBy = "", nil
	}
	for i, s := range out.GetSteps() {
		by := t.Steps[i].DoneBy
		if transfer.OfReseller(by) {
			s.Evidence, s.DoneBy = "", nil
		}
		if transfer.OfReseller(by) || t.Steps[i].State != transfer.Skipped {
			s.Reason = "" // only Operations skips and reopens, but for the rule that skips without an actor
		}
	}
}

// told is a transfer as its events carry it: other services act on what was decided, and have no use for the words.
func told(r store.Row[transfer.Transfer]) *accounttransferv1.Transfer {
	out := toTransfer(r)
	if out.GetDecision() != nil {
		out.Decision.Reason = ""
	}
	return out
}

func toDecision(d *transfer.Decision) *accounttransferv1.TransferDecision {
	if d == nil {
		return nil
	}
	return &accounttransferv1.TransferDecision{
		Question: d.Question, NeedTime: wire.Time(d.NeededAt),
		Outcome:       wire.Value[accounttransferv1.DecisionOutcome](string(d.Outcome)),
		ChargesPaidBy: wire.Value[accounttransferv1.ChargesPayer](string(d.ChargesPaidBy)),
		Reason:        d.Reason, DecidedBy: wire.Actor(d.DecidedBy), DecideTime: wire.Time(d.DecidedAt),
	}
}
