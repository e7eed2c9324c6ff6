package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/contract"
)

// TestKeep drops a withdrawal, in every phase of it.
func TestKeep(t *testing.T) {
	t.Run("without a withdrawal there is nothing to drop", func(t *testing.T) {
		c := bound(t)
		before := dump(t, c)
		if c.Keep(now()); dump(t, c) != before {
			t.Error(dump(t, c))
		}
	})
	t.Run("before AWS was asked it goes on as it was", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		if c.Keep(now()); c.Withdrawal.Phase != Settled || c.Keeping() || len(c.Blocks) != 0 || !report(c, TermAccepted).Met {
			t.Error(dump(t, c))
		}
		if len(WithdrawWanted(c))+len(RevokeWanted(c))+len(CancelTermWanted(c)) != 0 {
			t.Error("AWS is asked all the same")
		}
	})
	t.Run("a revocation is taken back first", func(t *testing.T) {
		c := revoking(t)
		if c.Keep(now()); !c.Keeping() || !due(CancelRevocationWanted(c), now()) || len(CheckRevocationWanted(c)) != 0 {
			t.Fatal(dump(t, c))
		}
		if RevocationCancelSent(c, revocation(contract.Pending), now()); !next(CancelRevocationWanted(c)).Equal(now().Add(again)) {
			t.Fatalf("got %+v", CancelRevocationWanted(c))
		}
		facts := RevocationCancelSent(c, revocation(contract.Canceled), now())
		if told(t, facts, FactRevocationAnswered); facts[0].Audience != "OPERATOR" || c.Keeping() || !report(c, TermAccepted).Met {
			t.Error(dump(t, c))
		}
	})
	t.Run("the customer was faster: another term must be sent", func(t *testing.T) {
		c := revoking(t)
		c.Keep(now())
		ObserveRevocation(c, revocation(contract.Accepted), now())
		if r := report(c, TermSent); c.Keeping() || r.Met || r.Failure.Code != CodeTermRefused {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("AWS does not take it back: Operations decides again", func(t *testing.T) {
		c := revoking(t)
		c.Keep(now())
		if RevocationCancelRefused(c, now()); c.Withdrawal.Phase != Problem || c.Withdrawal.Problem.Key != "decision.revocation-left" {
			t.Fatalf("got %+v", c.Withdrawal)
		}
		if c.Keep(now()); !due(CancelRevocationWanted(c), now()) {
			t.Errorf("got %+v", CancelRevocationWanted(c))
		}
	})
	t.Run("what AWS does not take back is looked at at once, and tried once a day", func(t *testing.T) {
		c := revoking(t)
		c.Keep(now())
		RevocationCancelRefused(c, now())
		if !due(CheckRevocationWanted(c), now()) || due(CancelRevocationWanted(c), now().Add(day-1)) {
			t.Fatalf("looks %+v, takes back %+v", CheckRevocationWanted(c), CancelRevocationWanted(c))
		}
		c.Served(LookRevocation, c.Looks)
		ObserveRevocation(c, revocation(contract.Pending), now()) // in the same instant: the clock may stand
		later := now().Add(time.Minute)
		looks := CheckRevocationWanted(c)
		if due(looks, later) || !due(looks, later.Add(day)) || !due(CancelRevocationWanted(c), now().Add(day)) {
			t.Errorf("looks %+v, takes back %+v", looks, CancelRevocationWanted(c))
		}
		if facts := RevocationCancelRefused(c, now().Add(day)); facts != nil || c.Withdrawal.Phase != Problem {
			t.Errorf("the same again is told: %v", names(facts))
		}
	})
	t.Run("what became of it by itself ends the question", func(t *testing.T) {
		for _, s := range []contract.State{contract.Accepted, contract.Rejected, contract.Canceled, contract.Expired} {
			c := revoking(t)
			c.JourneyEndedAt = now()
			c.Keep(now())
			RevocationCancelRefused(c, now())
			told(t, ObserveRevocation(c, revocation(s), now().Add(day)), FactRevocationAnswered)
			if c.Withdrawal.Phase != Settled || len(CheckRevocationWanted(c))+len(CancelRevocationWanted(c)) != 0 {
				t.Errorf("%s: %s", s, dump(t, c))
			}
			_, ended := c.Blocks[TermSent]
			if ended != (s == contract.Accepted) || (len(lostTermCase(c)) == 2) != ended {
				t.Errorf("%s: the term is gone: %t, and told %v", s, ended, keys(c))
			}
			c.Withdraw(now().Add(2 * day))
			if len(lostTermCase(c)) != 0 {
				t.Errorf("%s: withdrawn again it is still told", s)
			}
		}
	})
	t.Run("a refusal to take back is nothing while it is not kept", func(t *testing.T) {
		c := revoking(t)
		before := dump(t, c)
		if RevocationCancelRefused(c, now()); dump(t, c) != before {
			t.Error(dump(t, c))
		}
	})
}

// TestKeepAfterTermIsGone: what binds the customer no longer is sent again, when somebody says so.
func TestKeepAfterTermIsGone(t *testing.T) {
	for name, gone := range map[string]func(*testing.T) *Connection{
		"taken back": func(t *testing.T) *Connection {
			t.Helper()
			c := withdrawing(t, termed(t))
			TermCancelSent(c, term(contract.Canceled), now())
			return c
		},
		"ended by the customer's consent": func(t *testing.T) *Connection {
			t.Helper()
			c := revoking(t)
			ObserveRevocation(c, revocation(contract.Accepted), now())
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := gone(t)
			IntendWithdrawal(c, now())
			WithdrawalRefused(c, AccessDenied, now())
			c.Keep(now())
			if r := report(c, TermSent); r.Met || r.Failure.Code != CodeTermRefused || report(c, TermAccepted).Met ||
				due(TermWanted(c), now().Add(day)) {
				t.Fatalf("got %+v", r)
			}
			c.Retry(TermSent)
			send(t, c, "ch-2", now())
			if c.Contract.Pending() == nil || report(c, TermAccepted).Met {
				t.Errorf("got %+v", c.Contract.Term())
			}
			ObserveTerm(c, contract.Seen{HandshakeID: "ch-2", Status: contract.Accepted}, now().Add(day))
			if !report(c, TermAccepted).Met {
				t.Error("the consent to the end of the old term ends the new one")
			}
		})
	}
}
