package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestParked is an aggregate that has failed too often: it is listed, released by Operations, and goes on.
func TestParked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "platform:\n  work:\n    max_attempts: 2\n")
	w.setFault(t, &sandboxv1.Fault{Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE})
	c := w.newCustomer(t)
	o := c.submitted(t)
	eventually(t, "the transfer is parked", func() bool { return len(w.parked(t)) > 0 })
	p := w.parked(t)[0]
	if p.GetKind() != "transfer" || p.GetId() != o.GetTransferId() || p.GetCustomerId() != c.id || p.GetAttempts() != 2 || p.GetLastError() == "" {
		t.Errorf("parked is %v", p)
	}
	w.Settle(t) // what is parked keeps nobody waiting
	if held := w.atAWS(t, c.account); len(held) != 0 {
		t.Errorf("AWS holds %v", held)
	}
	w.clearFaults(t)
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
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING)
	w.oneInvitation(t, c.account, "REQUESTED")
}

func (w *world) parked(t *testing.T) []*opsv1.Parked {
	t.Helper()
	resp, err := w.ops.ListParked(w.operator(t), &opsv1.ListParkedRequest{Service: "accounttransfer"})
	if err != nil {
		t.Fatalf("list parked: %v", err)
	}
	return resp.GetParked()
}
