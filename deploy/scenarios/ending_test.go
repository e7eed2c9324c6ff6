package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestEnding is what becomes of a wish to end an order: AccountTransfer, and AWS behind it, have the last word.
func TestEnding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-041 Operations rejects an order whose steps stay incomplete, and the invitation is cancelled", w.rejects)
	t.Run("an order whose invitation cannot be sent is rejected all the same", w.rejectsWithoutInvitation)
	t.Run("a customer who accepts while the order is being ended leaves a decision to Operations", w.acceptsWhileEnding)
	t.Run("a lost answer to the cancellation ends the order once", w.cancelsDespiteLostAnswer)
	t.Run("an invitation cancelled by somebody at AWS waits for Operations", w.cancelledElsewhere)
}

func (w *world) fail(t *testing.T, orderID string) {
	t.Helper()
	if err := w.op(t).FailOrder(t.Context(), orderID, "The customer does not answer."); err != nil {
		t.Fatalf("fail: %v", err)
	}
}

func (w *world) rejects(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.fail(t, o.GetOrderId())
	err := w.op(t).FailOrder(t.Context(), o.GetOrderId(), "Once more.")
	if reason := refusedWith(err); reason != "ENDING_ALREADY" && reason != "STATE_REFUSES" { // it may have ended by now
		t.Errorf("a second wish: %v", err)
	}
	w.Settle(t)
	w.rejected(t, w.order(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "CANCELED")

	again := c.invited(t) // the account is free again
	if got := len(w.atAWS(t, c.account)); got != 2 || again.GetOrderId() == o.GetOrderId() {
		t.Errorf("AWS holds %d invitations after a second order, want the cancelled one and the new one", got)
	}
}

// rejected fails unless an order has ended as Operations wished and nothing is left of its transfer.
func (w *world) rejected(t *testing.T, o *ordersv1.Order) {
	t.Helper()
	inState(t, o, ordersv1.OrderState_ORDER_STATE_FAILED)
	if f := o.GetFailure(); f.GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_REVIEW_REJECTED ||
		f.GetMessage() != "The customer does not answer." {
		t.Errorf("failed with %v", f)
	}
	if by := o.GetEnding().GetRequestedBy().GetSubject(); by != "operator-1" {
		t.Errorf("the end was asked for by %q", by)
	}
	tr := w.transfer(t, o.GetTransferId())
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED || tr.GetEndTime() == nil {
		t.Errorf("the transfer is %s", tr.GetState())
	}
}

func (w *world) rejectsWithoutInvitation(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{PrivatePricing: true})
	o := c.submitted(t)
	w.Settle(t)
	w.fail(t, o.GetOrderId())
	w.Settle(t)
	w.rejected(t, w.order(t, o.GetOrderId()))
	if held := w.atAWS(t, c.account); len(held) != 0 {
		t.Errorf("AWS holds %v", held)
	}
}

func (w *world) acceptsWhileEnding(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.setFault(t, &sandboxv1.Fault{Operation: opCancel, Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE})
	w.fail(t, o.GetOrderId())
	c.accept(t) // faster: nothing could be cancelled so far
	w.clearFaults(t)
	w.Settle(t)

	tr := w.transfer(t, o.GetTransferId())
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION || tr.GetConnection().GetStartTime() == nil {
		t.Errorf("the transfer is %s, effective %v", tr.GetState(), tr.GetConnection().GetStartTime())
	}
	if wait := tr.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER || !mentions(wait.GetWhat(), "withdraw", "keep") {
		t.Errorf("the transfer waits for %v", wait)
	}
	o = w.order(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if wait := o.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER || wait.GetWhere() != "TransferService.RecordDecision" {
		t.Errorf("the order waits for %v", wait)
	}
	if o.GetEnding().GetWish() != ordersv1.OrderWish_ORDER_WISH_FAIL || o.GetFailure() != nil {
		t.Errorf("the order's end is %v, its failure %v", o.GetEnding(), o.GetFailure())
	}
	err := w.op(t).FailOrder(t.Context(), o.GetOrderId(), "Once more.")
	refused(t, err, codes.FailedPrecondition, "ENDING_ALREADY")
	w.oneInvitation(t, c.account, "ACCEPTED")
}

func (w *world) cancelsDespiteLostAnswer(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.setFault(t, &sandboxv1.Fault{Operation: opCancel, Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries})
	w.fail(t, o.GetOrderId())
	w.Settle(t)
	w.rejected(t, w.order(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "CANCELED")
}

func (w *world) cancelledElsewhere(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	w.cancelElsewhere(t, c.account)
	o = c.process(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING) // only Operations can mend that, and is told at once
	if wait := w.transfer(t, o.GetTransferId()).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER ||
		wait.GetStepKey() != "send-invitation" {
		t.Errorf("the transfer waits for %v", wait)
	}
	if _, err := w.Transfers.Reinvite(w.operator(t), &accounttransferv1.ReinviteRequest{TransferId: o.GetTransferId()}); err != nil {
		t.Fatalf("invite again: %v", err)
	}
	w.Settle(t)
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	if got := w.step(t, o.GetTransferId(), "accept-invitation").GetState(); got != accounttransferv1.StepState_STEP_STATE_DONE {
		t.Errorf("the acceptance of the new invitation is %s", got)
	}
}
