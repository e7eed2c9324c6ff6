package scenarios_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func (w *world) order(t *testing.T, orderID string) *ordersv1.Order {
	t.Helper()
	o, err := w.op(t).Order(t.Context(), orderID)
	if err != nil {
		t.Fatalf("read the order: %v", err)
	}
	return o
}

func (w *world) transfer(t *testing.T, transferID string) *accounttransferv1.Transfer {
	t.Helper()
	tr, err := w.op(t).Transfer(t.Context(), transferID)
	if err != nil {
		t.Fatalf("read the transfer: %v", err)
	}
	return tr
}

// step is one step of a transfer.
func (w *world) step(t *testing.T, transferID, key string) *accounttransferv1.Step {
	t.Helper()
	steps := w.transfer(t, transferID).GetSteps()
	i := slices.IndexFunc(steps, func(s *accounttransferv1.Step) bool { return s.GetKey() == key })
	if i < 0 {
		t.Fatalf("transfer %s has no step %s", transferID, key)
	}
	return steps[i]
}

// atAWS lists what the simulator holds for a management account.
func (w *world) atAWS(t *testing.T, account string) []*sandboxv1.AwsTransfer {
	t.Helper()
	held, err := w.aws(t).TransfersAtAWS(t.Context(), account)
	if err != nil {
		t.Fatalf("list transfers at AWS: %v", err)
	}
	return held
}

// oneInvitation fails unless AWS holds exactly one invitation for the account, in this status.
func (w *world) oneInvitation(t *testing.T, account, status string) *sandboxv1.AwsTransfer {
	t.Helper()
	held := w.atAWS(t, account)
	if len(held) != 1 || held[0].GetStatus() != status {
		t.Fatalf("AWS holds %v, want one invitation that is %s", held, status)
	}
	return held[0]
}

// events are all that the service recorded about an order.
func (w *world) events(t *testing.T, orderID string) []*typev1.Event {
	t.Helper()
	resp, err := w.ops().ListEvents(w.operator(t), &opsv1.ListEventsRequest{Service: "orders", AggregateId: orderID, PageSize: 500})
	if err != nil {
		t.Fatalf("list events: %v", err)
	}
	return resp.GetEvents()
}

func names(events []*typev1.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.GetName())
	}
	return out
}

// unchanged runs do and fails when the order has another etag or other events afterwards.
func (w *world) unchanged(t *testing.T, orderID string, do func()) {
	t.Helper()
	before, told := w.order(t, orderID).GetEtag(), len(w.events(t, orderID))
	do()
	if after := w.order(t, orderID).GetEtag(); after != before {
		t.Errorf("the order's etag went from %s to %s", before, after)
	}
	if after := w.events(t, orderID); len(after) != told {
		t.Errorf("the order has events %v, before there were %d", names(after), told)
	}
}

// refused fails unless err is a refusal with this code and reason.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	_ = refusal(t, err, code, reason) // nothing more is asked of it
}

// refusal is refused for those who want to see what it says.
func refusal(t *testing.T, err error, code codes.Code, reason string) *errs.Error {
	t.Helper()
	if got := status.Code(err); got != code {
		t.Errorf("code %s, want %s: %v", got, code, err)
	}
	e, _ := errs.As(rpc.FromStatus(err))
	if e == nil || e.Reason != reason {
		t.Fatalf("refused with %v, want reason %s", err, reason)
	}
	return e
}

// violated reports whether a refusal names a field.
func violated(e *errs.Error, path string) bool {
	return slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == path })
}

// inState fails unless the order is in this state.
func inState(t *testing.T, o *ordersv1.Order, want ordersv1.OrderState) {
	t.Helper()
	if o.GetState() != want {
		t.Fatalf("order is %s (waits for %v, failed with %v), want %s", o.GetState(), o.GetWaiting(), o.GetFailure(), want)
	}
}

// mentions reports whether a text holds every part.
func mentions(text string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) })
}

// refusedWith is the reason of a refusal; empty when there is none.
func refusedWith(err error) string { return errs.ReasonOf(rpc.FromStatus(err)) }

// eventually waits for what only machine time brings.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("not in time: %s", what)
		}
	}
}
