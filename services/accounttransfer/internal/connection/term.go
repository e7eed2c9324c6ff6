package connection

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// TermWanted is when a service term is to be sent.
func TermWanted(c *Connection) []intent.Want {
	wants := wantCreation(c, TermSent, c.Contract.Binding() != nil)
	if termAgain(c) {
		wants = intent.Now()
		if b, blocked := c.Blocks[TermSent]; blocked {
			wants[0].At = retryAt(c, TermSent, b)
		}
	}
	if len(wants) > 0 {
		wants[0].Subject = number(c.Contract.NextAttempt())
	}
	return wants
}

// IntendTerm sets what is sent, before AWS is called.
func IntendTerm(c *Connection, now time.Time) {
	c.Contract.Intend(c.StartAt, c.Policy.Cycles, now)
}

// TermRequested notes that AWS has the service term and mails it to the customer. After the end it is taken back.
func TermRequested(c *Connection, id string, now time.Time) []fact.Fact {
	term := c.Contract.Term()
	if term == nil || term.State != contract.Prepared {
		return nil
	}
	c.unblock(TermSent)
	c.TermLostAt, c.TermAgainAt = time.Time{}, time.Time{}
	term.Sent(id, now)
	return []fact.Fact{termFact(tell(FactTermRequested, "handshake_id", id), term)}
}

// AwaitedTerm returns the service term whose answer is looked for; nil when there is none. Whoever goes on without it: the customer can
// still accept it, and is bound by it then.
func AwaitedTerm(c *Connection) *contract.Term {
	if c.State != Effective || c.Withdrawal.under() {
		return nil
	}
	return c.Contract.Pending()
}

// CheckTermWanted is when AWS is asked how the service term stands.
func CheckTermWanted(c *Connection) []intent.Want {
	term := AwaitedTerm(c)
	if term == nil {
		return nil
	}
	return intent.At(c.watch(LookTerm, beatThen(term.SeenAt, term.CheckedAt, unheardBeat)))
}

// termAnswered reports whether a service term is no longer among those that wait for an answer.
func termAnswered(c *Connection, l Listed) bool {
	term := AwaitedTerm(c)
	return term != nil && l.Terms != nil && !l.Terms[term.ID] && !term.CheckedAt.After(l.At)
}

// ObserveTerm brings a service term to what AWS says. A term that was not accepted is Operations' to send again, or to go on
// without: a relationship without a term is still one.
func ObserveTerm(c *Connection, seen contract.Seen, now time.Time) []fact.Fact {
	term := c.Contract.Observed(seen.HandshakeID)
	if term == nil || !term.Observe(seen, now) {
		return nil
	}
	if !seen.EndAt.IsZero() {
		term.EndAt = seen.EndAt
	}
	if term.State == contract.Accepted {
		return []fact.Fact{termFact(tell(FactTermAccepted), term)}
	}
	news := tell(FactTermRefused, "state", string(term.State))
	if c.State != Effective {
		news = fact.Internally(news) // what was left at AWS is over
	} else {
		withoutTerm(c, now)
	}
	return []fact.Fact{termFact(news, term)}
}

// withoutTerm keeps another service term from being sent before somebody has found out why. After the journey that is a wait of its own.
func withoutTerm(c *Connection, now time.Time) {
	if !c.JourneyEndedAt.IsZero() {
		c.TermLostAt, c.TermAgainAt = now, time.Time{}
	}
	c.block(TermSent, Block{
		Failure: failure(CodeTermRefused), At: now,
		Blocked: process.Blocked{Owner: process.Reseller, Text: text.New("remedy.term-refused")},
	})
}

// LeftTerm returns the service term that the customer could still accept although nothing is bound any more, or is being
// withdrawn; nil when there is none.
func (c *Connection) LeftTerm() *contract.Term {
	if term := overTerm(c); term != nil && !term.Left {
		return term
	}
	return nil
}

// overTerm is such a term, whether AWS lets us take it back or not.
func overTerm(c *Connection) *contract.Term {
	if !c.Withdrawal.under() && c.State != Ending && c.State != Ended {
		return nil
	}
	return c.Contract.Pending()
}

// CancelTermWanted is when AWS is asked to take such a term back, by its handshake.
func CancelTermWanted(c *Connection) []intent.Want {
	term := overTerm(c)
	if term == nil {
		return nil
	}
	return []intent.Want{{Subject: term.ID, At: takeBackAt(c, term.Left, term.SeenAt, term.CancelSentAt)}}
}

// takeBackAt is when AWS is asked, again, to take a handshake back that the customer could still answer. What AWS refused, which is left,
// is tried once a day: the customer may answer it meanwhile.
func takeBackAt(c *Connection, left bool, seenAt, sentAt time.Time) time.Time {
	switch {
	case left:
		return sentAt.Add(day)
	case c.State == Ended && !sentAt.IsZero():
		return beat(seenAt, sentAt)
	}
	return repeat(sentAt)
}

