package transfer

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// DecisionOutcome is what Operations decides when AWS was faster than the wish to end.
type DecisionOutcome string

// The outcomes.
const (
	WithdrawTransfer DecisionOutcome = "WITHDRAW" // it ends at AWS too, and the transfer as it was wished
	KeepTransfer     DecisionOutcome = "KEEP"     // it goes on, and the wish to end is dropped
)

// ChargesPayer is who pays what AWS charges until a withdrawal takes effect.
type ChargesPayer string

// Who can pay.
const (
	CustomerPays ChargesPayer = "CUSTOMER" // by an invoice
	ResellerPays ChargesPayer = "RESELLER"
)

// Decision is a question that only Operations can answer, and its answer, which is kept.
type Decision struct {
	Question      string          `json:"question"`
	NeededAt      time.Time       `json:"needed_at"`
	EscalateAt    time.Time       `json:"escalate_at,omitzero"` // of the answer, then of the withdrawal; zero: never
	Escalated     bool            `json:"escalated,omitempty"`
	Outcome       DecisionOutcome `json:"outcome,omitempty"`         // empty: nothing is decided
	ChargesPaidBy ChargesPayer    `json:"charges_paid_by,omitempty"` // set with WITHDRAW
	Reason        string          `json:"reason,omitempty"`          // in the words of who decided; not for customers
	DecidedBy     call.Actor      `json:"decided_by,omitzero"`
	DecidedAt     time.Time       `json:"decided_at,omitzero"`
}

// Verdict is what somebody decides.
type Verdict struct {
	Outcome       DecisionOutcome
	ChargesPaidBy ChargesPayer // needed with WITHDRAW: it may end after AWS has begun to charge
	Reason        string
}

