package order_test

import (
	"testing"
	"time"

	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

// TestLateCompletion: an order that is completed after AWS has begun to bill has a recorded decision, once, whichever of the two is
// heard of first; one that is completed in time, that fails, or is for a legacy product has none.
func TestLateCompletion(t *testing.T) {
	begun, done := now(), now().Add(11*day)
	starts := order.ConnectionView{TransferID: "trf_1", Start: begun}
	ends := func(state string) order.TransferView {
		return order.TransferView{TransferID: "trf_1", Revision: 9, State: state}
	}
	for name, tt := range map[string]struct {
		starts order.ConnectionView
		state  string
		legacy bool
		late   bool
	}{
		"after the start":        {starts, "COMPLETED", false, true},
		"failed after the start": {starts, "FAILED", false, false},
		"in time":                {order.ConnectionView{TransferID: "trf_1", Start: done.Add(time.Second)}, "COMPLETED", false, false},
		"with the start":         {order.ConnectionView{TransferID: "trf_1", Start: done}, "COMPLETED", false, false},
		"a legacy product":       {starts, "COMPLETED", true, false},
	} {
		for _, startFirst := range []bool{true, false} {
			o := in(t, order.Querying)
			if tt.legacy {
				o.ProductID = catalogue.ManagedService
			}
			told := 0
			hear := func(first bool) {
				if first {
					told += len(must(t)(o.ObserveConnection(tt.starts, done)))
					return
				}
				told += len(must(t)(o.ObserveTransfer(ends(tt.state), done)))
			}
			hear(startFirst)
			hear(!startFirst)
			if (o.Late != nil) != tt.late {
				t.Fatalf("%s: decided is %v", name, o.Late)
			}
			if want := map[bool]int{true: 3, false: 2}[tt.late]; told != want {
				t.Errorf("%s: %d facts are told", name, told)
			}
			if l := o.Late; tt.late && (!l.BilledFrom.Equal(begun) || !l.CompletedAt.Equal(done) || l.Policy != order.BilledFromStart) {
				t.Errorf("%s: decided is %+v", name, l)
			}
			moved := tt.starts
			moved.End = done.Add(40 * day)
			if facts := must(t)(o.ObserveConnection(moved, done.Add(day))); tt.late && (len(facts) != 1 || !o.Late.DecidedAt.Equal(done)) {
				t.Errorf("%s: an end decides again: %v", name, facts)
			}
		}
	}
}
