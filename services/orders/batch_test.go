package orders_test

import (
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// entry is a draft with this external id.
func (a *alone) entry(external string) *ordersv1.CreateOrderRequest {
	return &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: a.customer, ProductId: "aws-billing-transfer-essentials", ExternalId: external,
	}}
}

// reasons are what came of each entry; empty: it succeeded.
func reasons(entries []*ordersv1.BatchOrder) (out []string) {
	for _, e := range entries {
		out = append(out, e.GetResult().GetReason())
	}
	return out
}

// TestBatchCreateOrders: a bad entry has its own reason, the others are created, and the batch can be sent again.
func TestBatchCreateOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	bad, malformed := a.entry("batch-2"), a.entry("batch 3")
	bad.Order.CurrencyCode = "JPY"
	req := &ordersv1.BatchCreateOrdersRequest{
		Requests: []*ordersv1.CreateOrderRequest{a.entry("batch-1"), bad, malformed, a.entry("batch-1"), a.entry("batch-4")},
	}
	op := rpc.WithKey(a.operator(t), "batch")

	req.ValidateOnly = true
	shown := a.batch(t, req)
	wants(t, "validated", reasons(shown), "", "CURRENCY_NOT_SERVED", "REQUEST_INVALID", "", "")
	if o := shown[0]; o.GetOrder().GetState() != ordersv1.OrderState_ORDER_STATE_DRAFT || len(o.GetEvents()) != 2 {
		t.Errorf("validated, an entry shows %v", o)
	}
	a.has(t, 0)

	req.ValidateOnly = false
	for _, e := range req.GetRequests() {
		e.ValidateOnly = false
	}
	made, err := a.orders.BatchCreateOrders(op, req)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "created", reasons(made.GetEntries()), "", "CURRENCY_NOT_SERVED", "REQUEST_INVALID", "ALREADY_EXISTS", "")
	a.has(t, 2)
	for i, e := range made.GetEntries() {
		if e.GetResult().GetIndex() != int32(i) || e.GetResult().GetResourceId() != e.GetOrder().GetOrderId() ||
			(e.GetResult().GetCode() == 0) != (e.GetOrder() != nil) {
			t.Errorf("entry %d says %v", i, e)
		}
	}
	refused := made.GetEntries()[1].GetResult()
	if v := refused.GetViolations(); refused.GetCode() != int32(codes.InvalidArgument) || len(v) != 1 ||
		v[0].GetReason() != "CURRENCY_NOT_SERVED" || v[0].GetField() != "order.currency_code" ||
		refused.GetMustAct() == typev1.Party_PARTY_UNSPECIFIED || refused.GetWhat() == "" {
		t.Errorf("it is refused with %v", refused)
	}

	bad.Order.CurrencyCode = "" // corrected
	again, err := a.orders.BatchCreateOrders(op, req)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "sent again", reasons(again.GetEntries()), "", "", "REQUEST_INVALID", "ALREADY_EXISTS", "")
	for _, i := range []int{0, 4} {
		if got, want := again.GetEntries()[i].GetOrder().GetOrderId(), made.GetEntries()[i].GetOrder().GetOrderId(); got != want {
			t.Errorf("sent again, entry %d made %s instead of answering %s", i, got, want)
		}
	}
	a.has(t, 3)
}

