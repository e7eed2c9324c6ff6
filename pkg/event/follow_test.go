package event_test

import (
	"slices"
	"testing"

	"example.com/handover/pkg/event"
)

func TestFollowWakesForItsAggregateOnly(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	mine, other := orders.create(t, "new"), orders.create(t, "new")
	streamed(t, js, 2)

	wake, stop := bus["orders"].Follow(t.Context(), "orders", "order", mine)
	orders.update(t, mine, "sent")
	take(t, wake, 1)
	orders.update(t, other, "sent")
	streamed(t, js, 4)
	stop()
	orders.update(t, mine, "done")
	streamed(t, js, 5)
	select {
	case <-wake:
		t.Error("woken for another aggregate, or after the end")
	default:
	}
}

func TestFollowAllTellsEachAggregateOnce(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	changed, stop := bus["orders"].FollowAll(t.Context(), "orders", "order")
	first, second := orders.create(t, "new"), orders.create(t, "new")
	orders.update(t, first, "sent")
	streamed(t, js, 3)
	told := map[string]bool{}
	eventually(t, "both are told", func() bool {
		for _, id := range changed.Take() {
			told[id] = true
		}
		return told[first] && told[second] && len(told) == 2
	})
	stop()
	orders.update(t, second, "done")
	streamed(t, js, 4)
	if left := changed.Take(); slices.Contains(left, second) {
		t.Errorf("told after the end: %v", left)
	}
}

func TestFollowWakesAfterAReconnect(t *testing.T) {
	address, dir := freeAddress(t), t.TempDir()
	k := newKeys(t)
	server := k.startServer(t, dir, address)
	bus := k.connect(t, at(server.URL()), event.Options{})
	eventually(t, "the bus is connected", func() bool { return bus["orders"].Ready() == nil })
	wake, stop := bus["orders"].Follow(t.Context(), "orders", "order", "ord_1")
	defer stop()
	stopServer(t, server)
	k.startServer(t, dir, address)
	take(t, wake, 1)
}
