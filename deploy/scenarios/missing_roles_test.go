package scenarios_test

import (
	"testing"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestMissingRoles plays the clock past the time that the customer has to deploy the Bootstrap Role.
func TestMissingRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run(
		"ORD-043 missing roles fail the order once Operations has had the transfer withdrawn, and the decision says who pays", w.rolesNeverCome,
	)
	t.Run("a transfer that is kept asks the customer for the roles anew", w.rolesComeLate)
}

// overdue is an order with the reseller's own support whose customer has done everything but deploy the role in time.
func (w *world) overdue(t *testing.T) (customer, *ordersv1.Order) {
	t.Helper()
	c := w.newCustomer(t)
	o := c.submitted(t, func(o *ordersv1.Order) { o.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED })
	w.Settle(t)
	c.accept(t)
	c.process(t, o.GetOrderId())
	c.acceptTerm(t)
	o = c.process(t, o.GetOrderId())
	due := w.step(t, o.GetTransferId(), "deploy-roles").GetDueTime().AsTime()
	w.Advance(t, due.Add(time.Hour))
	if tr := w.asked(t, o); !mentions(tr.GetDecision().GetQuestion(), "Bootstrap Role") {
		t.Errorf("the question is %v", tr.GetDecision())
	}
	return c, w.order(t, o.GetOrderId())
}

func (w *world) rolesNeverCome(t *testing.T) {
	c, o := w.overdue(t)
	w.decide(t, o, customerPays)
	c.acceptTerm(t)
	w.look(t, o)
	tr := w.transfer(t, o.GetTransferId())
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_FAILED ||
		tr.GetFailure().GetCode() != accounttransferv1.FailureCode_FAILURE_CODE_ROLES_MISSING {
		t.Fatalf("the transfer is %s, failed with %v", tr.GetState(), tr.GetFailure())
	}
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	w.oneInvitation(t, c.account, "WITHDRAWN")
	if told := w.toldOf(t, o, "failed"); told["charges_paid_by"] != "" || told["code"] != "ROLES_MISSING" {
		t.Errorf("the end tells %v", told)
	}
	if told := w.toldOf(t, o, "decision_recorded"); told["charges_paid_by"] != "CUSTOMER" {
		t.Errorf("the decision tells %v", told)
	}
}

func (w *world) rolesComeLate(t *testing.T) {
	_, o := w.overdue(t)
	w.decide(t, o, kept)
	s := w.step(t, o.GetTransferId(), "deploy-roles")
	if s.GetState() != accounttransferv1.StepState_STEP_STATE_OPEN || !s.GetDueTime().AsTime().After(w.Now(t)) ||
		s.GetOpenTime().AsTime().After(w.Now(t)) {
		t.Errorf("the step is %v", s)
	}
	if wait := w.order(t, o.GetOrderId()).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || wait.GetStepKey() != "deploy-roles" {
		t.Errorf("the order waits for %v", wait)
	}
}
