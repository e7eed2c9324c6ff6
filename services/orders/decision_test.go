package orders_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestDecision is what becomes of a wish to end an order when the customer was faster at AWS.
func TestDecision(t *testing.T) {
	t.Parallel()
	a := start(t, "", newNeighbours().services()...)
	t.Run("while Operations must decide the order says so; kept, the wish is dropped", func(t *testing.T) {
		o := a.undecided(t, "200000000001")
		if w := o.GetWaiting(); w.GetOwner() != typev1.Party_PARTY_RESELLER ||
			w.GetWhat() != "The reseller acts next. Nothing is left for you to do." {
			t.Errorf("undecided the customer reads %v", w)
		}
		got, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: o.GetOrderId()})
		if err != nil {
			t.Fatal(err)
		}
		if w := got.GetOrder().GetWaiting(); o.GetState() != ordersv1.OrderState_ORDER_STATE_QUERYING ||
			w.GetOwner() != typev1.Party_PARTY_RESELLER || w.GetWhere() != "TransferService.RecordDecision" {
			t.Errorf("undecided it is %s and waits for %v", o.GetState(), w)
		}
		o = a.hears(t, o, 3, func(tr *accounttransferv1.Transfer) {
			accepted(tr)
			tr.Decision = &accounttransferv1.TransferDecision{
				Outcome: accounttransferv1.DecisionOutcome_DECISION_OUTCOME_KEEP, DecideTime: timestamppb.New(a.env.Business.Now()),
			}
		})
		if o.GetState() != ordersv1.OrderState_ORDER_STATE_PROCESSING || o.GetEnding() != nil || o.GetWaiting().GetEscalated() {
			t.Errorf("kept it is %v", o)
		}
		o = a.hears(t, o, 4, completed)
		if got := a.agreement(t, a.person(t), o.GetAgreementId()); got.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE {
			t.Errorf("complete, its agreement is %v", got)
		}
	})
	t.Run("withdrawn, the order ends as it was wished", func(t *testing.T) {
		o := a.hears(t, a.undecided(t, "200000000002"), 3, func(tr *accounttransferv1.Transfer) {
			accepted(tr)
			tr.State = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
			tr.Failure = &accounttransferv1.Failure{Code: accounttransferv1.FailureCode_FAILURE_CODE_TRANSFER_WITHDRAWN, Message: "withdrawn"}
		})
		if f := o.GetFailure(); o.GetState() != ordersv1.OrderState_ORDER_STATE_FAILED ||
			f.GetCode() != ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_REVIEW_REJECTED || f.GetMessage() != "No answer." {
			t.Errorf("it is %s: %v", o.GetState(), f)
		}
	})
}

// undecided is an order that Operations wants to fail, accepted before AccountTransfer could cancel.
func (a *alone) undecided(t *testing.T, accountID string) *ordersv1.Order {
	t.Helper()
	o := a.ordered(t, accountID)
	a.hears(t, o, 1, accepted)
	if _, err := a.orders.FailOrder(a.operator(t), &ordersv1.FailOrderRequest{OrderId: o.GetOrderId(), Reason: "No answer."}); err != nil {
		t.Fatal(err)
	}
	a.follows(t, o.GetOrderId(), "order.cancel_sent")
	return a.hears(t, o, 2, func(tr *accounttransferv1.Transfer) {
		accepted(tr)
		tr.State, tr.Ending = accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION, &accounttransferv1.TransferEnding{
			Reason: "No answer.",
		}
	})
}

// follows watches the order until a fact is told.
func (a *alone) follows(t *testing.T, orderID, fact string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(a.person(t), 2*time.Minute)
	defer cancel()
	stream, err := a.orders.WatchOrder(ctx, &ordersv1.WatchOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := stream.Recv(); err != nil {
			t.Fatalf("%s was not told: %v", fact, err)
		}
		if slices.ContainsFunc(a.events(t, orderID), func(e string) bool { return strings.HasPrefix(e, fact) }) {
			return
		}
	}
}
