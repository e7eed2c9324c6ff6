package connection

import (
	"testing"

	"example.com/handover/services/accounttransfer/internal/contract"
)

func TestNoTermIsLeftBehind(t *testing.T) {
	over := func(t *testing.T) *Connection {
		t.Helper()
		c := termed(t)
		if c.Observe(withdrawnAt("2026-12-01"), now()); c.State != Ended {
			t.Fatalf("got %s", c.State)
		}
		return c
	}
	t.Run("one that the customer could accept is cancelled after the end", func(t *testing.T) {
		c := over(t)
		if !due(c.CancelTermWanted(), now()) {
			t.Fatalf("got %+v", c.CancelTermWanted())
		}
		if facts := c.TermCancelSent(term(contract.Pending), now()); facts != nil || !next(c.CancelTermWanted()).Equal(now().Add(shortestBeat)) {
			t.Fatalf("told %v, repeated at %+v", names(facts), c.CancelTermWanted())
		}
		facts := c.TermCancelSent(term(contract.Canceled), now())
		if told(t, facts, FactTermRefused); facts[0].Audience != "OPERATOR" || len(c.CancelTermWanted()) != 0 {
			t.Errorf("told %+v, wanted %+v", facts, c.CancelTermWanted())
		}
	})
	t.Run("one that AWS keeps is left", func(t *testing.T) {
		c := over(t)
		if c.TermCancelRefused(); len(c.CancelTermWanted()) != 0 {
			t.Errorf("got %+v", c.CancelTermWanted())
		}
	})
	t.Run("one that AWS may have is taken back when it is found after the end", func(t *testing.T) {
		c := related(t)
		c.IntendTerm(now())
		c.Observe(withdrawnAt("2026-12-01"), now())
		if len(c.CancelTermWanted()) != 0 {
			t.Fatal("nobody knows whether it is there")
		}
		told(t, c.TermRequested("ch-1", now()), FactTermRequested)
		if !due(c.CancelTermWanted(), now()) || c.State != Ended {
			t.Errorf("got %s, %+v", c.State, c.CancelTermWanted())
		}
	})
	t.Run("one that AWS may have is looked up before a withdrawal", func(t *testing.T) {
		c := related(t)
		c.Intents.Begin(EffectTerm, "1", c.TermToken("1"))
		c.IntendTerm(now())
		c.Withdraw(now())
		if len(c.WithdrawWanted()) != 0 {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
		c.Intents.End(EffectTerm, "1")
		c.TermRequested("ch-1", now())
		if len(c.WithdrawWanted()) != 0 || !due(c.CancelTermWanted(), now()) {
			t.Fatalf("got %+v, %+v", c.WithdrawWanted(), c.CancelTermWanted())
		}
	})
	t.Run("an answered one is not taken back", func(t *testing.T) {
		c := committed(t)
		c.Observe(withdrawnAt("2027-01-01"), now())
		if len(c.CancelTermWanted()) != 0 {
			t.Errorf("got %+v", c.CancelTermWanted())
		}
	})
}
