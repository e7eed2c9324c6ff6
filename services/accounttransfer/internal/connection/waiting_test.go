package connection

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// patient is a connection whose waits are escalated after three days, and after four hours that AWS keeps us out.
func patient(c *Connection) *Connection {
	c.Policy.EscalateIn, c.Policy.DeniedFor = 3*day, 4*time.Hour
	return c
}

// denied lets AWS keep us out of a look.
func denied(c *Connection, when time.Time) {
	i := c.Intents.Begin(LookInvitation, "1", "")
	i.Asked = false
	i.Deny(when)
}

func TestAWaitIsEscalated(t *testing.T) {
	for name, tt := range map[string]struct {
		c     *Connection
		limit time.Duration
		owner process.Party
		ends  func(*Connection)
	}{
		"for an answer to the invitation": {invited(t), 3 * day, process.Customer, func(c *Connection) { c.Observe(saw(Accepted), now()) }},
		"for an answer to the term": {termed(t), 3 * day, process.Customer, func(c *Connection) {
			ObserveTerm(c, term(contract.Accepted), now())
		}},
		"for AWS to withdraw": {func() *Connection { c := related(t); c.Withdraw(now()); return c }(), 3 * day, process.AWS, func(c *Connection) {
			c.Observe(withdrawnAt("2027-01-01"), now())
		}},
		"for what AWS refuses": {func() *Connection {
			c := related(t)
			CreationRefused(c, TermSent, JudgeCreation("NO"), now())
			return c
		}(), 3 * day, process.Reseller, func(c *Connection) { c.Retry(TermSent) }},
		"for AWS to let us in": {func() *Connection {
			c := related(t)
			denied(c, now())
			return c
		}(), 4 * time.Hour, process.Reseller, func(c *Connection) { c.Intents.End(LookInvitation, "1") }},
	} {
		t.Run(name, func(t *testing.T) {
			c := patient(tt.c)
			if w := c.Waiting(); w == nil || w.Owner != tt.owner || w.Escalated || !c.Next().Equal(now().Add(tt.limit)) {
				t.Fatalf("it waits for %+v until %s", w, c.Next())
			}
			if facts := c.Tick(now().Add(tt.limit - time.Second)); facts != nil {
				t.Fatalf("too early: %v", names(facts))
			}
			told(t, c.Tick(now().Add(tt.limit)), FactWaitEscalated)
			if w := c.Waiting(); !w.Escalated || c.Tick(now().Add(40*day)) != nil {
				t.Fatalf("it waits for %+v, and tells it twice", w)
			}
			if tt.ends(c); c.Waiting() != nil && c.Waiting().Escalated {
				t.Errorf("another wait: %+v", c.Waiting())
			}
		})
	}
	t.Run("the same refusal again is the same wait", func(t *testing.T) {
		c := patient(related(t))
		for try := range 3 {
			CreationRefused(c, TermSent, JudgeCreation("NO"), now().Add(time.Duration(try)*day))
		}
		if told(t, c.Tick(now().Add(3*day)), FactWaitEscalated); !c.Waiting().Escalated {
			t.Errorf("it waits for %+v", c.Waiting())
		}
	})
}

// What a journey or the payer tells, the connection does not tell again.
func TestAnEscalatedWaitIsToldOnce(t *testing.T) {
	c := patient(termed(t))
	c.Tick(now().Add(3 * day))
	if got := keys(c); got != nil {
		t.Fatalf("the journey is under way, and it wishes for %v", got)
	}
	c.JourneyEndedAt = now()
	const key = "escalated/step.accept-service-term@2026-11-22T12:00:00Z"
	want := []string{"case/" + key, "remind/" + key}
	if got := keys(c); !slices.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
	denied(c, now())
	if c.Tick(now().Add(5 * time.Hour)); keys(c) != nil || !c.Waiting().Escalated {
		t.Fatalf("the payer tells it, and it wishes for %v; it waits for %+v", keys(c), c.Waiting())
	}
}

func TestLookNowTriesWhatWasDenied(t *testing.T) {
	c := related(t)
	for range 4 {
		denied(c, now())
	}
	if i := c.Intents[LookInvitation+"/1"]; !i.Again.After(now()) {
		t.Fatalf("it is not put off: %+v", i)
	}
	if _, err := c.AskCheck(); err != nil || !c.Intents[LookInvitation+"/1"].Again.IsZero() {
		t.Errorf("it is still put off: %v", err)
	}
}

// TestAnEndIsWaitedForFirst: whatever else was open of a connection, who must act is who the withdrawal waits for; and what AWS or the
// customer refused of a journey is nobody's to mend once that is over.
func TestAnEndIsWaitedForFirst(t *testing.T) {
	refused := func(c *Connection) *Connection {
		withoutTerm(c, now())
		c.JourneyEndedAt = now()
		return patient(c)
	}
	for name, tt := range map[string]struct {
		c     *Connection
		owner process.Party
		key   string
	}{
		"withdrawing": {withdrawing(t, related(t)), process.AWS, "wait.withdrawing"},
		"revoking":    {revoking(t), process.Customer, "wait.revoking"},
		"stuck": {func() *Connection {
			c := withdrawing(t, related(t))
			WithdrawalRefused(c, AccessDenied, now())
			return c
		}(), process.Reseller, "wait.withdrawal-stuck"},
		"kept": {func() *Connection { c := revoking(t); c.Keep(now()); return c }(), process.AWS, "wait.keeping"},
		"revoking, kept out of AWS": {func() *Connection {
			c := revoking(t)
			denied(c, now())
			return c
		}(), process.Customer, "wait.revoking"},
	} {
		t.Run(name, func(t *testing.T) {
			c := refused(tt.c)
			if w := c.Waiting(); w == nil || w.Owner != tt.owner || w.Text.Key != tt.key || w.Escalated {
				t.Fatalf("it waits for %+v", w)
			}
			told(t, c.Tick(now().Add(3*day)), FactWaitEscalated)
			if len(keys(c)) != 2 {
				t.Errorf("nobody is told: it wishes for %v", keys(c))
			}
		})
	}
	t.Run("nothing is withdrawn", func(t *testing.T) {
		c := refused(related(t))
		if w := c.Waiting(); w != nil || c.Tick(now().Add(40*day)) != nil || keys(c) != nil {
			t.Errorf("it waits for %+v, and wishes for %v", w, keys(c))
		}
	})
	t.Run("a withdrawal that was dropped leaves nothing to wait for", func(t *testing.T) {
		c := refused(withdrawing(t, committed(t)))
		c.Contract.Revoke()
		RevocationRefused(c)
		WithdrawalRefused(c, AccessDenied, now())
		if _, err := AskKeep(c, 0, "It stays.", now()); err != nil || c.Waiting() != nil {
			t.Errorf("%v, and it waits for %+v", err, c.Waiting())
		}
	})
	t.Run("an invitation that AWS does not cancel stays Operations'", func(t *testing.T) {
		c := patient(invited(t))
		c.Stop(now())
		CancelRefused(c, "1", AccessDenied, now())
		c.JourneyEndedAt = now()
		if w := c.Waiting(); w == nil || w.Owner != process.Reseller {
			t.Errorf("it waits for %+v", w)
		}
	})
}
