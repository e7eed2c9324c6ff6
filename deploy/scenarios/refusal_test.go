package scenarios_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestRefusals is bad input: a canonical code, a reason, and nothing changed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("of a draft", w.refusalsOfDraft)
	t.Run("of an order under way", w.refusalsUnderWay)
	t.Run("of a transfer", w.refusalsOfTransfer)
	t.Run("an idempotency key means one request", w.keyMeansOneRequest)
	t.Run("validate_only shows the outcome and changes nothing", w.validateOnly)
}

// attempt is a call that must be refused.
type attempt struct {
	what   string
	code   codes.Code
	reason string
	call   func(ctx context.Context) error
}

// allRefused makes each attempt as the customer and fails unless it is refused and leaves the order as it was.
func (c customer) allRefused(t *testing.T, orderID string, attempts []attempt) {
	t.Helper()
	for _, a := range attempts {
		t.Run(a.what, func(t *testing.T) {
			c.w.unchanged(t, orderID, func() { refused(t, a.call(c.person(t)), a.code, a.reason) })
		})
	}
}

func (w *world) refusalsOfDraft(t *testing.T) {
	c := w.newCustomer(t)
	o := c.draft(t)
	oid, foreign := o.GetOrderId(), w.newCustomer(t)
	submit := func(change func(*ordersv1.SubmitOrderRequest)) func(context.Context) error {
		return func(ctx context.Context) error {
			req := &ordersv1.SubmitOrderRequest{OrderId: oid, Terms: actors.BothTerms()}
			change(req)
			_, err := w.Orders.SubmitOrder(ctx, req)
			return err
		}
	}
	update := func(ctx context.Context, change func(*ordersv1.Order), paths ...string) error {
		changed := &ordersv1.Order{}
		change(changed)
		_, err := w.Orders.UpdateOrder(
			ctx, &ordersv1.UpdateOrderRequest{OrderId: oid, Order: changed, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths}},
		)
		return err
	}
	c.allRefused(t, oid, []attempt{
		{"malformed order id", codes.InvalidArgument, "REQUEST_INVALID", submit(func(r *ordersv1.SubmitOrderRequest) { r.OrderId = "ord_1" })},
		{"id of another kind", codes.InvalidArgument, "REQUEST_INVALID", submit(func(r *ordersv1.SubmitOrderRequest) { r.OrderId = c.id })},
		{"unknown order", codes.NotFound, "NOT_FOUND", submit(func(r *ordersv1.SubmitOrderRequest) { r.OrderId = id.New("ord") })},
		{"no terms", codes.FailedPrecondition, "TERMS_NOT_ACCEPTED", submit(func(r *ordersv1.SubmitOrderRequest) { r.Terms = nil })},
		{"stale etag", codes.Aborted, "ETAG_MISMATCH", submit(func(r *ordersv1.SubmitOrderRequest) { r.Etag = "999" })},
		{"unknown field", codes.InvalidArgument, "FIELD_UNKNOWN", submit(func(r *ordersv1.SubmitOrderRequest) {
			r.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 2000, protowire.VarintType), 1))
		})},
		{
			"oversized message", codes.ResourceExhausted, "RESOURCE_EXHAUSTED",
			submit(func(r *ordersv1.SubmitOrderRequest) { r.Etag = strings.Repeat("x", rpc.MaxRequest) }),
		},
		{"malformed account id", codes.InvalidArgument, "ACCOUNT_ID_INVALID", func(ctx context.Context) error {
			return update(ctx, func(o *ordersv1.Order) { o.ManagementAccountId = "12" }, "management_account_id")
		}},
		{"immutable field", codes.InvalidArgument, "FIELD_IMMUTABLE", func(ctx context.Context) error {
			return update(ctx, func(o *ordersv1.Order) { o.CustomerId = foreign.id }, "customer_id")
		}},
		{"no mask", codes.InvalidArgument, "FIELD_REQUIRED", func(ctx context.Context) error {
			_, err := w.Orders.UpdateOrder(ctx, &ordersv1.UpdateOrderRequest{OrderId: oid, Order: &ordersv1.Order{}})
			return err
		}},
		{"person of nobody", codes.InvalidArgument, "CONTACT_UNKNOWN", func(ctx context.Context) error {
			return update(ctx, func(o *ordersv1.Order) { o.TechnicalContactId = id.New("per") }, "technical_contact_id")
		}},
		{"payer chosen by a customer", codes.PermissionDenied, "ROLE_DENIED", func(ctx context.Context) error {
			return update(ctx, func(o *ordersv1.Order) { o.PayerId = w.payerID }, "payer_id")
		}},
		{"Process in DRAFT", codes.FailedPrecondition, "STATE_REFUSES", func(ctx context.Context) error {
			_, err := w.Orders.ProcessOrder(ctx, &ordersv1.ProcessOrderRequest{OrderId: oid})
			return err
		}},
		{"Fail by a customer", codes.PermissionDenied, "ROLE_DENIED", func(ctx context.Context) error {
			_, err := w.Orders.FailOrder(ctx, &ordersv1.FailOrderRequest{OrderId: oid, Reason: "No."})
			return err
		}},
		{"Fail in DRAFT", codes.FailedPrecondition, "STATE_REFUSES", func(context.Context) error {
			_, err := w.Orders.FailOrder(w.operator(t), &ordersv1.FailOrderRequest{OrderId: oid, Reason: "No."})
			return err
		}},
		{"id taken", codes.AlreadyExists, "ALREADY_EXISTS", func(ctx context.Context) error {
			_, err := w.Orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{OrderId: oid, Order: c.order()})
			return err
		}},
		{"order for a foreign customer", codes.PermissionDenied, "CUSTOMER_DENIED", func(ctx context.Context) error {
			_, err := w.Orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: foreign.order()})
			return err
		}},
		{"read by a foreign customer", codes.NotFound, "NOT_FOUND", func(context.Context) error {
			_, err := w.Orders.GetOrder(foreign.person(t), &ordersv1.GetOrderRequest{OrderId: oid})
			return err
		}},
		{"no token", codes.Unauthenticated, "UNAUTHENTICATED", func(context.Context) error {
			_, err := w.Orders.GetOrder(t.Context(), &ordersv1.GetOrderRequest{OrderId: oid})
			return err
		}},
		{"page token of nobody", codes.InvalidArgument, "PAGE_TOKEN_INVALID", func(ctx context.Context) error {
			_, err := w.Orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{PageToken: "x"})
			return err
		}},
	})
}

