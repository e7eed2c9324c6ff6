package connection

import (
	"slices"
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
		if !due(CancelTermWanted(c), now()) {
			t.Fatalf("got %+v", CancelTermWanted(c))
		}
		if facts := TermCancelSent(c, term(contract.Pending), now()); facts != nil || !next(CancelTermWanted(c)).Equal(now().Add(shortestBeat)) {
			t.Fatalf("told %v, repeated at %+v", names(facts), CancelTermWanted(c))
		}
		facts := TermCancelSent(c, term(contract.Canceled), now())
		if told(t, facts, FactTermRefused); facts[0].Audience != "OPERATOR" || len(CancelTermWanted(c)) != 0 {
			t.Errorf("told %+v, wanted %+v", facts, CancelTermWanted(c))
		}
	})
	t.Run("one that AWS keeps is left to Operations", func(t *testing.T) {
		c := over(t)
		told(t, TermCancelRefused(c, now()), FactTermLeft)
		if c.LeftTerm() != nil || !next(CancelTermWanted(c)).Equal(now().Add(day)) || !slices.Contains(keys(c), "case/term-left/1") {
			t.Errorf("wanted %+v, it wishes for %v", CancelTermWanted(c), keys(c))
		}
		if again := TermCancelRefused(c, now().Add(day)); again != nil {
			t.Errorf("told twice: %v", names(again))
		}
		TermCancelSent(c, term(contract.Canceled), now().Add(2*day))
		if slices.Contains(keys(c), "case/term-left/1") || len(CancelTermWanted(c)) != 0 {
			t.Errorf("it is taken back, and wishes for %v", keys(c))
		}
	})
	t.Run("one that AWS may have is taken back when it is found after the end", func(t *testing.T) {
		c := related(t)
		IntendTerm(c, now())
		c.Observe(withdrawnAt("2026-12-01"), now())
		if len(CancelTermWanted(c)) != 0 {
			t.Fatal("nobody knows whether it is there")
		}
		told(t, TermRequested(c, "ch-1", now()), FactTermRequested)
		if !due(CancelTermWanted(c), now()) || c.State != Ended {
			t.Errorf("got %s, %+v", c.State, CancelTermWanted(c))
		}
	})
	t.Run("one that AWS may have is looked up before a withdrawal", func(t *testing.T) {
		c := related(t)
		c.Intents.Begin(EffectTerm, "1", TermToken(c, "1"))
		IntendTerm(c, now())
		c.Withdraw(now())
		if len(WithdrawWanted(c)) != 0 {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
		c.Intents.End(EffectTerm, "1")
		TermRequested(c, "ch-1", now())
		if due(WithdrawWanted(c), now()) || !due(CancelTermWanted(c), now()) {
			t.Fatalf("got %+v, %+v", WithdrawWanted(c), CancelTermWanted(c))
		}
	})
	t.Run("an answered one is not taken back", func(t *testing.T) {
		c := committed(t)
		c.Observe(withdrawnAt("2027-01-01"), now())
		if len(CancelTermWanted(c)) != 0 {
			t.Errorf("got %+v", CancelTermWanted(c))
		}
	})
}
