package scenarios_test

import (
	"testing"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestNewOrganization: a customer without an account orders, makes one, names it, and is connected as a whole.
func TestNewOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-025 a customer without an account orders, and its whole new organization is connected", func(t *testing.T) {
		c := w.newCustomer(t)
		o := c.submitted(t, createNew)
		w.Settle(t)
		if held := w.atAWS(t, c.account); len(held) != 0 {
			t.Fatalf("before the account is named AWS holds %v", held)
		}
		if _, err := w.Transfers.CompleteStep(c.person(t), &accounttransferv1.CompleteStepRequest{
			TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: c.account,
		}); err != nil {
			t.Fatalf("enter the account: %v", err)
		}
		w.Settle(t)
		c.accept(t)
		c.process(t, o.GetOrderId())
		c.acceptTerm(t)
		c.process(t, o.GetOrderId())
		c.finish(t, o)
		inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
		if a := c.agreementOf(t, o); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE {
			t.Errorf("the agreement is %v", a)
		}
		if con := c.connection(t); con.GetAccountId() != c.account || con.GetState() == connectionEnded ||
			con.GetBasis() != accounttransferv1.ConnectionBasis_CONNECTION_BASIS_BILLING_TRANSFER {
			t.Errorf("the connection is %v", con)
		}
		w.oneInvitation(t, c.account, "ACCEPTED")
	})
}
