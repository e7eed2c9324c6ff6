package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/contract"
)

// withdrawing returns a connection whose end is decided.
func withdrawing(t testing.TB, c *Connection) *Connection {
	t.Helper()
	if c.Withdraw(now()); !c.Withdrawing() {
		t.Fatal(dump(t, c))
	}
	return c
}

// revoking returns one whose customer is asked to agree to the end of its service term.
func revoking(t testing.TB) *Connection {
	t.Helper()
	c := withdrawing(t, committed(t))
	if !due(c.RevokeWanted(), now()) || len(c.WithdrawWanted()) != 0 {
		t.Fatalf("got %+v, %+v", c.RevokeWanted(), c.WithdrawWanted())
	}
	c.Contract.Revoke()
	told(t, c.RevocationSent("ch-9", now()), FactRevocationRequested)
	return c
}

func TestWithdraw(t *testing.T) {
	t.Run("AWS is asked to end it with this month", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		if wants := c.WithdrawWanted(); len(wants) != 1 || wants[0].Subject != "1" || !due(wants, now()) {
			t.Fatalf("got %+v", wants)
		}
		facts := c.IntendWithdrawal(now())
		if told(t, facts, FactWithdrawalRequested); facts[0].Details["end"] != "2026-12-01T00:00:00Z" {
			t.Fatalf("it ends before %s", facts[0].Details["end"])
		}
		told(t, c.WithdrawalAnswered(withdrawnAt("2026-12-01"), now()), FactEnding, FactEnded)
		if c.EndReason != WithdrawnByReseller || c.Charged() {
			t.Error(dump(t, c))
		}
	})
	t.Run("one that does not take is repeated, but not at once, and for the month it is then", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		c.IntendWithdrawal(now())
		if facts := c.WithdrawalAnswered(saw(Accepted), now()); facts != nil || !next(c.WithdrawWanted()).Equal(now().Add(again)) {
			t.Fatalf("told %v, wanted %+v", names(facts), c.WithdrawWanted())
		}
		if facts := c.IntendWithdrawal(now().Add(again)); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
		facts := c.IntendWithdrawal(at("2026-12-01"))
		if told(t, facts, FactWithdrawalRequested); facts[0].Details["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("it ends before %s", facts[0].Details["end"])
		}
	})
	t.Run("the month ends while AWS is asked: it is asked for the next one, and nobody is bothered", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		c.IntendWithdrawal(at("2026-11-30T23:59:59Z"))
		refusedAt := at("2026-12-01T00:00:01Z")
		if facts := c.WithdrawalRefused(EndDateTooEarly, refusedAt); facts != nil || !c.Withdrawing() ||
			!next(c.WithdrawWanted()).Equal(refusedAt.Add(again)) {
			t.Fatalf("told %v, wanted %+v", names(facts), c.WithdrawWanted())
		}
		if c.IntendWithdrawal(refusedAt.Add(again)); !c.Withdrawal.Before.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", c.Withdrawal.Before)
		}
	})
	t.Run("it never ends before it starts", func(t *testing.T) {
		c := invited(t)
		c.Observe(Observation{AWSTransferID: "rt-1", Status: Accepted, StartAt: at("2027-01-01")}, now())
		withdrawing(t, c).IntendWithdrawal(now())
		if !c.Withdrawal.Before.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", c.Withdrawal.Before)
		}
	})
	for reason, key := range map[string]string{InvalidEndDate: "decision.term-binds", AccessDenied: "decision.withdrawal-refused"} {
		t.Run("AWS's refusal puts the question again: "+reason, func(t *testing.T) {
			c := withdrawing(t, bound(t))
			facts := c.WithdrawalRefused(reason, now())
			if told(t, facts, FactWithdrawalRefused); facts[0].Reason != reason || facts[0].Audience != "OPERATOR" {
				t.Errorf("told %+v", facts[0])
			}
			if w := c.Withdrawal; w.Phase != Problem || w.Problem.Key != key || w.Problem.Params["reason"] != reason ||
				len(c.WithdrawWanted()) != 0 {
				t.Fatalf("got %+v", w)
			}
			if facts := c.WithdrawalRefused(reason, now()); facts != nil {
				t.Errorf("told twice: %v", names(facts))
			}
		})
	}
	t.Run("an account that is a member is not withdrawn by an invitation", func(t *testing.T) {
		c := member(t)
		if c.Withdraw(now()); len(c.WithdrawWanted()) != 0 {
			t.Errorf("got %+v", c.WithdrawWanted())
		}
	})
}

