package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/deploy/config"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// TestSettle lets every request of an invitation arrive after its caller has given up, while somebody presses on: AWS
// is given its time to settle all the same, so that no invitation is doubled or left behind.
func TestSettle(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(*testing.T, customer, *ordersv1.Order) error{
		"the customer processes the order": func(t *testing.T, c customer, o *ordersv1.Order) error {
			return c.hands(t).ProcessOrder(t.Context(), o.GetOrderId())
		},
		"Operations looks": func(t *testing.T, c customer, o *ordersv1.Order) error {
			return c.w.op(t).CheckTransfer(t.Context(), o.GetTransferId())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c, o := pressed(t, press)
			w.oneInvitation(t, c.account, "REQUESTED")
			c.accept(t)
			goesOn(t, c.process(t, o.GetOrderId()))
			w.oneInvitation(t, c.account, "ACCEPTED")
		})
	}
	for name, press := range map[string]func(*testing.T, customer, *ordersv1.Order) error{
		"Operations fails the order": func(t *testing.T, c customer, o *ordersv1.Order) error {
			return c.w.op(t).FailOrder(t.Context(), o.GetOrderId(), "not wanted")
		},
		"Operations cancels the transfer": func(t *testing.T, c customer, o *ordersv1.Order) error {
			return c.w.op(t).CancelTransfer(t.Context(), o.GetTransferId(), "not wanted")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c, o := pressed(t, press)
			w.oneInvitation(t, c.account, "CANCELED")
			if got := w.transfer(t, o.GetTransferId()).GetState(); got != accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED {
				t.Errorf("the transfer is %s", got)
			}
		})
	}
}

// pressed submits an order whose invitation arrives late, and lets somebody press on before it has.
func pressed(t *testing.T, press func(*testing.T, customer, *ordersv1.Order) error) (*world, customer, *ordersv1.Order) {
	t.Helper()
	w := newSlowWorld(t)
	late := &sandboxv1.Fault{
		Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_LATE, Times: sdkTries, Delay: durationpb.New(3 * time.Second),
	}
	w.setFault(t, late)
	c := w.newCustomer(t)
	o := c.submitted(t)
	eventually(t, "the transfer backs off", func() bool { return w.backingOff(t) == 1 })
	if err := press(t, c, o); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if n := w.met(t, late); n != sdkTries {
		t.Fatalf("%d requests have arrived, want %d: AWS was not given its time", n, sdkTries)
	}
	return w, c, o
}

// newSlowWorld gives AWS little time to answer, and more to settle than the simulator holds a request back.
func newSlowWorld(t *testing.T) *world {
	t.Helper()
	return startWorld(t, func(d config.Listeners) string {
		return strings.ReplaceAll(d.Sections("4s"), "timeout: 2s", "timeout: 500ms")
	})
}

// backingOff counts the transfers that failed and wait for their next try.
func (w *world) backingOff(t *testing.T) int64 {
	t.Helper()
	resp, err := w.ops().GetWork(w.operator(t), &opsv1.GetWorkRequest{Service: "accounttransfer"})
	if err != nil {
		t.Fatalf("read the work: %v", err)
	}
	return resp.GetWork().GetBackingOff()
}
