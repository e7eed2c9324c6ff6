package event_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
)

// batched starts a consumer with one worker and keeps that busy with a first message until more is there, so that what
// commit commits comes in one batch. calls counts what the handler was given.
func batched(
	t *testing.T, orders, transfers service, bus buses, js jetstream.JetStream, handle func(*store.Tx, event.Message) error, commit func() int,
) (acked <-chan struct{}, calls *atomic.Int64) {
	t.Helper()
	calls = &atomic.Int64{}
	first, release := make(chan struct{}), make(chan struct{})
	o := eager()
	o.Parallel = 1
	acked = startConsumer(t, bus, transfers, subscription(func(tx *store.Tx, m event.Message) error {
		if calls.Add(1) == 1 {
			close(first)
			<-release
		}
		return handle(tx, m)
	}), o)
	startRelay(t, bus, orders, event.RelayOptions{})
	orders.create(t, "first")
	<-first
	n := commit()
	eventually(t, "all is on its way to the consumer", func() bool {
		c, err := js.Consumer(t.Context(), "HANDOVER_ORDERS", "accounttransfer-orders")
		must(t, err)
		return c.CachedInfo().NumAckPending == n+1
	})
	close(release)
	return acked, calls
}

func TestPoisonInABatchBecomesADeadLetterAlone(t *testing.T) {
	const others = 10
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	var poison string
	acked, calls := batched(t, orders, transfers, bus, js, func(tx *store.Tx, m event.Message) error {
		if err := record(tx, m); err != nil { // a refusal must undo this
			return err
		}
		if m.Aggregate == poison {
			return errs.New(errs.Precondition, "STATE_REFUSES", "not in this state")
		}
		return nil
	}, func() int {
		for range others {
			orders.create(t, "good")
		}
		poison = orders.create(t, "poison") // the last, so that others stand before it in the batch
		return others + 1
	})
	take(t, acked, 1+others)
	letter := deadLetters(t, transfers, 1)[0]
	if letter.Tries != 5 || event.Read(letter).Aggregate != poison {
		t.Errorf("dead letter %+v", letter)
	}
	if n := len(transfers.effects(t)); n != 1+others {
		t.Errorf("%d effects, want %d", n, 1+others)
	}
	if n := calls.Load(); n <= 1+others+5 {
		t.Errorf("%d calls of the handler: there was no batch", n)
	}
}

func TestMessageThatIsHeldHoldsItsAggregateAlone(t *testing.T) {
	const others = 10
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	var waits string
	var back atomic.Bool
	acked, _ := batched(t, orders, transfers, bus, js, func(tx *store.Tx, m event.Message) error {
		if m.Aggregate == waits && m.Revision == 1 && !back.Load() {
			return errs.New(errs.Conflict, "CONFLICT", "something has just begun")
		}
		return record(tx, m)
	}, func() int {
		waits = orders.create(t, "1")
		for range others {
			orders.create(t, "good")
		}
		orders.update(t, waits, "2")
		return others + 2
	})
	take(t, acked, 1+others)
	for _, e := range transfers.effects(t) {
		if e.aggregate == waits {
			t.Errorf("what was held has an effect: %v", e)
		}
	}
	orders.create(t, "later")
	take(t, acked, 1)

	back.Store(true)
	take(t, acked, 2)
	var seen []string
	for _, e := range transfers.effects(t) {
		if e.aggregate == waits {
			seen = append(seen, e.state)
		}
	}
	if diff := cmp.Diff("1 2", strings.Join(seen, " ")); diff != "" {
		t.Error(diff)
	}
	deadLetters(t, transfers, 0)
}
