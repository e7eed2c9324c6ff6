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
	changed, stop := bus["orders"].FollowAll(t.Context(), "orders", "order", anyone)
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

// TestFollowAllSharesItsSubscription: NATS sends the process a message once, however many follow, and nobody is woken by what is a
// foreign customer's.
func TestFollowAllSharesItsSubscription(t *testing.T) {
	orders := newService(t, "orders")
	bus, _ := newBus(t, event.Options{})
	follow := func(mine func(string) bool) (*event.Changed, func()) {
		return bus["orders"].FollowAll(t.Context(), "orders", "order", mine)
	}
	none := bus["orders"].Subscriptions() // without those of the relay, which begins afterwards
	foreign, leave := follow(func(customer string) bool { return customer == "cus_2" })
	defer leave()
	one := bus["orders"].Subscriptions()
	var own []*event.Changed
	var stops []func()
	for range 5 {
		changed, stop := follow(func(customer string) bool { return customer == "cus_1" })
		own, stops = append(own, changed), append(stops, stop)
	}
	if many := bus["orders"].Subscriptions(); one != none+1 || many != one {
		t.Errorf("%d subscriptions without a watch, %d with one, %d with six", none, one, many)
	}
	startRelay(t, bus, orders, event.RelayOptions{})
	stops[0]()
	created := orders.create(t, "new")
	for _, changed := range own[1:] {
		<-changed.Some
		if ids := changed.Take(); !slices.Equal(ids, []string{created}) {
			t.Errorf("told %v, want %s", ids, created)
		}
	}
	if left, ids := own[0].Take(), foreign.Take(); len(left) > 0 || len(ids) > 0 {
		t.Errorf("told after the end: %v; told of a foreign customer's: %v", left, ids)
	}
	for _, stop := range stops {
		stop()
		stop() // the second time for nothing
	}
	with := bus["orders"].FollowedKinds()
	leave()
	if without := bus["orders"].FollowedKinds(); with != 1 || without != 0 {
		t.Errorf("%d kinds are followed with the last watch, %d after it", with, without)
	}
}

func anyone(string) bool { return true }

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
