package scenarios_test

import (
	"slices"
	"testing"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestLimitedRole: what the Bootstrap Role may really do is looked at when it is deployed, and again for as long as the account is bound.
func TestLimitedRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.rejectsTerm(t, c.accepted(t))
	const denied = "support:DescribeSeverityLevels"
	c.deployLimited(t, o, denied)
	o = c.process(t, o.GetOrderId())
	t.Run("a role that may not do all lets the transfer go on, and Operations has a case", func(t *testing.T) {
		role := w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_LIMITED)
		if !slices.Equal(role.GetDeniedActions(), []string{denied}) {
			t.Errorf("the role is %v", role)
		}
		if s := w.step(t, o.GetTransferId(), "deploy-roles"); s.GetState() != accounttransferv1.StepState_STEP_STATE_DONE {
			t.Errorf("its step is %v", s)
		}
		w.limited(t, c, o, true)
	})
	if err := w.op(t).SkipStep(t.Context(), o.GetTransferId(), "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	c.deploy(t, o.GetTransferId())
	w.Advance(t, w.Now(t).Add(25*time.Hour))
	t.Run("once it may, the case is resolved by itself", func(t *testing.T) {
		w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_DEPLOYED)
		w.limited(t, c, o, false)
	})
	c.deployLimited(t, o, denied, "organizations:DescribeOrganization")
	w.Advance(t, w.Now(t).Add(8*24*time.Hour))
	t.Run("a right that is taken away later is found within a week", func(t *testing.T) {
		role := w.roleIs(t, o.GetTransferId(), accounttransferv1.BootstrapRoleState_BOOTSTRAP_ROLE_STATE_LIMITED)
		if len(role.GetDeniedActions()) != 2 {
			t.Errorf("the role is %v", role)
		}
		w.limited(t, c, o, true)
	})
}

// deployLimited deploys the role as the customer, without the right to do some actions.
func (c customer) deployLimited(t *testing.T, o *ordersv1.Order, denied ...string) {
	t.Helper()
	if err := c.w.aws(t).DeployLimitedRole(t.Context(), c.account, o.GetTransferId(), denied...); err != nil {
		t.Fatalf("deploy the role: %v", err)
	}
}

// limited fails unless the transfer is flagged for its role, or is not, and has an open case then.
func (w *world) limited(t *testing.T, c customer, o *ordersv1.Order, want bool) {
	t.Helper()
	flagged := slices.Contains(w.transfer(t, o.GetTransferId()).GetFlags(), accounttransferv1.TransferFlag_TRANSFER_FLAG_ROLE_LIMITED)
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{
		CustomerId: c.id, Kinds: []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_ROLES_MISSING},
	})
	if err != nil {
		t.Fatal(err)
	}
	open := slices.ContainsFunc(resp.GetCases(), func(k *supportv1.Case) bool {
		return k.GetResolution() == nil && mentions(k.GetTitle(), "may not do all")
	})
	if flagged != want || open != want {
		t.Errorf("flagged %v, cases %v", flagged, resp.GetCases())
	}
}
