package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestAcceptance is the customer's part at AWS: invited, accepted, declined, or silent until it is too late.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-BT-01 XFR-BT-02 AWS invites the management account itself, whose root address gets the mail", func(t *testing.T) {
		w.invitesTheManagementAccount(t)
	})
	t.Run("ORD-029 the order waits for the customer's acceptance and goes on after it", w.waitsForAcceptance)
	t.Run("ORD-044 XFR-BT-06 Process finds the acceptance at once instead of at the next planned look", w.processFindsAcceptance)
	t.Run("XFR-BT-12 BIL-008 the transfer starts on the first of the month after the acceptance", w.startsNextMonth)
	t.Run("ORD-042 a declined invitation fails the order", w.declined)
	t.Run("ORD-042 an invitation that is not accepted in time fails the order", w.expired) // last: it moves the clock past the month
}

func (w *world) invitesTheManagementAccount(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	sent := w.oneInvitation(t, c.account, "REQUESTED")
	if sent.GetTargetAccountId() != actors.PayerAccount {
		t.Errorf("the bill would go to %s, want the payer %s", sent.GetTargetAccountId(), actors.PayerAccount)
	}
	inv := w.transfer(t, o.GetTransferId()).GetConnection().GetInvitations()
	if len(inv) != 1 || inv[0].GetAwsTransferId() != sent.GetAwsTransferId() || inv[0].GetAwsHandshakeId() != sent.GetAwsHandshakeId() {
		t.Errorf("the transfer knows %v, AWS holds %v", inv, sent)
	}
	if waits := o.GetWaiting().GetWhat(); !mentions(waits, "root address", "management account") {
		t.Errorf("the customer is told %q, not where the mail goes", waits)
	}
}

func (w *world) waitsForAcceptance(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	sent := w.oneInvitation(t, c.account, "REQUESTED")
	wait := o.GetWaiting()
	if wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || wait.GetWhat() == "" || wait.GetWhere() == "" {
		t.Errorf("the order waits for %v, want who must do what and where", wait)
	}
	if last := sent.GetStartTime().AsTime().Add(-24*time.Hour - time.Second); !wait.GetUntilTime().AsTime().Equal(last) {
		t.Errorf("the wait ends %s, the last second to accept is %s", wait.GetUntilTime().AsTime(), last)
	}
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "ACCEPTED")
}

func (w *world) processFindsAcceptance(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	c.accept(t)
	w.Settle(t)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING) // nobody has looked yet
	at := w.Now(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	if now := w.Now(t); !now.Equal(at) {
		t.Errorf("business time went on from %s to %s", at, now)
	}
	if got := w.step(t, o.GetTransferId(), "accept-invitation").GetState(); got != accounttransferv1.StepState_STEP_STATE_DONE {
		t.Errorf("the acceptance is %s", got)
	}
}

func (w *world) startsNextMonth(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.Advance(t, time.Date(2026, time.February, 19, 10, 0, 0, 0, time.UTC))
	c.accept(t)
	o = c.process(t, o.GetOrderId())
	march := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	if got := w.transfer(t, o.GetTransferId()).GetConnection().GetStartTime().AsTime(); !got.Equal(march) {
		t.Errorf("the transfer starts %s", got)
	}
	if got := w.oneInvitation(t, c.account, "ACCEPTED").GetStartTime().AsTime(); !got.Equal(march) {
		t.Errorf("AWS says %s", got)
	}
	if got := o.GetPreview().GetStartTime().AsTime(); !got.Equal(march) {
		t.Errorf("the order says %s", got)
	}
}

func (w *world) declined(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	if err := w.aws(t).DeclineInvitation(t.Context(), c.account); err != nil {
		t.Fatal(err)
	}
	w.failed(t, c.process(t, o.GetOrderId()), ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_DECLINED)
	w.oneInvitation(t, c.account, "DECLINED")
}

func (w *world) expired(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.Advance(t, o.GetWaiting().GetUntilTime().AsTime().Add(time.Hour))
	w.failed(t, w.order(t, o.GetOrderId()), ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_EXPIRED)
	w.oneInvitation(t, c.account, "EXPIRED")
	if _, err := w.aws(t).AcceptInvitation(t.Context(), c.account); err == nil {
		t.Error("the expired invitation could still be accepted")
	}
}

// failed fails unless order and transfer have failed and say why.
func (w *world) failed(t *testing.T, o *ordersv1.Order, code ordersv1.OrderFailureCode) {
	t.Helper()
	inState(t, o, ordersv1.OrderState_ORDER_STATE_FAILED)
	if f := o.GetFailure(); f.GetCode() != code || f.GetMessage() == "" || o.GetEndTime() == nil || o.GetWaiting() != nil {
		t.Errorf("failed with %v at %v, waits for %v; want %s", f, o.GetEndTime(), o.GetWaiting(), code)
	}
	if s := w.transfer(t, o.GetTransferId()).GetState(); s != accounttransferv1.TransferState_TRANSFER_STATE_FAILED {
		t.Errorf("the transfer is %s", s)
	}
}
