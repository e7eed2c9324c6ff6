package scenarios_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestWatch is following an order by its revision.
func TestWatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	draft := c.draft(t)

	first := c.watch(t, draft.GetOrderId(), 0)
	seen := first.next(t)
	inState(t, seen.GetOrder(), ordersv1.OrderState_ORDER_STATE_DRAFT)
	if _, err := c.submit(t, draft.GetOrderId()); err != nil {
		t.Fatal(err)
	}
	seen = first.until(t, ordersv1.OrderState_ORDER_STATE_QUERYING)
	first.stop()

	resumed := c.watch(t, draft.GetOrderId(), seen.GetRevision())
	c.accept(t)
	if _, err := w.Orders.ProcessOrder(c.person(t), &ordersv1.ProcessOrderRequest{OrderId: draft.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	if next := resumed.next(t); next.GetRevision() <= seen.GetRevision() {
		t.Errorf("resumed after %d with %d", seen.GetRevision(), next.GetRevision())
	}
	resumed.until(t, ordersv1.OrderState_ORDER_STATE_PROCESSING)
	resumed.stop()

	_, err := w.newCustomer(t).watch(t, draft.GetOrderId(), 0).stream.Recv()
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

// watch is one stream of an order.
type watch struct {
	stream ordersv1.OrderService_WatchOrderClient
	stop   context.CancelFunc
	last   int64
}

func (c customer) watch(t *testing.T, orderID string, after int64) *watch {
	t.Helper()
	ctx, cancel := context.WithCancel(c.person(t))
	stream, err := c.w.Orders.WatchOrder(ctx, &ordersv1.WatchOrderRequest{OrderId: orderID, AfterRevision: after})
	if err != nil {
		t.Fatalf("watch: %v", err)
	}
	t.Cleanup(cancel)
	return &watch{stream: stream, stop: cancel, last: after}
}

// next is the next state; revisions only go up.
func (w *watch) next(t *testing.T) *ordersv1.WatchOrderResponse {
	t.Helper()
	m, err := w.stream.Recv()
	if err != nil {
		t.Fatalf("watch: %v", err)
	}
	if m.GetRevision() <= w.last {
		t.Errorf("revision %d after %d", m.GetRevision(), w.last)
	}
	w.last = m.GetRevision()
	return m
}

func (w *watch) until(t *testing.T, state ordersv1.OrderState) *ordersv1.WatchOrderResponse {
	t.Helper()
	for {
		if m := w.next(t); m.GetOrder().GetState() == state {
			return m
		}
	}
}
