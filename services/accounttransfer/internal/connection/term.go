package connection

import (
	"time"

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
	c.TermLostAt, c.TermAgain = time.Time{}, false
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
		c.TermLostAt, c.TermAgain = now, false
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

// CancelTermWanted is when AWS is asked to take such a term back, by its handshake. What AWS refused is tried once a day: the
// customer may answer it meanwhile.
func CancelTermWanted(c *Connection) []intent.Want {
	term := overTerm(c)
	if term == nil {
		return nil
	}
	at := repeat(term.CancelSentAt)
	switch {
	case term.Left:
		at = term.CancelSentAt.Add(day)
	case c.State == Ended && !term.CancelSentAt.IsZero():
		at = beat(term.SeenAt, term.CancelSentAt)
	}
	return []intent.Want{{Subject: term.ID, At: at}}
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
