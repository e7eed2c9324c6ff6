package connection

import (
	"slices"
	"testing"

	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// unbound returns a billing transfer after its journey whose customer has agreed to the end of its service term, and whose withdrawal was
// dropped.
func unbound(t testing.TB) *Connection {
	t.Helper()
	c := revoking(t)
	c.JourneyEndedAt, c.Policy.EscalateIn = now(), 3*day
	ObserveRevocation(c, revocation(contract.Accepted), now())
	WithdrawalRefused(c, AccessDenied, now())
	if _, err := AskKeep(c, 0, "It stays.", now()); err != nil {
		t.Fatal(err)
	}
	return c
}

func cases(c *Connection) (all []string) {
	for _, w := range c.Wanted() {
		all = append(all, w.Key)
	}
	return all
}

// TestATermIsLost: nothing at AWS holds the customer to its commitment any more. Operations has that until it decides, or it is over.
func TestATermIsLost(t *testing.T) {
	lost := []string{"case/term-lost@2026-11-22T12:00:00Z", "remind/term-lost@2026-11-22T12:00:00Z"}
	t.Run("it has an owner, a reason, a date and a case", func(t *testing.T) {
		c := unbound(t)
		w := c.Waiting()
		if w == nil || w.Owner != process.Reseller || w.Text.Key != "wait.term-lost" || !w.EscalateAt.Equal(now().Add(3*day)) ||
			!c.Next().Equal(now().Add(3*day)) || !slices.Equal(cases(c), lost) || due(TermWanted(c), now().Add(day)) {
			t.Fatalf("it waits for %+v, and wishes for %v", w, cases(c))
		}
		told(t, c.Tick(now().Add(3*day)), FactWaitEscalated)
		if !c.Waiting().Escalated || !slices.Equal(cases(c), lost) {
			t.Errorf("escalated it waits for %+v, and wishes for %v", c.Waiting(), cases(c))
		}
	})
	t.Run("another one is sent, which the customer answers", func(t *testing.T) {
		c := unbound(t)
		_, err := DecideTerm(c, SendTerm, "", now())
		refused(t, err, process.ReasonFieldRequired)
		facts, err := DecideTerm(c, SendTerm, "They stay for the year.", now())
		if told(t, facts, FactTermDecided); err != nil || facts[0].Audience != "OPERATOR" || c.Waiting().Owner != process.AWS {
			t.Fatal(facts, err, c.Waiting())
		}
		c.Demand(nil) // as the journey that has ended says
		IntendTerm(c, now())
		told(t, CreationRefused(c, TermSent, JudgeCreation("NO"), now()), FactCreationRefused)
		if w := c.Waiting(); due(TermWanted(c), now()) || w.Owner != process.Reseller || w.Text.Key == "wait.term-lost" {
			t.Fatalf("refused, it waits for %+v, and wants %+v", w, TermWanted(c))
		}
		if _, err := DecideTerm(c, SendTerm, "It is mended.", now()); err != nil {
			t.Fatal(err)
		}
		send(t, c, "ch-2", now())
		if w := c.Waiting(); w.Owner != process.Customer || cases(c) != nil || len(CheckTermWanted(c)) != 1 {
			t.Fatalf("sent, it waits for %+v", w)
		}
		ObserveTerm(c, contract.Seen{HandshakeID: "ch-2", Status: contract.Rejected}, now().Add(day))
		if w := c.Waiting(); w.Text.Key != "wait.term-lost" {
			t.Errorf("refused by the customer, it waits for %+v", w)
		}
	})
	t.Run("that another one is to be sent is a wait of its own, and is not undone while AWS is asked", func(t *testing.T) {
		c, late := unbound(t), now().Add(10*day)
		c.Demand(nil) // as the journey that has ended says
		told(t, c.Tick(now().Add(3*day)), FactWaitEscalated)
		if _, err := DecideTerm(c, SendTerm, "They stay for the year.", late); err != nil {
			t.Fatal(err)
		}
		if w := c.Waiting(); w.Escalated || !w.EscalateAt.Equal(late.Add(3*day)) || c.Tick(late) != nil || cases(c) != nil {
			t.Fatalf("from its beginning it waits for %+v, and wishes for %v", w, cases(c))
		}
		subject := TermWanted(c)[0].Subject
		c.Intents.Begin(EffectTerm, subject, TermToken(c, subject))
		_, err := DecideTerm(c, GoWithout, "They do not want it.", late)
		refused(t, err, ReasonStateRefuses)
		told(t, c.Tick(late.Add(3*day)), FactWaitEscalated)
		if len(cases(c)) != 2 {
			t.Errorf("overlong it wishes for %v", cases(c))
		}
		c.Intents.End(EffectTerm, subject)
		if _, err := DecideTerm(c, GoWithout, "They do not want it.", late); err != nil || TermWanted(c) != nil || c.Waiting() != nil {
			t.Errorf("%v: it wants %+v, and waits for %+v", err, TermWanted(c), c.Waiting())
		}
	})
	for name, ends := range map[string]func(*Connection) error{
		"it goes on without": func(c *Connection) error { _, err := DecideTerm(c, GoWithout, "Agreed in writing.", now()); return err },
		"its commitment is over": func(c *Connection) error {
			c.Tick(now().Add(3 * day))
			if !c.Next().Equal(at("2027-12-01")) {
				t.Errorf("it looks again at %s", c.Next())
			}
			told(t, c.Tick(c.Next()), FactTermDecided)
			return nil
		},
		"it ends": func(c *Connection) error { c.Observe(withdrawnAt("2027-01-01"), now()); return nil },
	} {
		t.Run("it is over when "+name, func(t *testing.T) {
			c := unbound(t)
			if err := ends(c); err != nil || slices.ContainsFunc(cases(c), func(k string) bool { return slices.Contains(lost, k) }) ||
				c.State == Effective && c.Waiting() != nil {
				t.Fatalf("%v, it wishes for %v: %s", err, cases(c), dump(t, c))
			}
			_, err := DecideTerm(c, GoWithout, "Again.", now())
			refused(t, err, ReasonStateRefuses)
		})
	}
	t.Run("a term that was out when the journey ended, and is not accepted", func(t *testing.T) {
		c := termed(t)
		c.Demand(nil)
		c.JourneyEndedAt = now()
		told(t, ObserveTerm(c, term(contract.Expired), now()), FactTermRefused)
		if !slices.Equal(cases(c), lost) {
			t.Errorf("it wishes for %v", cases(c))
		}
	})
}

// TestAnEndIsNotWaitedForOverTheMonth: what an end waits for is told while it can still end with the month in which the wait began.
func TestAnEndIsNotWaitedForOverTheMonth(t *testing.T) {
	late := at("2026-12-30")
	c := committed(t)
	c.JourneyEndedAt, c.Policy.EscalateIn = now(), 3*day
	c.Withdraw(late)
	if got := c.Waiting().EscalateAt; !got.Equal(late.Add(day)) {
		t.Errorf("for AWS: at %s", got)
	}
	c.Contract.Revoke()
	RevocationSent(c, "ch-9", late.Add(day))
	if got := c.Waiting().EscalateAt; !got.Equal(late.Add(day + day/2)) {
		t.Errorf("for the consent: at %s", got)
	}
	m := settledMember(t)
	m.Policy.EscalateIn = 3 * day
	if _, err := AskWithdrawal(m, "It is over.", late); err != nil || !m.Waiting().EscalateAt.Equal(late.Add(day)) {
		t.Errorf("for accounts that must leave: %+v, %v", m.Waiting(), err)
	}
}