func TestServiceTermBinds(t *testing.T) {
	t.Run("the customer is asked to accept its end first", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		wants := c.RevokeWanted()
		c.Contract.Revoke()
		if again := c.RevokeWanted(); len(again) != 1 || again[0].Subject != wants[0].Subject { // its answer was lost: the same again
			t.Fatalf("got %+v", again)
		}
		told(t, c.RevocationSent("ch-9", now()), FactRevocationRequested)
		if len(c.RevokeWanted())+len(c.WithdrawWanted()) != 0 || !next(c.CheckRevocationWanted()).Equal(now().Add(shortestBeat)) {
			t.Fatalf("got %+v", c.CheckRevocationWanted())
		}
		told(t, c.ObserveRevocation(revocation(contract.Accepted), now()), FactRevocationAnswered)
		if !due(c.WithdrawWanted(), now()) || len(c.CheckRevocationWanted()) != 0 {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
	})
	for _, state := range []contract.State{contract.Rejected, contract.Expired, contract.Canceled} {
		t.Run("without the customer's consent Operations decides again, and may ask again: "+string(state), func(t *testing.T) {
			c := revoking(t)
			told(t, c.ObserveRevocation(revocation(state), now()), FactRevocationAnswered)
			if c.Withdrawal.Phase != Problem || c.Withdrawal.Problem.Key != "decision.consent-refused" {
				t.Fatalf("got %+v", c.Withdrawal)
			}
			if wants := withdrawing(t, c).RevokeWanted(); len(wants) != 1 || wants[0].Subject != "2" ||
				c.RevocationToken("2") == c.RevocationToken("1") {
				t.Errorf("AWS would take it for the old one: %+v", wants)
			}
		})
	}
	t.Run("a term that is ended stays ended when it is decided again", func(t *testing.T) {
		c := revoking(t)
		c.ObserveRevocation(revocation(contract.Accepted), now())
		c.WithdrawalRefused(AccessDenied, now())
		if withdrawing(t, c); !due(c.WithdrawWanted(), now()) || len(c.RevokeWanted()) != 0 {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
	})
	t.Run("when AWS has nothing to revoke, it is withdrawn at once", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		c.Contract.Revoke()
		if c.RevocationRefused(); !due(c.WithdrawWanted(), now()) || len(c.RevokeWanted()) != 0 {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
	})
	t.Run("a term that ends before binds nobody", func(t *testing.T) {
		c := committed(t)
		c.Withdraw(at("2027-11-25"))
		if !due(c.WithdrawWanted(), now()) || len(c.RevokeWanted()) != 0 {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
	})
	t.Run("one that AWS does not let us take back does not hold up the withdrawal", func(t *testing.T) {
		c := withdrawing(t, termed(t))
		if c.TermCancelRefused(); !due(c.WithdrawWanted(), now()) {
			t.Fatalf("got %+v", c.WithdrawWanted())
		}
	})
	for status, want := range map[contract.State]func(*Connection) bool{
		contract.Canceled: func(c *Connection) bool { return due(c.WithdrawWanted(), now()) },
		contract.Accepted: func(c *Connection) bool { return due(c.RevokeWanted(), now()) },
		contract.Pending:  func(c *Connection) bool { return next(c.CancelTermWanted()).Equal(now().Add(again)) },
	} {
		t.Run("one that the customer has not answered is taken back; if it was faster, it is ended: "+string(status), func(t *testing.T) {
			c := withdrawing(t, termed(t))
			if !due(c.CancelTermWanted(), now()) || len(c.WithdrawWanted())+len(c.CheckTermWanted()) != 0 {
				t.Fatalf("got %+v", c.CancelTermWanted())
			}
			if c.TermCancelSent(term(status), now()); !want(c) {
				t.Error(dump(t, c))
			}
		})
	}
	t.Run("another handshake's answer is nobody's", func(t *testing.T) {
		c := revoking(t)
		if facts := c.ObserveRevocation(contract.Seen{HandshakeID: "ch-77", Status: contract.Accepted}, now()); facts != nil {
			t.Errorf("told %v", names(facts))
		}
	})
}

// TestWithdrawalKeepsItsDate: whether a term binds is asked as of the decision, however long the customer takes.
func TestWithdrawalKeepsItsDate(t *testing.T) {
	c := revoking(t)
	c.ObserveRevocation(revocation(contract.Pending), now().Add(30*day))
	if c.Withdrawal.DecidedAt.After(now()) || !next(c.CheckRevocationWanted()).Before(now().Add(31*day)) {
		t.Errorf("got %+v", c.Withdrawal)
	}
	if got := c.withdrawalEnd(now().Add(30 * 24 * time.Hour)); !got.Equal(at("2027-01-01")) {
		t.Errorf("got %v", got)
	}
}
