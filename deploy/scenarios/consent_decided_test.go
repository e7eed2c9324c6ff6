package scenarios_test

import (
	"testing"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestConsentThatATableLacks: ECAM without AWS Organizations has no consent in its table. It is created all the same and waits
// for what Operations decides, as the transfer does.
func TestConsentThatATableLacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	undecided := func(t *testing.T) assigned {
		t.Helper()
		m := w.newLegacy(t, "ecam-unused", true)
		a := assigned{customer: m.customer, order: m.order, consentID: w.transfer(t, m.transferID).GetConsentId()}
		c := a.consent(t)
		if c.GetState() != accounttransferv1.ConsentState_CONSENT_STATE_DRAFT || c.GetWaiting() != nil || c.GetExpireTime() != nil {
			t.Fatalf("before the decision the consent is %v", c)
		}
		return a
	}
	t.Run("Q-01 Operations requires the consent, and no account is invited before it is executed", func(t *testing.T) {
		a := undecided(t)
		a.did(t, "require", w.op(t).RequireConsent(t.Context(), a.order.GetTransferId(), true, "A ministry."))
		if c := a.consent(t); c.GetState() != gathering || c.GetWaiting().GetUntilTime() == nil || c.GetExpireTime() == nil {
			t.Errorf("the consent is %v", c)
		}
		if s := a.step(t, "invite-linked-accounts"); s.GetState() != pending {
			t.Errorf("the step is %v", s)
		}
	})
	t.Run("Q-01 Operations waives the consent, which ends, and the transfer goes on", func(t *testing.T) {
		a := undecided(t)
		a.did(t, "waive", w.op(t).RequireConsent(t.Context(), a.order.GetTransferId(), false, "AWS has waived it."))
		if c := a.consent(t); c.GetState() != givenUp || c.GetEndTime() == nil || c.GetWaiting() != nil {
			t.Errorf("the consent is %v", c)
		}
		tr := a.transfer(t)
		if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS || tr.GetDecision().GetReason() == "" {
			t.Errorf("the transfer is %v", tr)
		}
	})
}
