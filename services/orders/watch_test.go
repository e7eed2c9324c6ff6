package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders"
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

// TestWatchOrdersBeginsAnew: what comes and leaves without a change of its own is told to who resumes, by telling all.
func TestWatchOrdersBeginsAnew(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		who func(*alone, *testing.T) context.Context
		req *ordersv1.WatchOrdersRequest
		way func(*alone, *testing.T, string) // has the order come, or leave
	}{
		"of a partner": {(*alone).operator, &ordersv1.WatchOrdersRequest{PartnerId: "par_1"}, func(a *alone, t *testing.T, _ string) {
			a.moveTo(t, "par_1")
		}},
		"a partner's": {paula, &ordersv1.WatchOrdersRequest{}, func(a *alone, t *testing.T, _ string) { a.moveTo(t, "par_1") }},
		"by name": {(*alone).operator, &ordersv1.WatchOrdersRequest{CustomerNamePrefix: "other"}, func(a *alone, t *testing.T, _ string) {
			a.rename(t, "Other Customer")
		}},
		"parked": {(*alone).operator, &ordersv1.WatchOrdersRequest{Parked: true}, func(a *alone, t *testing.T, orderID string) {
			a.set(t, orderID, "parked = 1")
		}},
		"escalated": {(*alone).operator, &ordersv1.WatchOrdersRequest{Escalated: true}, func(a *alone, t *testing.T, orderID string) {
			a.set(t, orderID, "urgency = -1")
		}},
		"waiting": {
			(*alone).operator, &ordersv1.WatchOrdersRequest{WaitingOwners: []typev1.Party{typev1.Party_PARTY_AWS}},
			func(a *alone, t *testing.T, orderID string) { a.set(t, orderID, "waiting_owner = 'AWS'") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAlone(t)
			orderID := a.draft(t, "")
			a.longAgo(t, orderID)
			w := a.watches(tt.who(a, t), t, tt.req)
			w.until("it begins with nothing", w.holds())
			w.stop()
			tt.way(a, t, orderID)
			tt.req.ResumeToken = w.token
			again := a.watches(tt.who(a, t), t, tt.req)
			again.until("it is told of what has come", func() bool { return true })
			if !again.holds(orderID)() || again.resets != 1 {
				t.Errorf("resumed, it was reset %d times and holds %v", again.resets, again.in)
			}
		})
	}
}

func paula(a *alone, t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Partner("paula", "par_1"))
}

// TestWatchOrdersOfMoreCustomers: who belongs to another customer too, since the token was given, is told of all that it sees.
func TestWatchOrdersOfMoreCustomers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	orderID := a.draft(t, "")
	a.longAgo(t, orderID)
	before := a.watches(a.As(t, kittest.Customer("customer-1", id.New("cus"))), t, &ordersv1.WatchOrdersRequest{})
	before.until("it begins with nothing", before.holds())
	before.stop()
	after := a.watches(a.person(t), t, &ordersv1.WatchOrdersRequest{ResumeToken: before.token})
	after.until("it is told of what it sees now", func() bool { return true })
	if !after.holds(orderID)() || after.resets != 1 {
		t.Errorf("resumed, it was reset %d times and holds %v", after.resets, after.in)
	}
}

// TestWatchOrdersWithoutRevision: a row that has become another without a new revision is told when it is read.
func TestWatchOrdersWithoutRevision(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	orderID := a.draft(t, "")
	w := a.watches(a.operator(t), t, &ordersv1.WatchOrdersRequest{})
	w.until("it begins with what is there", w.holds(orderID))
	clear(w.in)
	a.set(t, orderID, "parked = 1")
	if _, err := a.db.Republish(t.Context(), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	w.until("it is told again", w.holds(orderID))
}

// TestWatchOrdersUnreadable: an order that a newer release wrote so that this one cannot read it has not left the list.
func TestWatchOrdersUnreadable(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	orderID := a.draft(t, "")
	w := a.watches(a.operator(t), t, &ordersv1.WatchOrdersRequest{})
	w.until("it begins with what is there", w.holds(orderID))
	if err := orders.WriteUnreadably(t.Context(), a.db, orderID); err != nil {
		t.Fatal(err)
	}
	other := a.draftFor(t, "", "200000000002")
	w.until("another comes", func() bool { return w.in[other] != nil })
	if slices.Contains(w.left, orderID) {
		t.Errorf("what cannot be read is told to have left: %v", w.left)
	}
}

// set gives columns of an order other values, without a new revision.
func (a *alone) set(t *testing.T, orderID, columns string) {
	t.Helper()
	if err := a.db.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE orders SET "+columns+" WHERE id = $1", orderID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// longAgo has an order be older than what a resumed watch tells again.
func (a *alone) longAgo(t *testing.T, orderID string) {
	t.Helper()
	a.set(t, orderID, "updated_at = created_at - 3600000000")
}

func (a *alone) rename(t *testing.T, name string) {
	t.Helper()
	if _, err := a.customers.UpdateCustomer(a.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.customer, Customer: &ordersv1.Customer{DisplayName: name},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name"}},
	}); err != nil {
		t.Fatal(err)
	}
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
