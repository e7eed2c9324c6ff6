package event_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
)

// While all turns of a database are taken, a consumer begins no transaction, and puts back what it cannot begin.
func TestConsumersWaitForTheirTurn(t *testing.T) {
	const messages = 5
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, js := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	var releases []func()
	for range max(1, transfers.Writers()/2) {
		release, err := transfers.Turn(t.Context())
		must(t, err)
		releases = append(releases, release)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := transfers.Turn(ctx); err == nil {
		t.Fatalf("more than %d turns of %d transactions", len(releases), transfers.Writers())
	}
	for range messages {
		orders.create(t, "new")
	}
	var handled atomic.Int64
	o := eager()
	o.AckWait = 600 * time.Millisecond
	acked := startConsumer(t, bus, transfers, subscription(func(tx *store.Tx, m event.Message) error {
		handled.Add(1)
		return record(tx, m)
	}), o)
	eventually(t, "a message comes again, or is handled", func() bool {
		c, err := js.Consumer(t.Context(), "HANDOVER_ORDERS", "accounttransfer-orders")
		must(t, err)
		return c.CachedInfo().NumRedelivered > 0 || handled.Load() > 0
	})
	if n := handled.Load(); n > 0 {
		t.Errorf("%d messages are handled while others have all turns", n)
	}
	for _, release := range releases {
		release()
	}
	take(t, acked, messages)
}
