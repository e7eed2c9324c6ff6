package connection

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// A billing transfer can lose its service term after its journey: the customer agrees to the end of the term, and the withdrawal for which
// it was asked is dropped; or a term that was out when the journey ended is not accepted. Nothing at AWS then holds the customer to the
// commitment of its agreement. Operations decides, until the commitment is over: another term is sent, or it goes on without.

// TermOutcome is what Operations decides.
type TermOutcome string

// The outcomes.
const (
	SendTerm  TermOutcome = "SEND"
	GoWithout TermOutcome = "GO_WITHOUT"
)

// termLost reports whether Operations must decide on that.
func termLost(c *Connection) bool {
	return c.State == Effective && !c.TermLostAt.IsZero() && c.Contract.Binding() == nil && !c.Withdrawing()
}

// termAgain reports whether AWS is to send another term, or is being asked to.
func termAgain(c *Connection) bool { return termLost(c) && c.TermAgain }

// lostTermWait is the wait for that decision, or for whoever can mend that AWS does not send another term; nil: for nobody.
func lostTermWait(c *Connection) *wait {
	if !termLost(c) {
		return nil
	}
	by := func(p process.Party, t text.Text) *wait {
		return &wait{Wait: *process.NewWait(p, t, "term-lost", c.TermLostAt, c.Policy.EscalateIn)}
	}
	b, blocked := c.Blocks[TermSent]
	switch {
	case !c.TermAgain:
		return by(process.Reseller, text.New("wait.term-lost", "account_id", c.AccountID))
	case blocked:
		return by(b.Blocked.Owner, b.Blocked.Text)
	}
	return by(process.AWS, text.New("wait.term-again", "account_id", c.AccountID))
}

// commitmentOver is when there is nothing left that a service term could hold the customer to; zero: nobody waits for that.
func commitmentOver(c *Connection) time.Time {
	term := c.Contract.Term()
	if !termLost(c) || term == nil {
		return time.Time{}
	}
	return term.CommitmentEnd
}

// forgetTerm stops the wait for a term when the commitment is over.
func forgetTerm(c *Connection, now time.Time) []fact.Fact {
	if !process.Due(commitmentOver(c), now) {
		return nil
	}
	c.TermLostAt, c.TermAgain = time.Time{}, false
	return []fact.Fact{fact.Internally(tell(FactTermDecided, "outcome", string(GoWithout)))}
}

// DecideTerm sends another service term for what has lost its own, or goes on without one. Refused with STATE_REFUSES and FIELD_REQUIRED.
func DecideTerm(c *Connection, outcome TermOutcome, reason string, _ time.Time) ([]fact.Fact, error) {
	switch {
	case !termLost(c):
		return nil, refuses(c, "decided on: it has a service term, or needs none", text.New("remedy.connection-state"))
	case outcome != SendTerm && outcome != GoWithout:
		return nil, errs.InvalidField("outcome", process.ReasonFieldRequired, "say whether to send another term or to go on without")
	case reason == "":
		return nil, errs.InvalidField("reason", process.ReasonFieldRequired, "say why")
	}
	if c.TermAgain = outcome == SendTerm; c.TermAgain {
		c.unblock(TermSent)
	} else {
		c.TermLostAt = time.Time{}
	}
	return []fact.Fact{fact.Because(fact.Internally(tell(FactTermDecided, "outcome", string(outcome))), reason)}, nil
}

// lostTermCase is the case of it from its beginning, for nobody else would look.
func lostTermCase(c *Connection) []intent.Wish {
	if !termLost(c) || c.TermAgain {
		return nil
	}
	params := []string{"account_id", c.AccountID, "connection_id", c.ID, "agreement_id", c.AgreementID, "since", stamp(c.TermLostAt)}
	return process.Alert("term-lost@"+stamp(c.TermLostAt), intent.Wish{
		Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.term-lost.title", params...),
		Body: text.New("case.term-lost.body", params...), Resolved: text.New("case.term-lost.over"),
	}, lostTermWait(c).Text)
}
