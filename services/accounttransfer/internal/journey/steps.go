package journey

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// CompleteStep says that an open step is done. The one that asks for the account names it.
func (t *Transfer) CompleteStep(key string, st process.Statement, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	if len(st.Accounts) > 0 {
		if err := checkAccounts(t, st); err != nil {
			return nil, err
		}
	}
	if s, err := t.Step(key); err == nil && s.AsksPayer && st.PayerID == "" {
		st.PayerID = t.PayerID // the order has named it
	}
	done, err := t.Complete(key, st, by, now)
	if err != nil {
		return nil, err
	}
	if st.PayerID != "" {
		t.PayerID = st.PayerID
	}
	var facts []fact.Fact
	if st.AccountID != "" {
		t.AccountID = st.AccountID
		facts = append(facts, tell(FactAccountEntered, "source_account_id", st.AccountID))
	}
	return append(facts, done...), nil
}

// MayAttach refuses a file for a step: of a transfer that nothing is to be proven of any more, or from somebody whom the step is none
// of. What goes with AWS's consent may come from each side.
func MayAttach(t *Transfer, key string, by call.Actor) error {
	if t.State.Ended() {
		return t.Refuses("given evidence")
	}
	s, err := t.Step(key)
	if err != nil || s.Condition == consent.Condition {
		return err
	}
	return process.MayAttach(s, by)
}

// EnterPayer notes the account of the payer that a completed step has named. One whose master account is handed over is that account
// itself. Refused with EVIDENCE_WRONG.
func EnterPayer(t *Transfer, key, payerAccountID string) error {
	s, err := t.Step(key)
	if err != nil {
		return err
	}
	if s.Target == process.Master && payerAccountID != t.AccountID {
		return errs.InvalidField("payer_id", process.ReasonEvidenceWrong, "the payer of a master account that is handed over is that account").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: instruct("remedy.payer-required")})
	}
	t.PayerAccountID = payerAccountID
	return nil
}

// ScheduleSession plans the session in which a step is done.
func ScheduleSession(
	t *Transfer, key string, at time.Time, attendees []string, by call.Actor, now time.Time,
) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	return process.ScheduleSession(&t.Process, key, at, attendees, by, now)
}

// CorrectAccount names another account in place of one that was named by mistake; see connection.Correct. Refused with
// STEP_GUARD_CLOSED while none is named, with ACCOUNT_ID_INVALID and FIELD_REQUIRED, too.
func CorrectAccount(t *Transfer, c *connection.Connection, accountID, reason string, by call.Actor) (Changes, error) {
	if err := t.going("corrected"); err != nil {
		return Changes{}, err
	}
	valid := t.For(connection.AccountValid)
	switch {
	case valid == nil:
		return Changes{}, t.Refuses("corrected")
	case t.AccountID == "":
		return Changes{}, t.GuardClosed(valid)
	case !process.ValidAccountID(accountID):
		return Changes{}, process.AccountIDInvalid()
	case by.Role != "CUSTOMER" && reason == "":
		return Changes{}, errs.InvalidField("reason", ReasonFieldRequired, "say why")
	case accountID == t.AccountID:
		return Changes{}, nil
	}
	facts, err := connection.Correct(c, accountID)
	if err != nil {
		return Changes{}, err
	}
	corrected := tell(FactAccountCorrected, "before", t.AccountID, "source_account_id", accountID)
	t.AccountID = accountID
	return Changes{Transfer: []fact.Fact{inWordsOf(by, corrected, reason)}, Connection: facts}, nil
}

