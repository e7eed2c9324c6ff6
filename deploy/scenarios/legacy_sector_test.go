package scenarios_test

import (
	"sync"
	"testing"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestCustomerIsFoundToBePublic: a customer that comes to be known as one of the public sector after it has ordered needs AWS's consent
// all the same.
func TestCustomerIsFoundToBePublic(t *testing.T) {
	t.Parallel()
	const closed, skipped = accounttransferv1.StepState_STEP_STATE_PENDING, accounttransferv1.StepState_STEP_STATE_SKIPPED
	const isOpen, done = accounttransferv1.StepState_STEP_STATE_OPEN, accounttransferv1.StepState_STEP_STATE_DONE
	w := newWorld(t)
	t.Run("XFR-002 the consent is a step of its transfer, which nothing passes that moves ownership", func(t *testing.T) {
		m := w.newLegacy(t, "spam-used", false)
		m.isOfPublicSector(t, true)
		tr := w.transfer(t, m.transferID)
		if !tr.GetPublicSector() || tr.GetConsentId() == "" || w.step(t, m.transferID, "request-consent").GetState() != isOpen ||
			w.step(t, m.transferID, "hand-over-linked-accounts").GetState() != closed {
			t.Fatalf("the transfer is %v", tr)
		}
		m.follows(t, spamUsed(), true)
		m.isComplete(t)
	})
	t.Run("it is said at the moment at which it orders", func(t *testing.T) {
		for range 4 {
			m := &legacy{customer: w.newCustomer(t), linked: w.newAccount(t)}
			m.account = w.newAccount(t)
			draft := m.draft(t, func(o *ordersv1.Order) { o.TemplateKey, o.LinkedAccountIds = "spam-unused", []string{m.linked} })
			var both sync.WaitGroup
			var submitted, said error
			both.Go(func() { m.order, submitted = m.submit(t, draft.GetOrderId()) })
			both.Go(func() { said = m.saysSector(t, true) })
			both.Wait()
			w.Settle(t)
			if tr := w.transfer(t, m.order.GetTransferId()); submitted != nil || said != nil || !tr.GetPublicSector() || tr.GetConsentId() == "" {
				t.Errorf("submitted %v, said %v: the transfer is %v", submitted, said, tr)
			}
		}
	})
	t.Run("it is found to be none after all", func(t *testing.T) {
		m := w.newLegacy(t, "spam-used", true)
		m.isOfPublicSector(t, false)
		if s := w.step(t, m.transferID, "request-consent"); s.GetState() != skipped || s.GetReason() == "" {
			t.Fatalf("the step is %v", s)
		}
		if s := w.step(t, m.transferID, "hand-over-linked-accounts"); s.GetState() != isOpen {
			t.Errorf("the step is %v", s)
		}
	})
	t.Run("a table without the step waits for a decision", func(t *testing.T) {
		m := w.newLegacy(t, "ecam-unused", false)
		m.isOfPublicSector(t, true)
		m.isUndecided(t)
		if err := w.op(t).RequireConsent(t.Context(), m.transferID, true, "A ministry."); err != nil {
			t.Fatal(err)
		}
		w.Settle(t)
		if tr := w.transfer(t, m.transferID); len(tr.GetSteps()) != 8 || tr.GetConsentId() == "" {
			t.Errorf("the transfer is %v", tr)
		}
	})
	t.Run("a consent that a rule had skipped is begun when its step is reopened", func(t *testing.T) {
		m := w.newLegacy(t, "spam-used", false)
		if err := w.op(t).ReopenStep(t.Context(), m.transferID, "request-consent", "The customer's terms ask for it."); err != nil {
			t.Fatal(err)
		}
		w.Settle(t)
		if tr := w.transfer(t, m.transferID); tr.GetConsentId() == "" || tr.GetWaiting() == nil {
			t.Fatalf("the transfer is %v", tr)
		}
		m.hasConsent(t)
		if s := w.step(t, m.transferID, "request-consent"); s.GetState() != done {
			t.Errorf("the step is %v", s)
		}
	})
}
