package event_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

// eager makes a consumer that has refused or held a message try again soon.
func eager() event.ConsumeOptions {
	return event.ConsumeOptions{BackOff: time.Millisecond, BackOffMax: 10 * time.Millisecond}
}

var effectsOnly = cmp.AllowUnexported(effect{})

func TestConsumerAppliesWhatAnotherServiceCommitted(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, _ := newBus(t, event.Options{})
	var seen call.Call
	var message event.Message
	acked := startConsumer(t, bus, transfers, subscription(func(tx *store.Tx, m event.Message) error {
		seen, message = tx.Call(), m
		return record(tx, m)
	}), eager())
	startRelay(t, bus, orders, event.RelayOptions{})
	oid := orders.create(t, "new")
	take(t, acked, 1)

	if diff := cmp.Diff([]effect{{oid, 1, "new"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
	events, _, err := orders.Events(t.Context(), store.EventQuery{Aggregate: oid, Customers: call.Everyone("test"), Size: 10})
	must(t, err)
	if message.ID != events[0].ID || message.Cause != "req_1" || message.Customer != "cus_1" || message.Correlation != oid ||
		strings.Join(message.Facts, " ") != "created" ||
		message.Noun != "order" || message.Service != "orders" || message.Actor.Subject != "anna" ||
		!message.OccurredAt.Equal(events[0].OccurredAt) {
		t.Errorf("message %+v is not event %+v", message, events[0])
	}
	if seen.Actor != (call.Actor{Subject: "service:accounttransfer", Role: "SERVICE", OnBehalfOf: "anna"}) ||
		seen.Cause != message.ID || seen.ID != message.ID || !seen.Scope.All() {
		t.Errorf("the handler acted as %+v", seen)
	}
}

// again publishes a stored message once more under another message id, as a relay does when the stream has forgotten.
func again(t *testing.T, js jetstream.JetStream, m jetstream.Msg, messageID string) {
	t.Helper()
	c := nats.NewMsg(m.Subject())
	c.Data = m.Data()
	for name, values := range m.Headers() {
		c.Header[name] = values
	}
	c.Header.Set(jetstream.MsgIDHeader, messageID)
	_, err := js.PublishMsg(t.Context(), c)
	must(t, err)
}

func TestInboxDropsRepetitionsAndOlderStates(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	oid := orders.create(t, "new")
	orders.update(t, oid, "sent", "sent", "mailed") // two facts of one revision: one message
	take(t, acked, 2)
	stored := streamed(t, js, 2)

	again(t, js, stored[1], "repeated")
	again(t, js, stored[0], "older after newer")
	take(t, acked, 2)
	if diff := cmp.Diff([]effect{{oid, 1, "new"}, {oid, 2, "sent"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
}

func TestCrashBetweenPublishAndMarkRepeatsWithOneEffect(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	forgetful := layout()
	forgetful.Dedupe = 100 * time.Millisecond // long before the lease expires
	bus.setUp(t, forgetful)
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	published, end := make(chan struct{}, 1), make(chan struct{})
	defer close(end)
	startRelay(t, bus, orders, event.RelayOptions{Holder: "dies", Lease: 600 * time.Millisecond, Probe: func(point string) {
		if point == "relay.publish.after" {
			published <- struct{}{}
			<-end // dead: it neither marks nor gives the lease back
		}
	}})
	oid := orders.create(t, "new")
	take(t, published, 1)
	startRelay(t, bus, orders, event.RelayOptions{Holder: "next", Lease: 600 * time.Millisecond})

	take(t, acked, 2)
	if got := streamed(t, js, 2); got[0].Headers().Get("ce-id") != got[1].Headers().Get("ce-id") {
		t.Error("the second message is no repetition")
	}
	if diff := cmp.Diff([]effect{{oid, 1, "new"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedMessageBecomesADeadLetterAndIsReplayed(t *testing.T) {
	for name, refuse := range map[string]func() error{
		"refusal": func() error { return errs.New(errs.Precondition, "STATE_REFUSES", "not in this state") },
		"panic":   func() error { panic("a bug of ours") },
	} {
		t.Run(name, func(t *testing.T) {
			orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
			bus, _ := newBus(t, event.Options{})
			startRelay(t, bus, orders, event.RelayOptions{})
			var tries atomic.Int64
			var mended atomic.Bool
			sub := subscription(func(tx *store.Tx, m event.Message) error {
				if err := record(tx, m); err != nil { // a refusal must undo this
					return err
				}
				if m.Revision == 1 && !mended.Load() {
					tries.Add(1)
					return refuse()
				}
				return nil
			})
			startConsumer(t, bus, transfers, sub, eager())
			bad := orders.create(t, "bad")
			letter := deadLetters(t, transfers, 1)[0]
			if tries.Load() != 5 || letter.Tries != 5 {
				t.Errorf("%d tries, %d counted, want 5", tries.Load(), letter.Tries)
			}
			if err := event.Replay(t.Context(), transfers.DB, []event.Subscription{sub}, letter.ID); err == nil {
				t.Error("a replay that is refused again succeeded")
			}
			deadLetters(t, transfers, 1)

			mended.Store(true)
			must(t, event.Replay(t.Context(), transfers.DB, []event.Subscription{sub}, letter.ID))
			deadLetters(t, transfers, 0)
			if diff := cmp.Diff([]effect{{bad, 1, "bad"}}, transfers.effects(t), effectsOnly); diff != "" {
				t.Error(diff)
			}
			if err := event.Replay(t.Context(), transfers.DB, []event.Subscription{sub}, letter.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("replaying it twice: %v", err)
			}
		})
	}
}

// What a handler saves may go to the database after it has returned.
func TestWhatTheDatabaseRefusesAtTheEndBecomesADeadLetter(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, _ := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	transfers.create(t, "the first of its name")
	must(t, transfers.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE UNIQUE INDEX events_name ON events (name)")
		return err
	}))
	startConsumer(t, bus, transfers, subscription(func(tx *store.Tx, m event.Message) error {
		_, err := transfers.orders.Create(tx, "", &order{}, fact.Fact{Name: "created"})
		return err
	}), eager())
	orders.create(t, "bad")
	if letter := deadLetters(t, transfers, 1)[0]; letter.Tries != 5 {
		t.Errorf("%d tries, want 5", letter.Tries)
	}
}

func TestReplayOfAnOverlaidStateOnlyRemovesTheLetter(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, _ := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	sub := subscription(func(tx *store.Tx, m event.Message) error {
		if m.Revision == 1 {
			return errors.New("nobody classified this")
		}
		return record(tx, m)
	})
	acked := startConsumer(t, bus, transfers, sub, eager())
	oid := orders.create(t, "bad")
	letter := deadLetters(t, transfers, 1)[0]
	orders.update(t, oid, "good")
	take(t, acked, 1)

	must(t, event.Replay(t.Context(), transfers.DB, []event.Subscription{sub}, letter.ID))
	deadLetters(t, transfers, 0)
	if diff := cmp.Diff([]effect{{oid, 2, "good"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
}

func TestMessageOfAStrangerBecomesADeadLetterAtOnce(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	orders.create(t, "new")
	take(t, acked, 1)
	_, err := js.Publish(t.Context(), "handover.orders.v1.order.x.created", []byte("not one of ours"))
	must(t, err)
	if letter := deadLetters(t, transfers, 1)[0]; string(letter.Body) != "not one of ours" || letter.Message != "HANDOVER_ORDERS:2" {
		t.Errorf("dead letter %+v", letter)
	}
}

// deadLetters waits until there are n.
func deadLetters(t *testing.T, s service, n int) (letters []store.DeadLetter) {
	t.Helper()
	eventually(t, "the number of dead letters is right", func() bool {
		var err error
		letters, _, err = s.DeadLetters(t.Context(), 10, "")
		must(t, err)
		return len(letters) == n
	})
	return letters
}

func TestAbsentPeerPausesTheConsumerAndLosesNothing(t *testing.T) {
	for name, away := range map[string]error{
		"unavailable": errs.New(errs.Unavailable, "DATABASE_UNAVAILABLE", "away"),
		"deadline":    errs.New(errs.Deadline, "DEADLINE_EXCEEDED", "too slow"),
	} {
		t.Run(name, func(t *testing.T) {
			orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
			bus, _ := newBus(t, event.Options{})
			startRelay(t, bus, orders, event.RelayOptions{})
			var back atomic.Bool
			tried := make(chan struct{}, 10_000)
			acked := startConsumer(t, bus, transfers, subscription(func(tx *store.Tx, m event.Message) error {
				if !back.Load() {
					tried <- struct{}{}
					return away
				}
				return record(tx, m)
			}), eager())
			for range 3 {
				orders.create(t, "new")
			}
			take(t, tried, 20) // far more than a message's tries

			back.Store(true)
			take(t, acked, 3)
			if got := len(transfers.effects(t)); got != 3 {
				t.Errorf("%d effects, want 3", got)
			}
			deadLetters(t, transfers, 0)
		})
	}
}

func TestDeletedConsumerIsMadeAgainAndTheInboxDropsItsHistory(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	first := orders.create(t, "one")
	take(t, acked, 1)
	must(t, js.DeleteConsumer(t.Context(), "HANDOVER_ORDERS", "accounttransfer-orders"))
	bus.setUp(t, layout())
	second := orders.create(t, "two")
	take(t, acked, 2) // the whole stream once more
	if diff := cmp.Diff([]effect{{first, 1, "one"}, {second, 1, "two"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
}

func TestLostStreamIsFilledAgainFromTheTable(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	oid := orders.create(t, "new")
	orders.update(t, oid, "sent")
	take(t, acked, 2)
	eventually(t, "everything is marked published", func() bool {
		left, err := orders.Unpublished(t.Context(), 1)
		must(t, err)
		return len(left) == 0
	})

	must(t, js.DeleteStream(t.Context(), "HANDOVER_ORDERS"))
	bus.setUp(t, layout())
	n, err := orders.Republish(t.Context(), time.Unix(0, 0))
	must(t, err)
	if n != 1 {
		t.Errorf("%d revisions are to be published again, want the newest alone", n)
	}
	take(t, acked, 1)
	if diff := cmp.Diff([]effect{{oid, 1, "new"}, {oid, 2, "sent"}}, transfers.effects(t), effectsOnly); diff != "" {
		t.Error(diff)
	}
}

func TestParallelWorkersApplyEachStateOnce(t *testing.T) {
	const aggregates, updates = 5, 10
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, _ := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	o := eager()
	o.Parallel = 4
	acked := startConsumer(t, bus, transfers, subscription(record), o)
	for range aggregates {
		oid := orders.create(t, "0")
		for range updates {
			orders.update(t, oid, "x")
		}
		orders.update(t, oid, "last")
	}
	take(t, acked, aggregates*(updates+2))

	latest := map[string]effect{}
	for _, e := range transfers.effects(t) {
		if e.revision <= latest[e.aggregate].revision {
			t.Errorf("%v after %v", e, latest[e.aggregate])
		}
		latest[e.aggregate] = e
	}
	for _, e := range latest {
		if e.state != "last" {
			t.Errorf("ended at %v", e)
		}
	}
}

func TestUnackedCountsWhatIsStillToCome(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	release := make(chan struct{})
	sub := subscription(func(tx *store.Tx, m event.Message) error {
		<-release
		return record(tx, m)
	})
	unacked := func() int {
		n, err := bus["accounttransfer"].Unacked(t.Context(), sub)
		must(t, err)
		return n
	}
	if n := unacked(); n != 0 {
		t.Errorf("%d before there is a stream", n)
	}
	startRelay(t, bus, orders, event.RelayOptions{})
	orders.create(t, "one")
	streamed(t, js, 1)
	if n := unacked(); n == 0 {
		t.Error("none before the consumer exists, but it has one to come")
	}
	acked := startConsumer(t, bus, transfers, sub, eager())
	orders.create(t, "two")
	streamed(t, js, 2)
	eventually(t, "both count", func() bool { return unacked() == 2 })
	close(release)
	take(t, acked, 2)
	if n := unacked(); n != 0 {
		t.Errorf("%d after the last ack", n)
	}
}
