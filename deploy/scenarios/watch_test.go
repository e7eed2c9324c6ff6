package scenarios_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
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
	// It need not show every revision, so that PROCESSING may go by unseen.
	for resumed.next(t).GetOrder().GetWaiting().GetStepKey() != "accept-service-term" {
	}
	resumed.stop()

	_, err := w.newCustomer(t).watch(t, draft.GetOrderId(), 0).stream.Recv()
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

// TestWatchesAreBounded: a caller has so many at once, directly or through the gateway, and each ends with its token.
func TestWatchesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "\nplatform: {limits: {streams_each: 2}}\n")
	c := w.newCustomer(t)
	draft := c.draft(t)
	c.watch(t, draft.GetOrderId(), 0).next(t)
	last := c.watch(t, draft.GetOrderId(), 0)
	last.next(t)
	_, err := c.watch(t, draft.GetOrderId(), 0).stream.Recv()
	refused(t, err, codes.ResourceExhausted, "STREAMS_EXHAUSTED")
	full := w.send(t, c.principal(), http.MethodGet, "/v1/orders/"+draft.GetOrderId()+":watch", "")
	if full.status != http.StatusTooManyRequests || full.body["reason"] != "STREAMS_EXHAUSTED" {
		t.Errorf("through the gateway: %d %v", full.status, full.body)
	}
	other := w.newCustomer(t)
	other.watch(t, other.draft(t).GetOrderId(), 0).next(t) // somebody else is not held up

	for ttl := 2 * time.Second; ; ttl *= 2 { // a slow machine may need longer to open it
		body := w.said(t, w.BearerFor(t, kittest.Operator("operator-2"), ttl), draft.GetOrderId())
		if strings.HasPrefix(body, "id: ") || ttl > time.Minute {
			if !strings.Contains(body, "\n\nevent: error\ndata: ") || !strings.Contains(body, "TOKEN_EXPIRED") {
				t.Errorf("the events are %s", body)
			}
			return
		}
	}
}

// TestDirectCallsAreHeldToARate: who goes around the gateway is held to the same limits, each person on its own.
func TestDirectCallsAreHeldToARate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "\nplatform: {limits: {caller_rate: 0.001, caller_burst: 60}}\n") // so slow that none is given back meanwhile
	c, other := w.newCustomer(t), w.newCustomer(t)
	read := func(c customer) error {
		_, err := w.Orders.ListOrders(c.person(t), &ordersv1.ListOrdersRequest{})
		return err
	}
	for i := range 60 {
		if err := read(c); err != nil {
			t.Fatalf("call %d: %v", i+1, err)
		}
	}
	refused(t, read(c), codes.ResourceExhausted, "RATE_LIMITED")
	if err := read(other); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	w.must(t, c.principal(), http.MethodGet, "/v1/orders", "") // the gateway counts its own
}

// said is everything that a watch at the gateway says until it ends.
func (w *world) said(t *testing.T, bearer, orderID string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+"/v1/orders/"+orderID+":watch", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", bearer)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
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
