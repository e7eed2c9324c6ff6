package connection

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// wait is what a connection waits for, since when, and after how long Operations is told.
type wait struct {
	process.Waiting
	name  string
	since time.Time
	limit time.Duration // 0: never

	accounts []string // of a membership: those with the same problem
}

// key tells a wait apart from an earlier one for the same.
func (w *wait) key() string { return w.name + "@" + stamp(w.since) }

// Waiting says who must act before the connection goes on; nil when nobody outside has to.
func (c *Connection) Waiting() *process.Waiting {
	w := c.wait()
	if w == nil {
		return nil
	}
	w.Escalated = c.Overlong == w.key() || len(w.accounts) > 0 && w.told(c)
	return &w.Waiting
}

func (c *Connection) wait() *wait {
	if c.State == Ended {
		return nil
	}
	if since := c.Intents.Denied(); !since.IsZero() {
		return &wait{process.Waiting{Owner: process.Reseller, Text: text.New("wait.denied")}, "denied", since, c.Policy.DeniedFor, nil}
	}
	for _, cond := range c.conditions() {
		if b, blocked := c.Blocks[cond]; blocked && !b.Final {
			return &wait{process.Waiting{Owner: b.Blocked.Owner, Text: b.Blocked.Text}, string(cond), b.Since, c.Policy.EscalateIn, nil}
		}
	}
	return awaited(c)
}

// awaited is the wait for what the customer or AWS answers.
func awaited(c *Connection) *wait {
	by := func(p process.Party, key string, since time.Time) *wait {
		return &wait{process.Waiting{Owner: p, Text: text.New(key)}, key, since, c.Policy.EscalateIn, nil}
	}
	if leaving := Leaving(c); leaving != nil {
		return &wait{*leaving, "leaving", c.Withdrawal.DecidedAt, c.Policy.EscalateIn, nil}
	}
	if w := memberWait(c); w != nil {
		return w
	}
	switch inv := c.Current(); {
	case c.Contract.Revoking() != nil && c.Withdrawing():
		return by(process.Customer, "wait.revoking", c.Contract.Revoking().SeenAt)
	case c.Withdrawing():
		return by(process.AWS, "wait.withdrawing", c.Withdrawal.DecidedAt)
	case stuck(c) && !c.JourneyEndedAt.IsZero(): // while its journey is under way, that asks
		w := by(process.Reseller, "stuck", c.Withdrawal.DecidedAt)
		w.Text = stuckFor(c.Withdrawal.Problem)
		return w
	case inv != nil && inv.State == Requested && !inv.Cancel:
		w := by(process.Customer, "step.accept-invitation", inv.RequestedAt)
		w.Until = inv.AcceptBy
		return w
	case c.State == Effective && c.Contract.Pending() != nil:
		return by(process.Customer, "step.accept-service-term", c.Contract.Pending().SeenAt)
	}
	return nil
}

// escalateAt is when the wait becomes too long; zero: never, or Operations was told.
func escalateAt(c *Connection) time.Time {
	w := c.wait()
	if w == nil || w.limit == 0 || c.Overlong == w.key() {
		return time.Time{}
	}
	return w.since.Add(w.limit)
}

// escalate says once that the wait has become too long.
func (c *Connection) escalate(now time.Time) []fact.Fact {
	at := escalateAt(c)
	if at.IsZero() || at.After(now) {
		return nil
	}
	w := c.wait()
	c.Overlong = w.key()
	return []fact.Fact{fact.Internally(tell(FactWaitEscalated, "wait", w.name, "owner", string(w.Owner)))}
}

// overlong is the case of a wait that takes too long, and the mails that remind Operations of it. While a journey is under way,
// that is what tells; that a payer does not let us in is told once, by the payer.
func overlong(c *Connection) []intent.Wish {
	w := c.wait()
	if w == nil || c.Overlong != w.key() || c.JourneyEndedAt.IsZero() || !c.Intents.Denied().IsZero() {
		return nil
	}
	return w.Overlong(w.key(), text.New("title.connection"), c.AccountID, w.since)
}

// CutOff is until when the invitation that is out, or goes out next, can be accepted for its start; zero: nobody is to accept one.
func CutOff(c *Connection) time.Time {
	inv := c.Current()
	if inv == nil || c.State != Proposed || inv.State != Requested && inv.State != Prepared {
		return time.Time{}
	}
	return inv.AcceptBy
}

// StandsAlone reports whether no journey is under way that waits for the same.
func StandsAlone(c *Connection) bool { return c.TransferID == "" || !c.JourneyEndedAt.IsZero() }