// TermCancelSent notes that AWS was asked to take the term back, and what it says of it since.
func TermCancelSent(c *Connection, seen contract.Seen, now time.Time) []fact.Fact {
	if term := overTerm(c); term != nil {
		term.CancelSentAt = now
	}
	return ObserveTerm(c, seen, now)
}

// TermCancelRefused notes that AWS does not let us take the term back. Operations has a case of it.
func TermCancelRefused(c *Connection, now time.Time) []fact.Fact {
	term := overTerm(c)
	if term == nil {
		return nil
	}
	term.CancelSentAt = now
	if term.Left {
		return nil // the same again is no news
	}
	term.Left = true
	return []fact.Fact{termFact(fact.Internally(tell(FactTermLeft)), term)}
}

// leftTerm is the case in which people take a term back, or see to one that was accepted although nothing is bound any more.
func leftTerm(c *Connection) []intent.Wish {
	term := c.Contract.Term()
	if term == nil || !term.Left || term.State != contract.Pending && term.State != contract.Accepted {
		return nil
	}
	return []intent.Wish{{
		Key: "case/term-left/" + number(term.Attempt), Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2",
		Title:    text.New("case.term-left.title", "account_id", c.AccountID),
		Body:     text.New("case.term-left.body", "account_id", c.AccountID, "handshake_id", term.ID, "connection_id", c.ID),
		Resolved: text.New("case.term-left.over"),
	}}
}

func termFact(f fact.Fact, t *contract.Term) fact.Fact {
	return f.With("attempt", number(t.Attempt), "end", stamp(t.EndAt))
}

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
func termAgain(c *Connection) bool { return termLost(c) && !c.TermAgainAt.IsZero() }

// lostTermWait is the wait for that decision, or for whoever can mend that AWS does not send another term; nil: for nobody.
func lostTermWait(c *Connection) *wait {
	if !termLost(c) {
		return nil
	}
	by := func(p process.Party, t text.Text, name string, since time.Time) *wait {
		return &wait{Wait: *process.NewWait(p, t, name, since, c.Policy.EscalateIn)}
	}
	b, blocked := c.Blocks[TermSent]
	switch {
	case !termAgain(c):
		return by(process.Reseller, text.New("wait.term-lost", "account_id", c.AccountID), waitTermLost, c.TermLostAt)
	case blocked:
		return by(b.Blocked.Owner, b.Blocked.Text, string(TermSent), b.Since)
	}
	return by(process.AWS, text.New("wait.term-again", "account_id", c.AccountID), "term-again", c.TermAgainAt)
}

// waitTermLost is the name of the wait for a decision, which has a case from its beginning.
const waitTermLost = "term-lost"

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
	c.TermLostAt, c.TermAgainAt = time.Time{}, time.Time{}
	return []fact.Fact{fact.Internally(tell(FactTermDecided, "outcome", string(GoWithout)))}
}

// DecideTerm sends another service term for what has lost its own, or goes on without one. Refused with STATE_REFUSES, also to go on
// without while AWS's answer to the sending is not known, and with FIELD_REQUIRED.
func DecideTerm(c *Connection, outcome TermOutcome, reason string, now time.Time) ([]fact.Fact, error) {
	switch {
	case !termLost(c):
		return nil, refuses(c, "decided on: it has a service term, or needs none", text.New("remedy.connection-state"))
	case outcome != SendTerm && outcome != GoWithout:
		return nil, errs.InvalidField("outcome", process.ReasonFieldRequired, "say whether to send another term or to go on without")
	case reason == "":
		return nil, errs.InvalidField("reason", process.ReasonFieldRequired, "say why")
	case outcome == GoWithout && c.Intents.AnyAsked(EffectTerm): // the customer may have it already
		return nil, refuses(c, "decided on: AWS is being asked to send another term", text.New("remedy.term-pending"))
	}
	if outcome == SendTerm {
		c.unblock(TermSent)
		c.TermAgainAt = now
	} else {
		c.TermLostAt, c.TermAgainAt = time.Time{}, time.Time{}
	}
	return []fact.Fact{fact.Because(fact.Internally(tell(FactTermDecided, "outcome", string(outcome))), reason)}, nil
}

// lostTermCase is the case of it from its beginning, for nobody else would look.
func lostTermCase(c *Connection) []intent.Wish {
	if !termLost(c) || termAgain(c) {
		return nil
	}
	params := []string{"account_id", c.AccountID, "connection_id", c.ID, "agreement_id", c.AgreementID, "since", stamp(c.TermLostAt)}
	return process.Alert("term-lost@"+stamp(c.TermLostAt), intent.Wish{
		Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.term-lost.title", params...),
		Body: text.New("case.term-lost.body", params...), Resolved: text.New("case.term-lost.over"),
	}, lostTermWait(c).Text)
}
