package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// watched is a watch of a list, and what it has told.
type watched struct {
	t      *testing.T
	stream ordersv1.OrderService_WatchOrdersClient
	stop   context.CancelFunc
	resets int
	in     map[string]*ordersv1.Order
	left   []string
	token  string
}

func (a *alone) watches(ctx context.Context, t *testing.T, req *ordersv1.WatchOrdersRequest) *watched {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(stop)
	stream, err := a.orders.WatchOrders(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return &watched{t: t, stream: stream, stop: stop, in: map[string]*ordersv1.Order{}}
}

// until reads until something is so, and everything has been told up to then.
func (w *watched) until(what string, so func() bool) {
	w.t.Helper()
	for {
		m, err := w.stream.Recv()
		if err != nil {
			w.t.Fatalf("%s: %v; it holds %d, left are %v", what, err, len(w.in), w.left)
		}
		switch c := m.GetChange().(type) {
		case *ordersv1.WatchOrdersResponse_Reset_:
			w.resets++
			clear(w.in)
		case *ordersv1.WatchOrdersResponse_Order:
			w.in[c.Order.GetOrderId()] = c.Order
		case *ordersv1.WatchOrdersResponse_LeftOrderId:
			delete(w.in, c.LeftOrderId)
			w.left = append(w.left, c.LeftOrderId)
		case *ordersv1.WatchOrdersResponse_ResumeToken:
			if w.token = c.ResumeToken; so() {
				return
			}
		}
	}
}

func (w *watched) holds(ids ...string) func() bool {
	return func() bool {
		for _, id := range ids {
			if w.in[id] == nil {
				return false
			}
		}
		return len(w.in) == len(ids)
	}
}

// TestWatchOrders: what is in the list, then what comes, changes and leaves; and after a break, what has happened meanwhile.
func TestWatchOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	first := a.draft(t, "")
	drafts := &ordersv1.WatchOrdersRequest{
		CustomerId: a.customer, States: []ordersv1.OrderState{ordersv1.OrderState_ORDER_STATE_DRAFT},
	}
	w := a.watches(a.person(t), t, drafts)
	w.until("it begins with what is there", w.holds(first))
	if w.resets != 1 || w.in[first].GetWaiting() == nil {
		t.Errorf("it was reset %d times and shows %v", w.resets, w.in[first])
	}
	second := a.draftFor(t, "", "200000000002")
	w.until("a new draft comes", w.holds(first, second))
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: second}); err != nil {
		t.Fatal(err)
	}
	w.until("a change is told", func() bool { return w.in[second].GetLink().GetNumber() == 1 })
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: first}); err != nil {
		t.Fatal(err)
	}
	w.until("what leaves the list is told", w.holds(second))
	if !slices.Contains(w.left, first) {
		t.Errorf("left are %v", w.left)
	}
	w.stop()

	third := a.draftFor(t, "", "200000000003")
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: second}); err != nil {
		t.Fatal(err)
	}
	drafts.ResumeToken = w.token
	again := a.watches(a.person(t), t, drafts)
	again.until("it goes on where it was", again.holds(third))
	if again.resets != 0 || !slices.Contains(again.left, second) {
		t.Errorf("resumed, it was reset %d times and told of %v as left", again.resets, again.left)
	}
	drafts.States = nil
	other, err := a.orders.WatchOrders(a.person(t), drafts)
	if err == nil {
		_, err = other.Recv()
	}
	isRefused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
}

// TestWatchOrdersOfPartner: a customer that goes to another partner takes its orders along.
func TestWatchOrdersOfPartner(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	a.moveTo(t, "par_1")
	orderID := a.draft(t, "")
	w := a.watches(a.As(t, kittest.Partner("paula", "par_1")), t, &ordersv1.WatchOrdersRequest{})
	w.until("the partner sees the order", w.holds(orderID))
	ops := a.watches(a.operator(t), t, &ordersv1.WatchOrdersRequest{PartnerId: "par_1"})
	ops.until("Operations sees the partner's", ops.holds(orderID))
	a.moveTo(t, "par_2")
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID}); err != nil {
		t.Fatal(err)
	}
	w.until("the order leaves", w.holds())
	ops.until("the order is another partner's", ops.holds())
	_, err := a.orders.ListOrders(a.operator(t), &ordersv1.ListOrdersRequest{PartnerId: "par_2", OrderBy: typev1.SortOrder_SORT_ORDER_URGENCY})
	if err != nil {
		t.Error(err)
	}
	refused, err := a.orders.WatchOrders(a.person(t), &ordersv1.WatchOrdersRequest{Escalated: true})
	if err == nil {
		_, err = refused.Recv()
	}
	isRefused(t, err, codes.PermissionDenied, "FILTER_DENIED")
}
