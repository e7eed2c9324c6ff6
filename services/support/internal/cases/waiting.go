package cases

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Waiting says who must act before the case goes on.
type Waiting struct {
	Owner     Party
	Text      text.Text
	Until     time.Time // then it is escalated
	Escalated bool
}

// Waiting returns who must act; nil: nobody, because people say that it is done. While ServiceNow does not let us in, it is the reseller
// whatever the case is about: nothing of it is told or heard there before somebody mends that.
func (c *Case) Waiting() *Waiting {
	if since := c.Intents.Denied(); !since.IsZero() && !c.State.Ended() {
		return &Waiting{Owner: Reseller, Text: text.New("wait.let_us_in"), Until: since, Escalated: true}
	}
	return c.work()
}

// work is who must act on what the case is about.
func (c *Case) work() *Waiting {
	w := &Waiting{Owner: Reseller, Text: text.New("wait.work"), Until: c.ChangedAt.Add(c.stillFor()), Escalated: c.Escalated}
	switch {
	case c.State.Ended() || c.State == Resolved:
		return nil
	case c.Wish != nil && !c.Wish.TryAt.IsZero():
		w.Text = text.New("wait.resolve")
	case c.State == AwaitingCustomer:
		w.Owner, w.Text = Customer, text.New("wait.customer")
	case c.State == AwaitingAWS:
		w.Owner, w.Text = AWS, text.New("wait.aws")
	}
	return w
}

const day = 24 * time.Hour

// stillFor is how long a case may stand still. Others than the reseller's people have a week, whatever the priority.
func (c *Case) stillFor() time.Duration {
	switch {
	case c.State == AwaitingCustomer || c.State == AwaitingAWS, c.Priority == P4:
		return 7 * day
	case c.Priority == P1:
		return 4 * time.Hour
	case c.Priority == P2:
		return day
	default:
		return 3 * day
	}
}

// EscalatesAt is when a wait is escalated; zero: it is already, or nobody waits.
func (c *Case) EscalatesAt() time.Time {
	if w := c.work(); w != nil && !w.Escalated {
		return w.Until
	}
	return time.Time{}
}

// Escalate notes, once, that the case has stood still for too long.
func (c *Case) Escalate(now time.Time) []fact.Fact {
	at := c.EscalatesAt()
	if at.IsZero() || now.Before(at) {
		return nil
	}
	c.Escalated = true
	return []fact.Fact{internal(FactEscalated, "owner", string(c.work().Owner))}
}

// moved notes that something visible happened: a wait begins anew.
func (c *Case) moved(now time.Time) { c.ChangedAt, c.Escalated = now, false }
