package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
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
	if !due(RevokeWanted(c), now()) || due(WithdrawWanted(c), now()) {
		t.Fatalf("got %+v, %+v", RevokeWanted(c), WithdrawWanted(c))
	}
	c.Contract.Revoke()
	told(t, RevocationSent(c, "ch-9", now()), FactRevocationRequested)
	return c
}

func TestWithdraw(t *testing.T) {
	t.Run("AWS is asked to end it with this month", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		if wants := WithdrawWanted(c); len(wants) != 1 || wants[0].Subject != "1" || !due(wants, now()) {
			t.Fatalf("got %+v", wants)
		}
		facts := IntendWithdrawal(c, now())
		if told(t, facts, FactWithdrawalRequested); facts[0].Details["end"] != "2026-12-01T00:00:00Z" {
			t.Fatalf("it ends before %s", facts[0].Details["end"])
		}
		told(t, WithdrawalAnswered(c, withdrawnAt("2026-12-01"), now()), FactEnding, FactEnded)
		if c.EndReason != WithdrawnByReseller || c.Charged() {
			t.Error(dump(t, c))
		}
	})
	t.Run("one that does not take is repeated, but not at once, and for the month it is then", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		IntendWithdrawal(c, now())
		if facts := WithdrawalAnswered(c, saw(Accepted), now()); facts != nil || !next(WithdrawWanted(c)).Equal(now().Add(again)) {
			t.Fatalf("told %v, wanted %+v", names(facts), WithdrawWanted(c))
		}
		if facts := IntendWithdrawal(c, now().Add(again)); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
		facts := IntendWithdrawal(c, at("2026-12-01"))
		if told(t, facts, FactWithdrawalRequested); facts[0].Details["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("it ends before %s", facts[0].Details["end"])
		}
	})
	t.Run("the month ends while AWS is asked: it is asked for the next one, and nobody is bothered", func(t *testing.T) {
		c := withdrawing(t, bound(t))
		IntendWithdrawal(c, at("2026-11-30T23:59:59Z"))
		refusedAt := at("2026-12-01T00:00:01Z")
		if facts := WithdrawalRefused(c, EndDateTooEarly, refusedAt); facts != nil || !c.Withdrawing() ||
			!next(WithdrawWanted(c)).Equal(refusedAt.Add(again)) {
			t.Fatalf("told %v, wanted %+v", names(facts), WithdrawWanted(c))
		}
		if IntendWithdrawal(c, refusedAt.Add(again)); !c.Withdrawal.Before.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", c.Withdrawal.Before)
		}
	})
	t.Run("it never ends before it starts", func(t *testing.T) {
		c := invited(t)
		c.Observe(Observation{AWSTransferID: "rt-1", Status: Accepted, StartAt: at("2027-01-01")}, now())
		IntendWithdrawal(withdrawing(t, c), now())
		if !c.Withdrawal.Before.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", c.Withdrawal.Before)
		}
	})
	for reason, key := range map[string]string{InvalidEndDate: "decision.term-binds", AccessDenied: "decision.withdrawal-refused"} {
		t.Run("AWS's refusal puts the question again: "+reason, func(t *testing.T) {
			c := withdrawing(t, bound(t))
			facts := WithdrawalRefused(c, reason, now())
			if told(t, facts, FactWithdrawalRefused); facts[0].Reason != reason || facts[0].Audience != "OPERATOR" {
				t.Errorf("told %+v", facts[0])
			}
			if w := c.Withdrawal; w.Phase != Problem || w.Problem.Key != key || w.Problem.Params["reason"] != reason ||
				len(WithdrawWanted(c)) != 0 {
				t.Fatalf("got %+v", w)
			}
			if facts := WithdrawalRefused(c, reason, now()); facts != nil {
				t.Errorf("told twice: %v", names(facts))
			}
		})
	}
	t.Run("an account that is a member is not withdrawn by an invitation", func(t *testing.T) {
		c := member(t)
		if c.Withdraw(now()); len(WithdrawWanted(c)) != 0 {
			t.Errorf("got %+v", WithdrawWanted(c))
		}
	})
}

