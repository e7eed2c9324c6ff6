package orders_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// CheckTransfer implements accounttransferv1.TransferServiceServer.
func (n transferNeighbour) CheckTransfer(
	ctx context.Context, r *accounttransferv1.CheckTransferRequest,
) (*accounttransferv1.CheckTransferResponse, error) {
	n.keys <- keyIn(ctx)
	n.asked <- r
	return &accounttransferv1.CheckTransferResponse{}, nil
}

// keyIn is the idempotency key of a call.
func keyIn(ctx context.Context) string {
	return strings.Join(metadata.ValueFromIncomingContext(ctx, "idempotency-key"), " ")
}

// TestTransferIsAskedForOnce: a request whose answer was lost is repeated as it was, and finds its own effect.
func TestTransferIsAskedForOnce(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.halted.Store(true)
	a := start(t, linkBase, n.services()...)
	o := a.ordered(t, "700000000001")
	first := next[*accounttransferv1.CreateTransferRequest](t, n)
	again := next[*accounttransferv1.CreateTransferRequest](t, n)
	if first.GetTransferId() != o.GetTransferId() || again.GetTransferId() != first.GetTransferId() {
		t.Errorf("asked for %s, then for %s; the order has %s", first.GetTransferId(), again.GetTransferId(), o.GetTransferId())
	}
	t.Run("a wish to end that comes meanwhile waits for the answer", func(t *testing.T) {
		failing, err := a.orders.FailOrder(a.operator(t), &ordersv1.FailOrderRequest{OrderId: o.GetOrderId(), Reason: "Wrong account."})
		if err != nil || failing.GetOrder().GetState() != ordersv1.OrderState_ORDER_STATE_PROCESSING || failing.GetOrder().GetEnding() == nil {
			t.Fatalf("ending: %v, %v", failing, err)
		}
		n.halted.Store(false)
		cancel := next[*accounttransferv1.CancelTransferRequest](t, n)
		if cancel.GetTransferId() != o.GetTransferId() || cancel.GetReason() != "Wrong account." {
			t.Errorf("cancelled is %v", cancel)
		}
	})
}

// TestProcessLooksOncePerPress: each press is conveyed under a key of its own, so that none is swallowed as a repetition.
func TestProcessLooksOncePerPress(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	o := a.hears(t, a.ordered(t, "700000000002"), 1, func(*accounttransferv1.Transfer) {})
	keys := map[string]bool{}
	t.Run("ORD-044 the customer has AccountTransfer look now", func(t *testing.T) {
		for range 2 {
			if _, err := a.orders.ProcessOrder(a.person(t), &ordersv1.ProcessOrderRequest{OrderId: o.GetOrderId()}); err != nil {
				t.Fatal(err)
			}
			if asked := next[*accounttransferv1.CheckTransferRequest](t, n); asked.GetTransferId() != o.GetTransferId() {
				t.Errorf("looked at %v", asked)
			}
			keys[<-n.keys] = true
		}
	})
	if len(keys) != 2 {
		t.Errorf("two presses were asked for under %v", keys)
	}
}

// TestDeletedDraftAsksForNothing: what has not begun leaves nothing to do outside.
func TestDeletedDraftAsksForNothing(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, linkBase, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	deleted := a.draft(t, payer)
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: deleted}); err != nil {
		t.Fatal(err)
	}
	kept := a.ordered(t, "700000000003") // the first that is asked for
	if asked := next[*accounttransferv1.CreateTransferRequest](t, n); asked.GetOrderId() != kept.GetOrderId() {
		t.Errorf("asked for %v", asked)
	}
}