// SkipStep says that a step is not needed. Without a service term there is nothing to accept.
func (t *Transfer) SkipStep(key, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	facts, err := t.Process.SkipStep(key, reason, by, now)
	if err != nil {
		return nil, err
	}
	if sent, accept := t.For(connection.TermSent), t.For(connection.TermAccepted); sent != nil && sent.Key == key && accept != nil &&
		!accept.State.Closed() {
		more, err := t.Process.SkipStep(accept.Key, reason, by, now)
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	return facts, nil
}

// ReopenStep opens a step again that was done or skipped by mistake.
func (t *Transfer) ReopenStep(c *connection.Connection, key, reason string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	rests := func(s *process.Step) bool { return fixed(c, s) || s.Key == key && unsent(c, s) }
	if sent, accept := t.For(connection.TermSent), t.For(connection.TermAccepted); sent != nil && sent.Key == key && sent.State.Closed() &&
		accept != nil && accept.State == process.Skipped { // there will be a term to accept
		if _, err := t.Process.ReopenStep(accept.Key, reason, rests, by, now); err != nil {
			return nil, err
		}
	}
	facts, err := t.Process.ReopenStep(key, reason, rests, by, now)
	s, _ := t.Step(key)
	if err == nil && s.Condition == connection.TermSent {
		c.Retry(s.Condition) // somebody has found out why it was refused
	}
	if err == nil && (s.AsksPayer || s.Asks == process.AsksPayer) {
		t.PayerID, t.PayerAccountID = "", ""
	}
	if err == nil && s.AsksAccount {
		t.AccountID = "" // nothing is to be asked for the wrong one meanwhile
		connection.ForgetAccount(c)
	}
	return facts, err
}

// fixed reports whether something that AWS or support holds keeps a step as it is: reopening would throw it away.
func fixed(c *connection.Connection, s *process.Step) bool {
	switch s.Condition {
	case connection.InvitationSent:
		return c.Outstanding() != nil || c.State != connection.Proposed
	case connection.AccountValid:
		return false
	case templates.ChannelReady:
		return s.State == process.Done
	}
	if s.Connects && c.State != connection.Proposed {
		return s.State == process.Done // what is bound is ended by a decision, and not by a word about its step
	}
	return s.Condition != "" && s.State == process.Done
}

// unsent reports whether a step is the acceptance of a service term that the customer has not: it cannot be asked for.
func unsent(c *connection.Connection, s *process.Step) bool {
	return s.Condition == connection.TermAccepted && c.Contract.Pending() == nil
}

// RetryStep tries a failed step again, before its time.
func (t *Transfer) RetryStep(c *connection.Connection, key string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := t.going("worked on"); err != nil {
		return nil, err
	}
	if err := ofConsent(t, key); err != nil {
		return nil, err
	}
	facts, err := t.Process.RetryStep(key, by, now)
	if s, _ := t.Step(key); err == nil {
		c.Retry(s.Condition)
	}
	return facts, err
}

// Reinvite plans a new invitation; see connection.Reinvite. Refused with STEP_GUARD_CLOSED, too.
func (t *Transfer) Reinvite(c *connection.Connection, start, now time.Time) ([]fact.Fact, error) {
	if err := t.going("invited again"); err != nil {
		return nil, err
	}
	send := t.For(connection.InvitationSent)
	switch {
	case send == nil:
		return nil, t.Refuses("invited again")
	case send.State == process.Pending:
		return nil, t.GuardClosed(send)
	}
	return c.Reinvite(start, now)
}

// CutOff is until when the customer can accept the invitation for its start, once it is out: the step's, or else its connection's, which
// knows it before; zero: it is not to accept one.
func CutOff(t *Transfer) time.Time {
	s := t.For(connection.InvitationAccepted)
	switch {
	case s == nil || s.State.Closed() || t.State.Ended():
		return time.Time{}
	case s.State.Active() && !s.Until.IsZero():
		return s.Until
	}
	return t.Details.CutOff
}

// hurry has Operations told of the steps before the acceptance while there is still time to accept.
func hurry(t *Transfer) {
	for _, c := range []process.Condition{connection.InvitationSent, connection.InvitationAccepted} {
		if s := t.For(c); s != nil {
			s.EscalateBefore(CutOff(t))
		}
	}
}

// AwaitsConsent reports whether what matters most is done at the consent.
func AwaitsConsent(t *Transfer) bool { return atConsent(t, t.Waiting()) }

// atConsent reports whether a wait is listed by the consent.
func atConsent(t *Transfer, w *process.Waiting) bool {
	s := t.For(consent.Condition)
	return w != nil && s != nil && t.ConsentID != "" && w.StepKey == s.Key
}

func ours(w *process.Waiting) bool { return w.Owner == process.Reseller || w.Owner == process.Platform }

// Besides are the waits of steps that the reseller's people have at the transfer itself while what matters most is another party's, or is
// done at the consent; empty: none.
func Besides(t *Transfer) (besides []process.Waiting) {
	first := t.Waiting()
	if first == nil || first.StepKey == "" || ours(first) && !atConsent(t, first) {
		return nil
	}
	for i := range t.Steps {
		if w := t.Steps[i].Waiting(); w != nil && ours(w) && !atConsent(t, w) {
			besides = append(besides, *w)
		}
	}
	return besides
}

// ShownAlone reports whether a transfer is listed by what it waits for first.
func ShownAlone(t *Transfer) bool { return t.Intents.Refused() || !AwaitsConsent(t) }

// ShownBesides reports whether a transfer is listed by steps that the reseller's people have besides, and by nothing else.
func ShownBesides(t *Transfer) bool {
	if len(Besides(t)) == 0 || t.Intents.Refused() {
		return false
	}
	return AwaitsConsent(t) || !t.Waiting().Escalated
}