// TestBatchWithoutWhatWasRefused: an entry keeps its key when those before it are taken out, and of equal ones each has its own.
func TestBatchWithoutWhatWasRefused(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	bad := a.entry("")
	bad.Order.CurrencyCode = "JPY"
	op := rpc.WithKey(a.operator(t), "batch")
	made, err := a.orders.BatchCreateOrders(op, &ordersv1.BatchCreateOrdersRequest{
		Requests: []*ordersv1.CreateOrderRequest{bad, a.entry(""), a.entry("")},
	})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "created", reasons(made.GetEntries()), "CURRENCY_NOT_SERVED", "", "")
	first, second := made.GetEntries()[1].GetOrder().GetOrderId(), made.GetEntries()[2].GetOrder().GetOrderId()
	if first == second {
		t.Errorf("two equal entries made one order, %s", first)
	}
	a.has(t, 2)
	again, err := a.orders.BatchCreateOrders(op, &ordersv1.BatchCreateOrdersRequest{
		Requests: []*ordersv1.CreateOrderRequest{a.entry(""), a.entry("")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{first, second} {
		if got := again.GetEntries()[i].GetOrder().GetOrderId(); got != want {
			t.Errorf("without the refused entry, entry %d made %q instead of answering %s", i, got, want)
		}
	}
	a.has(t, 2)
}

// TestBatchSendWithoutWhatWasRefused: who has a link gets no second one when the batch is sent again without what was refused.
func TestBatchSendWithoutWhatWasRefused(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	draft := a.draft(t, "")
	op := rpc.WithKey(a.operator(t), "batch")
	for _, entries := range [][]*ordersv1.SendOrderRequest{
		{{OrderId: "ord_00000000000000000000000000"}, {OrderId: draft}},
		{{OrderId: draft}},
	} {
		sent, err := a.orders.BatchSendOrders(op, &ordersv1.BatchSendOrdersRequest{Requests: entries})
		if err != nil {
			t.Fatal(err)
		}
		if o := sent.GetEntries()[len(entries)-1].GetOrder(); o.GetLink().GetNumber() != 1 {
			t.Errorf("one of %d, the draft has the link %v", len(entries), o.GetLink())
		}
	}
}

func (a *alone) batch(t *testing.T, req *ordersv1.BatchCreateOrdersRequest) []*ordersv1.BatchOrder {
	t.Helper()
	resp, err := a.orders.BatchCreateOrders(a.operator(t), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetEntries()
}

// has fails unless there are so many orders.
func (a *alone) has(t *testing.T, want int) {
	t.Helper()
	page, err := a.orders.ListOrders(a.operator(t), &ordersv1.ListOrdersRequest{})
	if err != nil || len(page.GetOrders()) != want {
		t.Errorf("there are %d orders, want %d; %v", len(page.GetOrders()), want, err)
	}
}

func wants(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %q, want %q", what, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: entry %d is refused with %q, want %q", what, i, got[i], want[i])
		}
	}
}

// TestBatchOfOthers: a batch with an entry for a customer of somebody else is refused as a whole, and so is one that is too large.
func TestBatchOfOthers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	foreign := a.As(t, kittest.Partner("paula", "par_1"))
	_, err := a.orders.BatchCreateOrders(foreign, &ordersv1.BatchCreateOrdersRequest{Requests: []*ordersv1.CreateOrderRequest{a.entry("")}})
	isRefused(t, err, codes.PermissionDenied, "CUSTOMER_DENIED")
	many := make([]*ordersv1.CreateOrderRequest, 101)
	for i := range many {
		many[i] = a.entry("")
	}
	_, err = a.orders.BatchCreateOrders(a.operator(t), &ordersv1.BatchCreateOrdersRequest{Requests: many})
	isRefused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
	a.has(t, 0)
}

// TestBatchSendOrders: drafts are sent, and what is none says so.
func TestBatchSendOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	draft, deleted := a.draft(t, ""), a.draftFor(t, "", "200000000002")
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: deleted}); err != nil {
		t.Fatal(err)
	}
	resp, err := a.orders.BatchSendOrders(a.operator(t), &ordersv1.BatchSendOrdersRequest{Requests: []*ordersv1.SendOrderRequest{
		{OrderId: deleted}, {OrderId: "ord_00000000000000000000000000"}, {OrderId: draft},
	}})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "sent", reasons(resp.GetEntries()), "STATE_REFUSES", "NOT_FOUND", "")
	if r := resp.GetEntries()[0].GetResult(); r.GetWhere() != "OrderService.CreateOrder" || r.GetMetadata()["state"] != "DELETED" {
		t.Errorf("a deleted draft is refused with %v", r)
	}
	if o := resp.GetEntries()[2].GetOrder(); o.GetLink().GetNumber() != 1 {
		t.Errorf("the draft has the link %v", o.GetLink())
	}
}
