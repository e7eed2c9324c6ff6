package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestParked is an aggregate that has failed too often: it is listed, released by Operations, and goes on.
func TestParked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "platform:\n  work:\n    max_attempts: 2\n")
	c := w.newCustomer(t)
	o := c.invited(t)
	w.setExternalID(t, "wrong") // AWS lets nobody in: nothing that passes by itself
	c.accept(t)
	if _, err := w.orders.ProcessOrder(c.person(t), &ordersv1.ProcessOrderRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatalf("process: %v", err)
	}
	eventually(t, "the transfer is parked", func() bool { return len(w.parked(t)) > 0 })
	p := w.parked(t)[0]
	if p.GetKind() != "transfer" || p.GetId() != o.GetTransferId() || p.GetCustomerId() != c.id || p.GetAttempts() != 2 || p.GetLastError() == "" {
		t.Errorf("parked is %v", p)
	}
	w.Settle(t) // what is parked keeps nobody waiting
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING)
	w.setExternalID(t, "handover-sandbox")
	w.Settle(t)
	if n := len(w.parked(t)); n != 1 {
		t.Errorf("%d are parked before the release", n)
	}
	release := &opsv1.ReleaseParkedRequest{Service: "accounttransfer", Kind: p.GetKind(), Id: p.GetId()}
	_, err := w.ops.ReleaseParked(w.As(t, kittest.Operator("operator-2", "orders")), release)
	refused(t, err, codes.PermissionDenied, "RIGHT_MISSING")
	if _, err := w.ops.ReleaseParked(w.operator(t), release); err != nil {
		t.Fatalf("release: %v", err)
	}
	w.Settle(t)
	_, err = w.ops.ReleaseParked(w.operator(t), release)
	refused(t, err, codes.FailedPrecondition, "NOT_PARKED")
	goesOn(t, w.order(t, o.GetOrderId()))
}

// TestOutage lets AWS be busy for more tries than a transfer may fail: nothing is parked, and it goes on by itself.
func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "platform:\n  work:\n    max_attempts: 2\n")
	w.setFault(t, &sandboxv1.Fault{Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: 3 * sdkTries})
	c := w.newCustomer(t)
	c.invited(t)
	w.oneInvitation(t, c.account, "REQUESTED")
	if parked := w.parked(t); len(parked) > 0 {
		t.Errorf("parked are %v", parked)
	}
}

// setExternalID changes what the payer's role asks of whoever assumes it, as we know it.
func (w *world) setExternalID(t *testing.T, externalID string) {
	t.Helper()
	_, err := w.payers.UpdatePayer(w.operator(t), &accounttransferv1.UpdatePayerRequest{
		Payer:      &accounttransferv1.Payer{PayerId: w.payerID, ExternalId: externalID},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"external_id"}},
	})
	if err != nil {
		t.Fatalf("change the payer: %v", err)
	}
}

func (w *world) parked(t *testing.T) []*opsv1.Parked {
	t.Helper()
	resp, err := w.ops.ListParked(w.operator(t), &opsv1.ListParkedRequest{Service: "accounttransfer"})
	if err != nil {
		t.Fatalf("list parked: %v", err)
	}
	return resp.GetParked()
}
