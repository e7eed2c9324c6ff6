package journey

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// askConsent keeps a transfer from its first step until Operations has said whether it has the step that its template leaves
// open (A.8 Q-01).
func askConsent(t *Transfer, now time.Time) fact.Fact {
	t.State = WaitingDecision
	t.Decision = &Decision{Question: text.New("decision.consent"), NeededAt: now, Phase: Asked, Undecided: t.Undecided}
	t.Decision.escalate(t.DecideIn, now)
	return t.Decision.awaited()
}

// unanswered reports whether Operations has still to say whether the transfer has the step that its template leaves open.
func unanswered(t *Transfer) bool {
	u := t.Undecided
	return u != nil && slices.Contains(traits(t), u.For) && !t.ConsentWaived && t.For(u.Step.Condition) == nil
}

// undecided reports whether the transfer has not begun, because it is not decided which steps it has.
func undecided(t *Transfer) bool {
	return t.State == WaitingDecision && t.Ending == nil && t.Decision.Undecided != nil
}

// decideConsent answers whether the transfer has the step that its template leaves open, and begins it.
func decideConsent(t *Transfer, a Answer, by call.Actor, now time.Time) ([]fact.Fact, error) {
	switch {
	case a.Outcome != RequireConsent && a.Outcome != WaiveConsent:
		return nil, errs.InvalidField("outcome", ReasonFieldRequired, "say whether the transfer needs AWS's consent, or that it is waived")
	case a.ChargesPaidBy != "":
		return nil, errs.InvalidField("charges_paid_by", ReasonFieldRequired, "nothing is charged before the transfer begins")
	case a.Reason == "":
		return nil, errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	d := t.Decision
	d.Phase, d.EscalateAt, d.Escalated = Answered, time.Time{}, false
	d.Outcome, d.Reason, d.DecidedBy, d.DecidedAt = a.Outcome, a.Reason, by, now
	told := d.told("transfer.decided_to_waive_consent", "outcome", string(a.Outcome))
	t.ConsentWaived = a.Outcome == WaiveConsent
	if a.Outcome == RequireConsent {
		process.Insert(&t.Process, d.Undecided.Step, d.Undecided.Before)
		told.Text = "transfer.decided_to_require_consent"
	}
	t.State = InProgress
	return append([]fact.Fact{told}, t.Advance(now)...), nil
}

// checkAccounts refuses a statement about other accounts than those of the transfer, or about some of them alone.
func checkAccounts(t *Transfer, st process.Statement) error {
	wrong := errs.New(errs.Invalid, process.ReasonEvidenceWrong, "the accounts are not those of the transfer")
	named := map[string]bool{}
	for _, id := range st.Accounts {
		named[id] = true
	}
	for _, id := range t.Details.Accounts {
		if !named[id] {
			wrong = wrong.WithField("account_ids", process.ReasonEvidenceWrong, "account "+id+" is missing")
		}
		delete(named, id)
	}
	for id := range named {
		wrong = wrong.WithField("account_ids", process.ReasonEvidenceWrong, "account "+id+" is none of the transfer")
	}
	if len(wrong.Fields) == 0 {
		return nil
	}
	return wrong
}
