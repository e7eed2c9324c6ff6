package transfer

import (
	"strings"
	"testing"
	"time"
)

// revoke lets the customer agree to the end of the service term.
func revoke(t testing.TB, tr *Transfer, when time.Time) {
	t.Helper()
	if a := NextAction(tr, when); a.Kind != RevokeTerm {
		t.Fatalf("got %+v", a)
	}
	must(t)(tr.IntendRevocation())
	must(t)(tr.RevocationSent("ch-9", when))
	must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermAgreed}, when))
}

func TestServiceTermBinds(t *testing.T) {
	decided := func(t testing.TB) *Transfer {
		tr := late(t, termed(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		return tr
	}
	t.Run("the customer is asked to accept its end first", func(t *testing.T) {
		tr := decided(t)
		if _, err := tr.PrepareWithdrawal(now()); err == nil {
			t.Fatal("AWS was asked although the term binds")
		}
		must(t)(tr.IntendRevocation())
		token := tr.Withdrawal.Revocation.Token
		if a := NextAction(tr, now()); a.Kind != RevokeTerm { // its answer was lost: the same again
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.IntendRevocation())
		wantNames(t, must(t)(tr.RevocationSent("ch-9", now())), FactWithdrawalRequested)
		if w := tr.Waiting(); tr.Withdrawal.Revocation.Token != token || w.Owner != Customer || !strings.Contains(w.What, "end of the service term") {
			t.Fatalf("it waits for %+v", w)
		}
		if a := NextAction(tr, now().Add(shortestBeat)); a.Kind != CheckRevocation {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermAgreed}, now()))
		if a := NextAction(tr, now()); a.Kind != WithdrawInvitation {
			t.Fatalf("got %+v", a)
		}
	})
	t.Run("without the customer's consent Operations decides again, and may ask again", func(t *testing.T) {
		tr := decided(t)
		must(t)(tr.IntendRevocation())
		token := tr.Withdrawal.Revocation.Token
		must(t)(tr.RevocationSent("ch-9", now()))
		wantNames(t, must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermExpired}, now())), FactDecisionAwaited)
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.IntendRevocation())
		if tr.Withdrawal.Revocation.Token == token {
			t.Error("AWS would take it for the old one")
		}
	})
	t.Run("a term that is ended stays ended when it is decided again", func(t *testing.T) {
		tr := decided(t)
		revoke(t, tr, now())
		must(t)(tr.PrepareWithdrawal(now()))
		must(t)(tr.WithdrawalRefused("ACCESS_DENIED", now()))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		if a := NextAction(tr, now()); a.Kind != WithdrawInvitation {
			t.Fatalf("got %+v", a)
		}
	})
	t.Run("when AWS has nothing to revoke, it is withdrawn at once", func(t *testing.T) {
		tr := decided(t)
		must(t)(tr.IntendRevocation())
		must(t)(tr.RevocationRefused())
		if a := NextAction(tr, now()); a.Kind != WithdrawInvitation {
			t.Fatalf("got %+v", a)
		}
	})
	t.Run("one that AWS does not let us take back does not hold up the withdrawal", func(t *testing.T) {
		tr := late(t, proposed(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.TermCancelRefused())
		if a := NextAction(tr, now()); a.Kind != WithdrawInvitation {
			t.Fatalf("got %+v", a)
		}
	})
	t.Run("one that the customer has not answered is taken back; if it was faster, it is ended", func(t *testing.T) {
		for status, next := range map[TermState]ActionKind{TermCanceled: WithdrawInvitation, TermAgreed: RevokeTerm, TermPending: None} {
			tr := late(t, proposed(t))
			must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
			if a := NextAction(tr, now()); a.Kind != CancelTerm {
				t.Fatalf("got %+v", a)
			}
			must(t)(tr.TermCancelSent(now()))
			must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: status}, now()))
			if a := NextAction(tr, now()); a.Kind != next {
				t.Errorf("%s: got %+v", status, a)
			}
		}
	})
}
