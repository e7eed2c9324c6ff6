package journey

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Outcome is what Operations decides when AWS was faster than the wish to end.
type Outcome string

// The outcomes.
const (
	WithdrawTransfer Outcome = "WITHDRAW" // it ends at AWS too, and the transfer as it was wished
	KeepTransfer     Outcome = "KEEP"     // it goes on, and the wish to end is dropped

	RequireConsent Outcome = "REQUIRE_CONSENT" // AWS's consent to the assignment is a step of the transfer
	WaiveConsent   Outcome = "WAIVE_CONSENT"   // the transfer goes on without it
)

// Phase is how far the answer to a question is carried out.
type Phase string

// The phases.
const (
	Asked       Phase = "ASKED"       // nobody has answered
	Withdrawing Phase = "WITHDRAWING" // AWS is being asked to withdraw
	Revoking    Phase = "REVOKING"    // the customer must accept the end of the service term first
	Keeping     Phase = "KEEPING"     // the end of the service term is being taken back
	Answered    Phase = "ANSWERED"    // carried out
)

// Decision is a question that only Operations can answer, and its answer, which is kept.
type Decision struct {
	Question      text.Text               `json:"question"`
	NeededAt      time.Time               `json:"needed_at"`
	Phase         Phase                   `json:"phase"`
	Withdrawn     bool                    `json:"withdrawn,omitempty"`       // AWS ends it already: only who pays is asked
	EscalateAt    time.Time               `json:"escalate_at,omitzero"`      // of the answer, then of the withdrawal; zero: never
	Escalated     bool                    `json:"escalated,omitempty"`       // Operations was told
	ChargesFrom   time.Time               `json:"charges_from,omitzero"`     // when AWS begins to charge
	Replaces      string                  `json:"replaces,omitempty"`        // the membership that ends when it does; empty: none
	Charged       bool                    `json:"charged,omitempty"`         // it has begun while nobody had decided
	Outcome       Outcome                 `json:"outcome,omitempty"`         // empty: nothing is decided
	ChargesPaidBy connection.ChargesPayer `json:"charges_paid_by,omitempty"` // set with WITHDRAW
	Reason        string                  `json:"reason,omitempty"`          // in the words of who decided; not for customers
	DecidedBy     call.Actor              `json:"decided_by,omitzero"`
	DecidedAt     time.Time               `json:"decided_at,omitzero"`
	Undecided     *templates.Undecided    `json:"undecided,omitempty"` // the question is whether the transfer has this step
	Leaving       *process.Waiting        `json:"leaving,omitempty"`   // of a membership that is withdrawn: who has its accounts leave
}

// Answer is what somebody decides.
type Answer struct {
	Outcome       Outcome
	ChargesPaidBy connection.ChargesPayer // needed with WITHDRAW: it may end after AWS has begun to charge
	Reason        string
}

