package event_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
)

// streamed reads n messages of the stream in order.
func streamed(t *testing.T, js jetstream.JetStream, n int) []jetstream.Msg {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	eventually(t, "the stream exists", func() bool {
		_, err := js.Stream(ctx, "HANDOVER_ORDERS")
		return err == nil
	})
	consumer, err := js.OrderedConsumer(ctx, "HANDOVER_ORDERS", jetstream.OrderedConsumerConfig{})
	must(t, err)
	messages, err := consumer.Messages()
	must(t, err)
	defer messages.Stop()
	var all []jetstream.Msg
	for range n {
		m, err := messages.Next(jetstream.NextContext(ctx))
		must(t, err)
		all = append(all, m)
	}
	return all
}

func TestRelayKeepsTheOrderOfEachAggregate(t *testing.T) {
	const aggregates, updates = 8, 20
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{Batch: 16})

	var writers sync.WaitGroup
	for range aggregates {
		oid := orders.create(t, "0")
		for w := range 2 { // two writers contend for every aggregate
			writers.Go(func() {
				for i := range updates / 2 {
					if err := orders.change(t.Context(), oid, strconv.Itoa(w*updates+i), "updated", "checked"); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	writers.Wait()

	last := map[string]int{}
	for _, m := range streamed(t, js, aggregates*(1+updates)) {
		h := m.Headers()
		oid := h.Get("ce-subject")
		last[oid]++
		facts := "updated,checked"
		if last[oid] == 1 {
			facts = "created"
		}
		if got := h.Get("ce-revision") + " " + h.Get("ce-facts"); got != strconv.Itoa(last[oid])+" "+facts {
			t.Fatalf("%s: revision %d is %s", oid, last[oid], got)
		}
	}
	eventually(t, "everything is marked published", func() bool { return len(unpublished(t, orders)) == 0 })
}

func TestRelayPublishesWhatWasCommittedBeforeItsStart(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	oid := orders.create(t, "new")
	startRelay(t, bus, orders, event.RelayOptions{})

	m := streamed(t, js, 1)[0]
	if want := "handover.orders.v1.order." + oid + ".created"; m.Subject() != want {
		t.Errorf("subject is %s, want %s", m.Subject(), want)
	}
	if m.Headers().Get("Nats-Msg-Id") != m.Headers().Get("ce-id") {
		t.Error("message id is not the event id")
	}
}

func TestTwoRelaysOnlyOnePublishes(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	var first, second atomic.Int64
	count := func(n *atomic.Int64) func(string) {
		return func(point string) {
			if point == "relay.publish.before" {
				n.Add(1)
			}
		}
	}
	startRelay(t, bus, orders, event.RelayOptions{Holder: "a", Probe: count(&first)})
	startRelay(t, bus, orders, event.RelayOptions{Holder: "b", Probe: count(&second)})
	for i := range 20 {
		orders.create(t, "new")
		streamed(t, js, i+1)
	}
	if (first.Load() == 0) == (second.Load() == 0) {
		t.Errorf("a published %d times, b %d times", first.Load(), second.Load())
	}
}

// With polling an hour away only a ping can wake the holder.
func TestReplicaWithoutTheLeasePingsTheHolder(t *testing.T) {
	dsn := freshDatabase(t)
	holder, other := openService(t, "orders", dsn), openService(t, "orders", dsn)
	bus, js := newBus(t, event.Options{})
	patient := event.RelayOptions{Lease: time.Hour, Poll: time.Hour}
	startRelay(t, bus, holder, patient)
	holder.create(t, "from the holder")
	streamed(t, js, 1) // so it holds the lease

	startRelay(t, bus, other, patient)
	other.create(t, "from the other replica")
	streamed(t, js, 2)
}

func TestRelayTakesOverFromOneThatHangs(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	hangs, end := make(chan struct{}, 1), make(chan struct{})
	stopHung := startRelay(t, bus, orders, event.RelayOptions{Holder: "hangs", Lease: 300 * time.Millisecond, Probe: func(point string) {
		if point == "relay.publish.before" {
			hangs <- struct{}{}
			<-end
		}
	}})
	orders.create(t, "new")
	take(t, hangs, 1)
	startRelay(t, bus, orders, event.RelayOptions{Holder: "next", Lease: 300 * time.Millisecond})
	streamed(t, js, 1)

	close(end)
	stopHung()
	orders.create(t, "another")
	if got := streamed(t, js, 2)[1].Headers().Get("ce-revision"); got != "1" {
		t.Errorf("second message has revision %s", got)
	}
}

func TestRelayGivesTheLeaseBackWhenItStops(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	stop := startRelay(t, bus, orders, event.RelayOptions{Holder: "a", Lease: time.Hour})
	orders.create(t, "new")
	streamed(t, js, 1)
	stop()
	startRelay(t, bus, orders, event.RelayOptions{Holder: "b", Lease: time.Hour})
	orders.create(t, "another")
	streamed(t, js, 2)
}

// Between two marks nothing is published twice, and a relay that stops leaves nothing for the next one to repeat.
func TestRelayMarksLaterAndWhenItStops(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	stop := startRelay(t, bus, orders, event.RelayOptions{Lease: time.Hour, Pause: time.Hour, Quiet: time.Hour})
	orders.create(t, "marked at once")
	eventually(t, "the first is marked", func() bool { return len(unpublished(t, orders)) == 0 })
	for i := range 3 {
		orders.create(t, "marked at the end")
		streamed(t, js, 2+i)
	}
	if left := unpublished(t, orders); len(left) != 3 {
		t.Errorf("%d unmarked, want 3", len(left))
	}
	stop()
	if left := unpublished(t, orders); len(left) != 0 {
		t.Errorf("%d unmarked after the end", len(left))
	}
	stream, err := js.Stream(t.Context(), "HANDOVER_ORDERS")
	must(t, err)
	info, err := stream.Info(t.Context())
	must(t, err)
	if info.State.Msgs != 4 {
		t.Errorf("%d messages, want 4", info.State.Msgs)
	}
}

func unpublished(t *testing.T, s service) []store.Revision {
	t.Helper()
	left, err := s.Unpublished(t.Context(), 100)
	must(t, err)
	return left
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	orders := newService(t, "orders")
	bus, _ := newBus(t, event.Options{})
	for name, err := range map[string]error{
		"replicas": bus[event.SetUpUser].SetUp(t.Context(), event.Layout{Replicas: 2}),
		"lease":    event.Relay(t.Context(), bus.of(orders), orders.DB, event.RelayOptions{Lease: -1}),
		"tries":    event.Consume(t.Context(), bus.of(orders), orders.DB, subscription(record), event.ConsumeOptions{MaxTries: -1}),
		"consumer": event.Consume(
			t.Context(), bus.of(orders), orders.DB, event.Subscription{Consumer: "a.b", Service: "orders", Noun: "order", Handle: record},
			event.ConsumeOptions{},
		),
	} {
		if err == nil || strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%s: accepted", name)
		}
	}
}

// While commits follow each other the mark waits for its pause; once they stop, it does not.
func TestRelayMarksWhenCommitsHaveStopped(t *testing.T) {
	orders := newService(t, "orders")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{Lease: time.Hour, Pause: time.Hour, Quiet: time.Millisecond})
	for i := range 3 {
		orders.create(t, "marked once it is quiet")
		streamed(t, js, 1+i)
	}
	eventually(t, "all are marked", func() bool { return len(unpublished(t, orders)) == 0 })
}
