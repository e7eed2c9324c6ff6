package scenarios_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
)

// TestRestart stops the whole process and starts it again in the same folder.
func TestRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.invited(t)
	w.Advance(t, at(t, "2026-02-20T12:00:00Z"))
	transfer, events := w.transfer(t, o.GetTransferId()), names(w.events(t, o.GetOrderId()))
	o = w.order(t, o.GetOrderId())

	w.Restart()
	w.connect()
	same(t, "business time", w.Now(t), at(t, "2026-02-20T12:00:00Z"))
	w.Settle(t)
	if got := w.order(t, o.GetOrderId()); !proto.Equal(got, o) {
		t.Errorf("the order is %v, it was %v", got, o)
	}
	if got := w.transfer(t, o.GetTransferId()); !proto.Equal(got, transfer) {
		t.Errorf("the transfer is %v, it was %v", got, transfer)
	}
	if got := names(w.events(t, o.GetOrderId())); len(got) != len(events) {
		t.Errorf("the events are %v, they were %v", got, events)
	}
	w.oneInvitation(t, c.account, "REQUESTED")

	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	w.oneInvitation(t, c.account, "ACCEPTED")
}