// RecordDecision answers the question of a transfer that AWS has made effective before it could be ended. With WITHDRAW
// it is withdrawn at AWS and then ends as it was wished; with KEEP it goes on, and the customer is asked again for what
// it did not do in time. What the customer has withdrawn itself cannot be kept: only who pays is decided. As long as the
// customer has not agreed to the end of a service term, a decision to withdraw may be changed to KEEP. Refused with
// FIELD_REQUIRED, and with STATE_REFUSES when nothing is to be decided.
func (t *Transfer) RecordDecision(v Verdict, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if !t.decidable(v.Outcome) {
		return nil, t.stateRefuses("decided on")
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	d := t.Decision
	d.Outcome, d.Reason, d.DecidedBy, d.DecidedAt = v.Outcome, v.Reason, by, now
	d.ChargesPaidBy, d.EscalateAt, d.Escalated = v.ChargesPaidBy, time.Time{}, false
	if v.Outcome == KeepTransfer {
		d.ChargesPaidBy = ""
		facts := []fact.Fact{d.told("Operations decided to keep the billing transfer; it goes on.", "outcome", string(v.Outcome))}
		if t.keeping() {
			d.escalate(t.Policy.DecideIn, now)
			return facts, nil // first the customer must no longer be asked to end the term
		}
		return append(facts, t.goOn(now)...), nil
	}
	if t.withdrawn() != nil {
		facts := []fact.Fact{d.told("Operations decided who pays until the billing transfer ends.", "outcome", string(v.Outcome), "charges_paid_by", string(v.ChargesPaidBy))}
		return append(facts, t.conclude(now)...), nil
	}
	d.escalate(t.Policy.DecideIn, now)
	t.planWithdrawal()
	return []fact.Fact{d.told("Operations decided to withdraw the billing transfer.",
		"outcome", string(v.Outcome), "charges_paid_by", string(v.ChargesPaidBy))}, nil
}

// decidable reports whether a question is open that an outcome answers.
func (t *Transfer) decidable(o DecisionOutcome) bool {
	switch {
	case t.State != WaitingDecision, t.keeping():
		return false
	case o == KeepTransfer && t.withdrawn() != nil:
		return false
	case t.withdrawing():
		return o == KeepTransfer && t.Withdrawal.pending() != nil
	}
	return true
}

func (v Verdict) check() error {
	switch {
	case v.Outcome != WithdrawTransfer && v.Outcome != KeepTransfer:
		return errs.InvalidField("outcome", ReasonFieldRequired, "say whether to withdraw or to keep")
	case v.Outcome == WithdrawTransfer && v.ChargesPaidBy != CustomerPays && v.ChargesPaidBy != ResellerPays:
		return errs.InvalidField("charges_paid_by", ReasonFieldRequired, "say who pays what AWS charges until the end")
	case v.Reason == "":
		return errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	return nil
}

// told is the fact of an answer, for the reseller's people alone.
func (d *Decision) told(note string, details ...string) fact.Fact {
	return because(internally(tell(FactDecisionRecorded, note, details...)), d.Reason)
}

func (d *Decision) escalate(after time.Duration, now time.Time) {
	if after > 0 {
		d.EscalateAt = now.Add(after)
	}
}

// late is what Operations reads when it takes longer than planned.
func (d *Decision) late() string {
	switch d.Outcome {
	case WithdrawTransfer:
		return "The withdrawal takes longer than planned."
	case KeepTransfer:
		return "Taking back the end of the service term takes longer than planned."
	}
	return "The decision takes longer than planned: " + d.Question
}

// record is what stays of a decision when the transfer ends: its answer. A question that nobody has answered is moot.
func (d *Decision) record() *Decision {
	if d == nil || d.Outcome == "" {
		return nil
	}
	kept := *d
	kept.EscalateAt = time.Time{}
	return &kept
}

// ask puts a question to Operations.
func (t *Transfer) ask(question string, now time.Time) fact.Fact {
	t.State, t.Decision = WaitingDecision, &Decision{Question: question, NeededAt: now}
	t.Decision.escalate(t.Policy.DecideIn, now)
	start := t.EffectiveAt()
	if inv := t.withdrawn(); start.IsZero() && inv != nil {
		start = inv.StartAt
	}
	return internally(tell(FactDecisionAwaited, question, "start", start.Format(time.RFC3339)))
}

// goOn drops the wish to end. What was not done in time is asked for again, with fresh dates; so is a service term that
// was taken back or ended for the withdrawal.
func (t *Transfer) goOn(now time.Time) []fact.Fact {
	t.State, t.Ending = InProgress, nil
	t.Decision.EscalateAt, t.Decision.Escalated = time.Time{}, false
	var facts []fact.Fact
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.State.active() && (s.Overdue || due(s.DueAt, now)) {
			s.begin(now)
			facts = append(facts, tell(FactStepReopened, s.Title+": to be done again.", "step", s.Key))
		}
	}
	if t.termGone() {
		facts = append(facts, t.withoutTerm("no service term binds the customer any more", now)...)
	}
	return append(facts, t.advance(now)...)
}

// decisionWait says who must act while the transfer stands still for a decision, or for what was decided.
func (t *Transfer) decisionWait() *Waiting {
	d := t.Decision
	switch {
	case t.keeping():
		return &Waiting{Owner: AWS, What: "The end of the service term is being taken back.", Where: "AWS Partner Central", Until: d.EscalateAt}
	case !t.withdrawing():
		w := &Waiting{Owner: Reseller, What: d.Question, Where: "TransferService.RecordDecision", Until: t.EffectiveAt()}
		if !w.Until.After(d.NeededAt) {
			w.Until = d.EscalateAt // AWS charges already
		}
		return w
	case t.Withdrawal.pending() != nil:
		return &Waiting{
			Owner: Customer, Until: d.EscalateAt, Where: "AWS console, link in the mail",
			What: "Accept the end of the service term that AWS mailed to the root address of the management account; the mail may take 15 minutes.",
		}
	}
	return &Waiting{Owner: AWS, What: "The billing transfer is being withdrawn.", Where: "AWS Organizations", Until: d.EscalateAt}
}
