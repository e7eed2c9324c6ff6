package scenarios_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestAnOrderHasOneTransfer: nothing begins a second transfer in the name of an order, so that none can end its agreement.
func TestAnOrderHasOneTransfer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.newCustomer(t), w.newCustomer(t)
	o := c.completed(t, at(t, "2026-02-19T10:00:00Z"))
	before := c.agreementOf(t, o)
	t.Run("Operations creates none", func(t *testing.T) {
		_, err := w.Transfers.CreateTransfer(w.operator(t), transferOf(o, c.id, w))
		refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	})
	t.Run("the orders create one for an order, of its own customer", func(t *testing.T) {
		for _, customerID := range []string{c.id, other.id} {
			_, err := w.Transfers.CreateTransfer(w.asOrders(t), transferOf(o, customerID, w))
			refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
		}
	})
	w.Settle(t)
	if after := c.agreementOf(t, o); after.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE ||
		after.GetConnectionId() != before.GetConnectionId() {
		t.Errorf("the agreement is %v", after)
	}
}

// transferOf is the request for a new transfer in the name of an order.
func transferOf(o *ordersv1.Order, customerID string, w *world) *accounttransferv1.CreateTransferRequest {
	return &accounttransferv1.CreateTransferRequest{
		TransferId: id.New("trf"), OrderId: o.GetOrderId(), CustomerId: customerID, AgreementId: o.GetAgreementId(),
		SellerId: w.sellerID, PayerId: w.payerID, TemplateKey: "spam-used", SourceAccountId: "123456789012",
	}
}

// asOrders is a context of the service that has the orders.
func (w *world) asOrders(t *testing.T) context.Context {
	t.Helper()
	ctx := metadata.AppendToOutgoingContext(t.Context(), auth.HeaderWorkload, w.WorkloadBearer(t, "orders"))
	return rpc.WithKey(ctx, id.New("key"))
}

// agreementOf is the agreement that an order brings.
func (c customer) agreementOf(t *testing.T, o *ordersv1.Order) *ordersv1.Agreement {
	t.Helper()
	resp, err := c.w.Agreements.GetAgreement(c.w.operator(t), &ordersv1.GetAgreementRequest{AgreementId: o.GetAgreementId()})
	if err != nil {
		t.Fatalf("read the agreement: %v", err)
	}
	return resp.GetAgreement()
}