// Decide answers the question of a transfer whose connection was effective before it could be ended. With WITHDRAW it is
// withdrawn at AWS and then ends as it was wished; with KEEP it goes on, and the customer is asked again for what it did not do
// in time. What AWS ends already cannot be kept: only who pays is decided. As long as the customer has not agreed to the end
// of a service term, or an account is still to leave, a decision to withdraw may be changed to KEEP. Refused with FIELD_REQUIRED, and with
// STATE_REFUSES when nothing is to be decided.
func (t *Transfer) Decide(c *connection.Connection, a Answer, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if undecided(t) {
		return decideConsent(t, a, by, now)
	}
	if !t.decidable(a.Outcome) {
		return nil, t.Refuses("decided on")
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	d := t.Decision
	d.Outcome, d.Reason, d.DecidedBy, d.DecidedAt = a.Outcome, a.Reason, by, now
	d.ChargesPaidBy, d.EscalateAt, d.Escalated = a.ChargesPaidBy, time.Time{}, false
	if a.Outcome == KeepTransfer {
		d.ChargesPaidBy = ""
		c.Keep(now)
		facts := []fact.Fact{d.told("transfer.decided_to_keep", "outcome", string(a.Outcome))}
		return append(facts, t.carryOut(c, now)...), nil
	}
	told := d.told("transfer.decided_to_withdraw", "outcome", string(a.Outcome), "charges_paid_by", string(a.ChargesPaidBy))
	if d.Withdrawn {
		d.Phase, told.Text = Answered, "transfer.decided_who_pays"
		return []fact.Fact{told}, nil
	}
	c.Withdraw(now)
	d.escalateInMonth(t.DecideIn, now)
	return append([]fact.Fact{told}, t.carryOut(c, now)...), nil
}

// decidable reports whether a question is open that an outcome answers.
func (t *Transfer) decidable(o Outcome) bool {
	switch d := t.Decision; {
	case t.State != WaitingDecision, d.Phase == Keeping, d.Phase == Answered:
		return false
	case d.Withdrawn:
		return o != KeepTransfer
	case d.Phase == Withdrawing:
		return o == KeepTransfer && d.Leaving != nil // people have the accounts leave: AWS was asked nothing
	case d.Phase == Revoking:
		return o == KeepTransfer
	}
	return true
}

func (a Answer) check() error {
	switch {
	case a.Outcome != WithdrawTransfer && a.Outcome != KeepTransfer:
		return errs.InvalidField("outcome", ReasonFieldRequired, "say whether to withdraw or to keep")
	case a.Outcome == WithdrawTransfer && a.ChargesPaidBy != connection.CustomerPays && a.ChargesPaidBy != connection.ResellerPays:
		return errs.InvalidField("charges_paid_by", ReasonFieldRequired, "say who pays what AWS charges until the end")
	case a.Reason == "":
		return errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	return nil
}

// told is the fact of an answer, for the reseller's people alone.
func (d *Decision) told(key string, details ...string) fact.Fact {
	f := fact.Because(fact.Internally(tell(FactDecisionRecorded, details...)), d.Reason)
	f.Text = key
	return f
}

func (d *Decision) escalate(after time.Duration, now time.Time) {
	d.EscalateAt = time.Time{}
	if after > 0 {
		d.EscalateAt = now.Add(after)
	}
}

// escalateInMonth is the same of what costs another month when the one is over in which it began.
func (d *Decision) escalateInMonth(after time.Duration, now time.Time) {
	if d.escalate(after, now); after > 0 {
		d.EscalateAt = calendar.Early(now, after, calendar.MonthOf(now).Next().Start())
	}
}

// record is what stays of a decision when the transfer ends: its answer. A question that nobody has answered is moot.
func (d *Decision) record() *Decision {
	if d == nil || d.Outcome == "" {
		return nil
	}
	kept := *d
	kept.EscalateAt, kept.Phase = time.Time{}, Answered
	return &kept
}

// ask puts a question to Operations.
func (t *Transfer) ask(c *connection.Connection, question text.Text, now time.Time) fact.Fact {
	t.State = WaitingDecision
	t.Decision = &Decision{
		Question: question, NeededAt: now, Phase: Asked, ChargesFrom: c.StartAt, Replaces: c.ReplacesID,
		Withdrawn: c.State == connection.Ending || c.State == connection.Ended,
	}
	if t.Decision.escalate(t.DecideIn, now); !t.Decision.Withdrawn {
		t.Decision.escalateInMonth(t.DecideIn, now)
	}
	t.Decision.Charged = t.Decision.chargesFrom(now)
	return t.Decision.awaited().With("start", stamp(c.StartAt))
}

// open reports whether a question is put that nobody has answered, and each month costs.
func (d *Decision) open() bool { return d != nil && d.Phase == Asked && !d.Withdrawn }

// chargesFrom reports whether AWS has begun to charge meanwhile, which nobody was told.
func (d *Decision) chargesFrom(now time.Time) bool {
	return d.open() && !d.Charged && process.Due(d.ChargesFrom, now)
}

// tick says which dates of a question have come.
func (d *Decision) tick(now time.Time) (facts []fact.Fact) {
	if d != nil && !d.Escalated && process.Due(d.EscalateAt, now) {
		d.Escalated = true
		facts = append(facts, fact.Because(d.awaited(), "ESCALATED"))
	}
	if d.chargesFrom(now) {
		d.Charged = true
		facts = append(facts, fact.Because(d.awaited(), "CHARGED"))
	}
	return facts
}

// awaited is the fact that an answer is awaited.
func (d *Decision) awaited() fact.Fact {
	return fact.Internally(tell(FactDecisionAwaited, "question", d.Question.Key)).With(pairs(d.Question.Params)...)
}

// askWhoPays keeps a transfer from its end until it is decided who pays what AWS charges.
func (t *Transfer) askWhoPays(c *connection.Connection, now time.Time) []fact.Fact {
	if t.State == WaitingDecision && t.Decision.Withdrawn {
		return nil
	}
	return []fact.Fact{t.ask(c, text.New("decision.who-pays"), now)}
}

// awaitDecision stops a transfer whose connection was effective before it could be ended, and follows what was decided.
func (t *Transfer) awaitDecision(c *connection.Connection, now time.Time) []fact.Fact {
	if t.State != WaitingDecision {
		question := text.New("decision.accepted-before-cancelled")
		if f := t.Ending.Failure; f != nil {
			question = text.New("decision.accepted-but", "failure", f.Text.Key).With(pairs(f.Text.Params)...)
		}
		return []fact.Fact{t.ask(c, question, now)}
	}
	return t.carryOut(c, now)
}

// carryOut follows how far the connection is with what was decided.
func (t *Transfer) carryOut(c *connection.Connection, now time.Time) []fact.Fact {
	d := t.Decision
	switch {
	case d.Phase == Asked && d.Question.Key == connection.RevocationLeft && c.Withdrawal != nil && c.Withdrawal.Phase == connection.Settled:
		d.Outcome = KeepTransfer // as it was decided, before AWS did not take back what has ended now
		return t.resume(now)
	case d.Outcome == "":
		return nil
	case c.Withdrawal != nil && c.Withdrawal.Phase == connection.Problem && d.Phase != Asked:
		return []fact.Fact{t.ask(c, c.Withdrawal.Problem, now)} // what was decided cannot be done
	case d.Outcome == KeepTransfer && c.Keeping():
		if d.Phase != Keeping {
			d.Phase = Keeping
			d.escalate(t.DecideIn, now)
		}
		return nil
	case d.Outcome == KeepTransfer:
		return t.resume(now)
	case connection.AwaitsConsent(c):
		d.Phase = Revoking
	default:
		d.Phase, d.Leaving = Withdrawing, connection.Leaving(c)
	}
	return nil
}

// resume drops the wish to end. What was not done in time is asked for again, with fresh dates.
func (t *Transfer) resume(now time.Time) []fact.Fact {
	t.State, t.Ending = InProgress, nil
	t.Decision.Phase, t.Decision.EscalateAt, t.Decision.Escalated = Answered, time.Time{}, false
	return append(t.Renew(now), t.goOn(now)...)
}

// decidedToWithdraw reports whether it is decided who pays until a withdrawal takes effect.
func (t *Transfer) decidedToWithdraw() bool {
	return t.Decision != nil && t.Decision.Outcome == WithdrawTransfer
}

// chargesPayer is who pays what AWS charges, as far as that is Operations' to decide; empty: the customer, by its agreement.
func (t *Transfer) chargesPayer() connection.ChargesPayer {
	switch d := t.Decision; {
	case d == nil, d.Undecided != nil:
		return ""
	case d.Outcome == "":
		return connection.Undecided
	default:
		return d.ChargesPaidBy
	}
}

// decisionWait says who must act while the transfer stands still for a decision, or for what was decided.
func (t *Transfer) decisionWait() *process.Waiting {
	d := t.Decision
	w := &process.Waiting{Owner: process.AWS, Text: instruct("wait.withdrawing"), EscalateAt: d.EscalateAt, Escalated: d.Escalated}
	switch d.Phase {
	case Keeping:
		w.Text = instruct("wait.keeping")
	case Revoking:
		w.Owner, w.Text = process.Customer, instruct("wait.revoking")
	case Asked:
		key := "wait.decision"
		switch {
		case d.Withdrawn, d.ChargesFrom.IsZero(): // what it costs is settled, or nothing
		case d.Charged:
			key = "wait.decision-charged"
		default:
			key, w.Until = "wait.decision-before", d.ChargesFrom
		}
		w.Owner = process.Reseller
		w.Text = text.New(key, "question", d.Question.Key, "from", stamp(d.ChargesFrom)).With(pairs(d.Question.Params)...)
		if d.Replaces != "" {
			w.Text = w.Text.With("replaces", d.Replaces)
		}
	case Withdrawing:
		if d.Leaving != nil {
			w.Owner, w.Text = d.Leaving.Owner, d.Leaving.Text
		}
	case Answered:
	}
	return w
}

func pairs(params map[string]string) []string {
	var out []string
	for k, v := range params {
		out = append(out, k, v)
	}
	return out
}