func TestServiceTermBinds(t *testing.T) {
	t.Run("the customer is asked to accept its end first", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		wants := RevokeWanted(c)
		c.Contract.Revoke()
		if again := RevokeWanted(c); len(again) != 1 || again[0].Subject != wants[0].Subject { // its answer was lost: the same again
			t.Fatalf("got %+v", again)
		}
		told(t, RevocationSent(c, "ch-9", now()), FactRevocationRequested)
		if len(RevokeWanted(c)) != 0 || due(WithdrawWanted(c), now()) || !next(CheckRevocationWanted(c)).Equal(now().Add(shortestBeat)) {
			t.Fatalf("got %+v", CheckRevocationWanted(c))
		}
		told(t, ObserveRevocation(c, revocation(contract.Accepted), now()), FactRevocationAnswered)
		if !due(WithdrawWanted(c), now()) || len(CheckRevocationWanted(c)) != 0 {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
	})
	for _, state := range []contract.State{contract.Rejected, contract.Expired, contract.Canceled} {
		t.Run("without the customer's consent Operations decides again, and may ask again: "+string(state), func(t *testing.T) {
			c := revoking(t)
			told(t, ObserveRevocation(c, revocation(state), now()), FactRevocationAnswered)
			if c.Withdrawal.Phase != Problem || c.Withdrawal.Problem.Key != "decision.consent-refused" {
				t.Fatalf("got %+v", c.Withdrawal)
			}
			if wants := RevokeWanted(withdrawing(t, c)); len(wants) != 1 || wants[0].Subject != "2" ||
				RevocationToken(c, "2") == RevocationToken(c, "1") {
				t.Errorf("AWS would take it for the old one: %+v", wants)
			}
		})
	}
	t.Run("a term that is ended stays ended when it is decided again", func(t *testing.T) {
		c := revoking(t)
		ObserveRevocation(c, revocation(contract.Accepted), now())
		WithdrawalRefused(c, AccessDenied, now())
		if withdrawing(t, c); !due(WithdrawWanted(c), now()) || len(RevokeWanted(c)) != 0 {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
	})
	t.Run("when AWS has nothing to revoke, it is withdrawn at once", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		c.Contract.Revoke()
		if RevocationRefused(c); !due(WithdrawWanted(c), now()) || len(RevokeWanted(c)) != 0 {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
	})
	t.Run("a term that ends before binds nobody", func(t *testing.T) {
		c := committed(t)
		c.Withdraw(at("2027-11-25"))
		if !due(WithdrawWanted(c), at("2027-11-25")) || len(RevokeWanted(c)) != 0 {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
	})
	t.Run("one that AWS does not let us take back does not hold up the withdrawal", func(t *testing.T) {
		c := withdrawing(t, termed(t))
		if TermCancelRefused(c, now()); !due(WithdrawWanted(c), now()) {
			t.Fatalf("got %+v", WithdrawWanted(c))
		}
	})
	for status, want := range map[contract.State]func(*Connection) bool{
		contract.Canceled: func(c *Connection) bool { return due(WithdrawWanted(c), now()) },
		contract.Accepted: func(c *Connection) bool { return due(RevokeWanted(c), now()) },
		contract.Pending:  func(c *Connection) bool { return next(CancelTermWanted(c)).Equal(now().Add(again)) },
	} {
		t.Run("one that the customer has not answered is taken back; if it was faster, it is ended: "+string(status), func(t *testing.T) {
			c := withdrawing(t, termed(t))
			if !due(CancelTermWanted(c), now()) || due(WithdrawWanted(c), now()) || len(CheckTermWanted(c)) != 0 {
				t.Fatalf("got %+v", CancelTermWanted(c))
			}
			if TermCancelSent(c, term(status), now()); !want(c) {
				t.Error(dump(t, c))
			}
		})
	}
	t.Run("another handshake's answer is nobody's", func(t *testing.T) {
		c := revoking(t)
		if facts := ObserveRevocation(c, contract.Seen{HandshakeID: "ch-77", Status: contract.Accepted}, now()); facts != nil {
			t.Errorf("told %v", names(facts))
		}
	})
}

// TestConsentIsNotWaitedForInVain: whether a term binds is asked as of the day on which AWS is asked, and in its last month nobody waits
// for the customer.
func TestConsentIsNotWaitedForInVain(t *testing.T) {
	last := at("2027-11-01") // the term ends on 22 November
	waits := func(t *testing.T) *Connection {
		t.Helper()
		c := revoking(t)
		if w := c.Waiting(); w.Owner != process.Customer || !w.Until.Equal(last) || c.Next().After(last) {
			t.Fatalf("it waits for %+v until %s", w, c.Next())
		}
		return c
	}
	t.Run("the customer does not answer", func(t *testing.T) {
		c := waits(t)
		ObserveRevocation(c, revocation(contract.Pending), now().Add(30*day))
		if due(WithdrawWanted(c), last.Add(-time.Second)) || !due(WithdrawWanted(c), last) {
			t.Fatalf("AWS is asked %+v", WithdrawWanted(c))
		}
		c.Tick(last.Add(-time.Second))
		begun := *c
		told(t, IntendWithdrawal(&begun, last), FactConsentNeedless, FactWithdrawalRequested)
		told(t, c.Tick(last), FactConsentNeedless)
		_, err := AskKeep(c, 0, "It stays.", last)
		refused(t, err, ReasonStateRefuses)
		if w := c.Waiting(); w.Owner != process.AWS || len(RevokeWanted(c)) != 0 || AwaitsConsent(c) {
			t.Fatalf("it waits for %+v", w)
		}
		IntendWithdrawal(c, last)
		told(t, WithdrawalAnswered(c, withdrawnAt("2027-12-01"), last), FactEnding)
		if wants := CancelRevocationWanted(c); !due(wants, last) || wants[0].Subject != "ch-9" || len(CheckRevocationWanted(c)) != 0 {
			t.Fatalf("what the customer could still accept stays there: %+v", wants)
		}
		RevocationCancelRefused(c, last)
		if wants := CancelRevocationWanted(c); !next(wants).Equal(last.Add(day)) || c.Withdrawal.Phase == Problem {
			t.Fatalf("refused, it is tried again %+v", wants)
		}
		facts := RevocationCancelSent(c, revocation(contract.Canceled), last.Add(day))
		if told(t, facts, FactRevocationAnswered); facts[0].Audience != "OPERATOR" || len(CancelRevocationWanted(c)) != 0 {
			t.Errorf("told %+v, wanted %+v", facts, CancelRevocationWanted(c))
		}
	})
	t.Run("the customer refuses when that does not matter any more", func(t *testing.T) {
		c := waits(t)
		told(t, ObserveRevocation(c, revocation(contract.Rejected), last), FactRevocationAnswered)
		if !c.Withdrawing() || !due(WithdrawWanted(c), last) {
			t.Errorf("Operations decides again: %s", dump(t, c))
		}
	})
	t.Run("a service term that the customer accepts meanwhile binds all the same", func(t *testing.T) {
		c := withdrawing(t, termed(t))
		if TermCancelSent(c, term(contract.Accepted), now()); due(WithdrawWanted(c), now()) || !due(RevokeWanted(c), now()) {
			t.Errorf("got %+v", WithdrawWanted(c))
		}
	})
	t.Run("a revocation that AWS has late is taken back when the connection is kept", func(t *testing.T) {
		c := withdrawing(t, committed(t))
		c.Contract.Revoke()
		c.Keep(now())
		told(t, RevocationSent(c, "ch-9", now()), FactRevocationRequested)
		if !c.Keeping() || !due(CancelRevocationWanted(c), now()) {
			t.Error(dump(t, c))
		}
	})
}