func (w *world) refusalsUnderWay(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	oid := o.GetOrderId()
	c.allRefused(t, oid, []attempt{
		{"second submit", codes.FailedPrecondition, "STATE_REFUSES", func(context.Context) error {
			_, err := c.submit(t, oid)
			return err
		}},
		{"change", codes.FailedPrecondition, "STATE_REFUSES", func(ctx context.Context) error {
			_, err := w.Orders.UpdateOrder(ctx, &ordersv1.UpdateOrderRequest{
				OrderId:    oid,
				Order:      &ordersv1.Order{SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED},
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"support_option"}},
			})
			return err
		}},
		{"delete", codes.FailedPrecondition, "STATE_REFUSES", func(ctx context.Context) error {
			_, err := w.Orders.DeleteOrder(ctx, &ordersv1.DeleteOrderRequest{OrderId: oid})
			return err
		}},
		{"Process with a stale etag", codes.Aborted, "ETAG_MISMATCH", func(ctx context.Context) error {
			_, err := w.Orders.ProcessOrder(ctx, &ordersv1.ProcessOrderRequest{OrderId: oid, Etag: "1"})
			return err
		}},
		{"Fail without a reason", codes.InvalidArgument, "FIELD_REQUIRED", func(context.Context) error {
			_, err := w.Orders.FailOrder(w.operator(t), &ordersv1.FailOrderRequest{OrderId: oid})
			return err
		}},
	})
	w.oneInvitation(t, c.account, "REQUESTED")
}

