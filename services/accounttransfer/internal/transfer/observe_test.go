package transfer

import (
	"testing"
	"time"
)

func TestObserve(t *testing.T) {
	t.Run("ORD-029 the acceptance completes the customer's step and opens the next", func(t *testing.T) {
		tr := invited(t)
		facts := must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Accepted, StartAt: at("2026-12-01")}, now()))
		wantNames(t, facts, FactInvitationAccepted, FactStepCompleted, FactStepOpened, FactStepOpened, FactStepOpened)
		if !tr.EffectiveAt().Equal(at("2026-12-01")) || step(t, tr, "accept-invitation").State != Done {
			t.Fatal(dump(t, tr))
		}
	})
	for status, code := range map[InvitationState]string{Declined: CodeInvitationDeclined, Expired: CodeInvitationExpired} {
		t.Run("ORD-042 no acceptance fails the transfer: "+string(status), func(t *testing.T) {
			tr := invited(t)
			must(t)(tr.Observe(saw(status), now()))
			if tr.State != Failed || tr.Failure.Code != code || step(t, tr, "accept-invitation").Failure.Code != code || !Next(tr).IsZero() {
				t.Fatal(dump(t, tr))
			}
		})
	}
	t.Run("the same again is no news", func(t *testing.T) {
		tr := invited(t)
		if facts := must(t)(tr.Observe(saw(Requested), now().Add(time.Hour))); facts != nil || !tr.Current().CheckedAt.Equal(now().Add(time.Hour)) {
			t.Fatalf("got %v", names(facts))
		}
	})
	t.Run("an unknown transfer is nobody's", func(t *testing.T) {
		tr := invited(t)
		before := dump(t, tr)
		must(t)(tr.Observe(Observation{AWSTransferID: "rt-77", Status: Accepted}, now()))
		must(t)(tr.Observe(Observation{Status: Accepted}, now()))
		if dump(t, tr) != before {
			t.Fatal("it was taken for ours")
		}
	})
	t.Run("XFR-BT-21 withdrawn after the acceptance", func(t *testing.T) {
		tr := agreed(t)
		must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2026-12-01")}, now()))
		if tr.State != Failed || tr.Failure.Code != CodeTransferWithdrawn || tr.Current().EndsAt.IsZero() {
			t.Fatal(dump(t, tr))
		}
	})
	t.Run("cancelled by somebody else waits for Operations", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Observe(saw(Canceled), now()))
		if w := tr.Waiting(); tr.State != InProgress || w.Owner != Reseller || step(t, tr, "accept-invitation").State != Pending {
			t.Fatalf("got %s %+v", tr.State, w)
		}
		must(t)(tr.Reinvite(time.Time{}, now()))
		if NextAction(tr, now()).Kind != Invite {
			t.Fatal(dump(t, tr))
		}
	})
}
