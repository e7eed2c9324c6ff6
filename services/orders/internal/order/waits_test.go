package order_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

// TestNoOpenStateWaitsForNobody: whatever has happened to an order of any kind, as long as it is open it says who acts next
// and what that is.
func TestNoOpenStateWaitsForNobody(t *testing.T) {
	t.Parallel()
	says := func(t *testing.T, o *order.Order) {
		t.Helper()
		w := o.Waits()
		if o.State.Ended() {
			if w != nil {
				t.Errorf("%s of %s waits for %+v", o.State, o.Type, w)
			}
			return
		}
		if w == nil || w.Owner == "" || w.Text.IsZero() {
			t.Errorf("%s of %s waits for %+v", o.State, o.Type, w)
		}
	}
	kinds := map[string]func(*testing.T) *order.Order{}
	for _, s := range order.States() {
		kinds["purchase "+string(s)] = func(t *testing.T) *order.Order { return in(t, s) }
	}
	for _, p := range []termination.Phase{
		termination.Review, termination.Approved, termination.Withdrawing, termination.Ending, termination.Keeping,
	} {
		kinds["termination "+string(p)] = func(t *testing.T) *order.Order { return leaving(t, p) }
	}
	for _, p := range []change.Phase{change.Review, change.Accepted} {
		kinds["change "+string(p)] = func(t *testing.T) *order.Order { return changing(t, p) }
	}
	for _, s := range []order.State{order.Draft, order.Processing, order.Querying} {
		kinds["replacement "+string(s)] = func(t *testing.T) *order.Order { return replacing(t, s) }
	}
	for name, of := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, of(t))
			all := slices.DeleteFunc(verbs(), func(v verb) bool { // no transfer carries out another type
				return of(t).Type != order.Purchase && v.accepts == nil && v.name != "Tick" && v.name != "ReplaceContact"
			})
			for _, first := range all {
				for _, then := range all {
					o := of(t)
					_, _ = first.do(t, o)
					says(t, o)
					_, _ = then.do(t, o)
					says(t, o)
				}
			}
		})
	}
}

// TestWaitsForOthers: what AWS and the reseller do in their time is no deadline of the order, and is shown with its step.
func TestWaitsForOthers(t *testing.T) {
	t.Parallel()
	for _, owner := range []order.Party{order.Reseller, order.AWS} {
		o, v := in(t, order.Querying), view(2, "IN_PROGRESS")
		v.Waiting = &order.Waiting{Owner: owner, Text: text.Said("Set it up.", "ServiceNow"), StepKey: "channel", EscalateAt: now()}
		must(t)(o.ObserveTransfer(v, now()))
		if w := o.Waits(); o.State != order.Processing || w.Owner != owner || w.StepKey != "channel" || !w.Until.IsZero() {
			t.Errorf("%s waits for %+v", o.State, w)
		}
		if order.Todo(o) != nil {
			t.Errorf("what the transfer is listed for is listed twice: %+v", order.Todo(o))
		}
		must(t)(o.ObserveTransfer(view(3, "IN_PROGRESS"), now()))
		if w := o.Waits(); w.Owner != order.Platform {
			t.Errorf("afterwards it waits for %+v", w)
		}
	}
}