func (w *world) refusalsOfTransfer(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	complete := func(key, evidence string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Transfers.CompleteStep(
				ctx, &accounttransferv1.CompleteStepRequest{TransferId: o.GetTransferId(), StepKey: key, Evidence: evidence},
			)
			return err
		}
	}
	early := w.newCustomer(t).submitted(t, createNew)
	w.Settle(t)
	before := w.transfer(t, o.GetTransferId()).GetEtag()
	c.allRefused(t, o.GetOrderId(), []attempt{
		{"unknown step", codes.InvalidArgument, "STEP_UNKNOWN", complete("dance", "done")},
		{"step that AWS completes", codes.FailedPrecondition, "STEP_NOT_MANUAL", complete("accept-invitation", "done")},
		{"roles by anybody's word", codes.FailedPrecondition, "STEP_NOT_MANUAL", complete("deploy-roles", "done")},
		{"invitation before its time", codes.FailedPrecondition, "STEP_GUARD_CLOSED", func(context.Context) error {
			return w.reinvite(t, early, "2026-04-01T00:00:00Z")
		}},
		{"transfer of a customer's own making", codes.PermissionDenied, "ROLE_DENIED", func(ctx context.Context) error {
			_, err := w.Transfers.CreateTransfer(ctx, transferOf(o, c.id, w))
			return err
		}},
		{"invitation for the middle of a month", codes.InvalidArgument, "START_NOT_FIRST_OF_MONTH", func(context.Context) error {
			return w.reinvite(t, o, "2026-04-15T00:00:00Z")
		}},
		{"invitation that comes too late", codes.InvalidArgument, "START_TOO_EARLY", func(context.Context) error {
			return w.reinvite(t, o, "2026-02-01T00:00:00Z")
		}},
		{"invitation for a far month", codes.InvalidArgument, "START_TOO_LATE", func(context.Context) error {
			return w.reinvite(t, o, "2026-09-01T00:00:00Z")
		}},
		{"read by a foreign customer", codes.NotFound, "NOT_FOUND", func(context.Context) error {
			_, err := w.Transfers.GetTransfer(w.newCustomer(t).person(t), &accounttransferv1.GetTransferRequest{TransferId: o.GetTransferId()})
			return err
		}},
	})
	if after := w.transfer(t, o.GetTransferId()).GetEtag(); after != before {
		t.Errorf("the transfer's etag went from %s to %s", before, after)
	}
}

func (w *world) reinvite(t *testing.T, o *ordersv1.Order, start string) error {
	t.Helper()
	_, err := w.Transfers.Reinvite(
		w.operator(t), &accounttransferv1.ReinviteRequest{TransferId: o.GetTransferId(), StartTime: stamp(at(t, start))},
	)
	return err
}

func (w *world) keyMeansOneRequest(t *testing.T) {
	c := w.newCustomer(t)
	ctx := rpc.WithKey(c.person(t), "one-key")
	create := func(change func(*ordersv1.Order)) (*ordersv1.CreateOrderResponse, error) {
		o := c.order()
		change(o)
		return w.Orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: o})
	}
	first, err := create(func(*ordersv1.Order) {})
	if err != nil {
		t.Fatal(err)
	}
	oid := first.GetOrder().GetOrderId()
	w.unchanged(t, oid, func() {
		again, err := create(func(*ordersv1.Order) {})
		if err != nil || again.GetOrder().GetOrderId() != oid {
			t.Errorf("the same request again: %v, %v", again, err)
		}
		_, err = create(func(o *ordersv1.Order) { o.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED })
		refused(t, err, codes.InvalidArgument, "IDEMPOTENCY_KEY_REUSED")
	})
	listed, err := w.Orders.ListOrders(c.person(t), &ordersv1.ListOrdersRequest{})
	if err != nil || len(listed.GetOrders()) != 1 {
		t.Errorf("the customer has %d orders (%v)", len(listed.GetOrders()), err)
	}
}

func (w *world) validateOnly(t *testing.T) {
	c := w.newCustomer(t)
	o := c.draft(t)
	w.unchanged(t, o.GetOrderId(), func() {
		resp, err := w.Orders.SubmitOrder(
			c.person(t), &ordersv1.SubmitOrderRequest{OrderId: o.GetOrderId(), Terms: actors.BothTerms(), ValidateOnly: true},
		)
		if err != nil {
			t.Fatal(err)
		}
		inState(t, resp.GetOrder(), ordersv1.OrderState_ORDER_STATE_PROCESSING)
		if got := names(resp.GetEvents()); !slices.Equal(got, []string{"submitted", "provisioned"}) {
			t.Errorf("would publish %v", got)
		}
		_, err = w.Orders.SubmitOrder(c.person(t), &ordersv1.SubmitOrderRequest{OrderId: o.GetOrderId(), ValidateOnly: true})
		refused(t, err, codes.FailedPrecondition, "TERMS_NOT_ACCEPTED")
		w.Settle(t)
	})
	if held := w.atAWS(t, c.account); len(held) != 0 {
		t.Errorf("AWS holds %v", held)
	}
}
