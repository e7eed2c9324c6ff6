package event_test

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
)

// BenchmarkCommitToConsumer measures from the producer's commit to the call of the consumer's handler, and to the end
// of the consumer's own commit, one event at a time: two SQLite databases with full fsync and the embedded server.
func BenchmarkCommitToConsumer(b *testing.B) {
	for _, sync := range []bool{false, true} {
		b.Run("sync="+strconv.FormatBool(sync), func(b *testing.B) {
			orders, transfers := newService(b, "orders"), newService(b, "accounttransfer")
			bus := benchBus(b, sync)
			handled := make(chan clock.Instant, 1)
			committed := make(chan clock.Instant, 1)
			sub := subscription(func(tx *store.Tx, m event.Message) error {
				handled <- clock.Machine{}.Now()
				return record(tx, m)
			})
			start(b, func(ctx context.Context) error {
				return event.Consume(ctx, bus.of(transfers), transfers.DB, sub, event.ConsumeOptions{Probe: func(point string) {
					if point == "consume.commit.after" {
						committed <- clock.Machine{}.Now()
					}
				}})
			})
			startRelay(b, bus, orders, event.RelayOptions{})
			oid := orders.create(b, "new")
			take(b, handled, 1)
			take(b, committed, 1)

			var toHandler, toCommit []time.Duration
			for b.Loop() {
				orders.update(b, oid, "next")
				sent := clock.Machine{}.Now()
				toHandler = append(toHandler, take(b, handled, 1).Sub(sent))
				toCommit = append(toCommit, take(b, committed, 1).Sub(sent))
			}
			report(b, toHandler, "p50-ms", "p99-ms")
			report(b, toCommit, "applied-p50-ms", "applied-p99-ms")
		})
	}
}

// BenchmarkBareJetStream is the yardstick of the one above: the same server without databases, relay or inbox, from
// the publish to the arrival at a pull consumer.
func BenchmarkBareJetStream(b *testing.B) {
	for _, sync := range []bool{false, true} {
		b.Run("sync="+strconv.FormatBool(sync), func(b *testing.B) {
			k := newKeys(b)
			js := k.bareClient(b, startServerWith(b, b.TempDir(), event.EmbeddedOptions{
				Listen: "127.0.0.1:0", SyncAlways: sync, Accounts: k.accounts(b),
			}).URL())
			stream, err := js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "BARE", Subjects: []string{"bare.>"}})
			must(b, err)
			consumer, err := stream.CreateConsumer(b.Context(), jetstream.ConsumerConfig{Durable: "bare", AckPolicy: jetstream.AckExplicitPolicy})
			must(b, err)
			arrived := make(chan clock.Instant, 1)
			subscription, err := consumer.Consume(func(m jetstream.Msg) {
				arrived <- clock.Machine{}.Now()
				_ = m.Ack()
			})
			must(b, err)
			b.Cleanup(subscription.Stop)

			var took []time.Duration
			for b.Loop() {
				sent := clock.Machine{}.Now()
				_, err := js.Publish(b.Context(), "bare.order", []byte("state"))
				must(b, err)
				took = append(took, take(b, arrived, 1).Sub(sent))
			}
			report(b, took, "p50-ms", "p99-ms")
		})
	}
}

// BenchmarkRelayThroughput measures how fast a backlog of many aggregates reaches the stream and is marked.
func BenchmarkRelayThroughput(b *testing.B) {
	orders := newService(b, "orders")
	bus := benchBus(b, false)
	for range b.N {
		orders.create(b, "new")
	}
	b.ResetTimer()
	startRelay(b, bus, orders, event.RelayOptions{})
	eventually(b, "everything is marked published", func() bool {
		left, err := orders.Unpublished(b.Context(), 1)
		must(b, err)
		return len(left) == 0
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func benchBus(b *testing.B, sync bool) buses {
	b.Helper()
	k := newKeys(b)
	server := startServerWith(b, b.TempDir(), event.EmbeddedOptions{SyncAlways: sync, Accounts: k.accounts(b)})
	bus := k.connect(b, server.Connect, event.Options{})
	bus.setUp(b, layout())
	return bus
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func report(b *testing.B, took []time.Duration, p50, p99 string) {
	b.Helper()
	slices.Sort(took)
	at := func(q float64) float64 {
		return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), p50)
	b.ReportMetric(at(0.99), p99)
}
