package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
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
	t.Run("ORD-043 missing roles fail the order also after the billing has begun, which then ends with the month", w.rolesMissingAfterStart)
	t.Run("a transfer that is kept asks the customer for the roles anew", w.rolesComeLate)
}

// overdue is an order with the reseller's own support whose customer has done everything but deploy the role in time.
func (w *world) overdue(t *testing.T) (customer, *ordersv1.Order) {
	t.Helper()
	return w.overdueAfter(t, w.Now(t))
}

// overdueAfter is one that was accepted at an instant.
func (w *world) overdueAfter(t *testing.T, accepted time.Time) (customer, *ordersv1.Order) {
	t.Helper()
	c := w.newCustomer(t)
	o := c.submitted(t, func(o *ordersv1.Order) { o.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED })
	w.Advance(t, accepted)
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

// rolesMissingAfterStart has the customer accept so late that the time for the roles ends after AWS has begun to bill.
func (w *world) rolesMissingAfterStart(t *testing.T) {
	c, o := w.overdueAfter(t, calendar.MonthOf(w.Now(t)).Next().Start().AddDate(0, 0, -3))
	con := c.connection(t)
	if !con.GetStartTime().AsTime().Before(w.Now(t)) {
		t.Fatalf("at %s the billing has not begun: %v", w.Now(t), con)
	}
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	w.decide(t, o, resellerPays)
	c.acceptTerm(t)
	w.look(t, o)
	w.Advance(t, calendar.MonthOf(w.Now(t)).Next().Start().Add(3*time.Hour))
	o = w.order(t, o.GetOrderId())
	if o.GetState() != ordersv1.OrderState_ORDER_STATE_FAILED ||
		o.GetFailure().GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_ROLES_MISSING {
		t.Errorf("the order is %s: %v", o.GetState(), o.GetFailure())
	}
	if a := c.agreementOf(t, o); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_FAILED {
		t.Errorf("the agreement is %v", a)
	}
	if con = c.connection(t); con.GetState() != connectionEnded || !con.GetEndTime().AsTime().Equal(calendar.MonthOf(w.Now(t)).Start()) {
		t.Errorf("the connection is %v", con)
	}
	w.oneInvitation(t, c.account, "WITHDRAWN")
	if told := w.toldOf(t, o, "decision_recorded"); told["charges_paid_by"] != "RESELLER" {
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
