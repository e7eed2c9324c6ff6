package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
)

// latency measures how long after a commit another service's handler is called, one event at a time, against a bare
// publish to the same JetStream server and its arrival at a pull consumer.
func (b *bench) latency(ctx context.Context) error {
	for _, on := range b.servers {
		err := b.scope(ctx, func() error {
			relayed, err := b.newDelivery(ctx, on)
			if err != nil {
				return err
			}
			bare, err := b.newBareDelivery(ctx)
			if err != nil {
				return err
			}
			defer bare.stop()
			return b.measure(ctx, measure.Pair{
				Figure: "Commit to consumer, " + on.name, Against: "bare JetStream, publish to arrival",
				Lines:     []measure.Line{{Unit: "p50 ms", Goal: measure.Below(5)}, {Unit: "p99 ms"}},
				Product:   oneByOne(relayed.send, relayed.arrived),
				Yardstick: oneByOne(bare.send, bare.arrived),
			})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", on.name, err)
		}
	}
	return nil
}

// oneByOne sends for a slice, the next when the last has arrived, and returns p50 and p99. send says when the time
// begins.
func oneByOne(
	send func(context.Context) (clock.Instant, error), arrived <-chan clock.Instant,
) func(context.Context, time.Duration) ([]float64, error) {
	return func(ctx context.Context, length time.Duration) ([]float64, error) {
		ctx, cancel := context.WithTimeout(ctx, length+settleTimeout)
		defer cancel()
		var took []time.Duration
		for until := (clock.Machine{}).Now().Add(length); (clock.Machine{}).Now() < until; {
			began, err := send(ctx)
			if err != nil {
				return nil, err
			}
			select {
			case at := <-arrived:
				took = append(took, max(at.Sub(began), 0))
			case <-ctx.Done():
				return nil, fmt.Errorf("what was sent did not arrive: %w", ctx.Err())
			}
		}
		slices.Sort(took)
		return []float64{measure.Quantile(took, 0.5), measure.Quantile(took, 0.99)}, nil
	}
}

// bareDelivery is a stream and a consumer without databases, relay and inbox.
type bareDelivery struct {
	js      jetstream.JetStream
	arrived chan clock.Instant
	stop    func()
}

// bareConsumer starts a server like the one that a process embeds, without rules, with a stream and its consumer.
func (b *bench) bareConsumer(ctx context.Context) (jetstream.JetStream, jetstream.Consumer, error) {
	js, err := b.bareJetStream()
	if err != nil {
		return nil, nil, err
	}
	stream, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "BARE", Subjects: []string{"bare.>"}})
	if err != nil {
		return nil, nil, err
	}
	consumer, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{Durable: "bare", AckPolicy: jetstream.AckExplicitPolicy})
	return js, consumer, err
}

func (b *bench) newBareDelivery(ctx context.Context) (*bareDelivery, error) {
	js, consumer, err := b.bareConsumer(ctx)
	if err != nil {
		return nil, err
	}
	d := &bareDelivery{js: js, arrived: make(chan clock.Instant, 1)}
	taking, err := consumer.Consume(func(m jetstream.Msg) {
		d.arrived <- clock.Machine{}.Now()
		_ = m.Ack() // a lost one would be seen as a second arrival
	})
	if err != nil {
		return nil, err
	}
	d.stop = taking.Stop
	return d, nil
}

// send begins the time before the publish, which waits for the server's acknowledgement.
func (d *bareDelivery) send(ctx context.Context) (clock.Instant, error) {
	began := clock.Machine{}.Now()
	_, err := d.js.Publish(ctx, "bare.parcel", []byte(label))
	return began, err
}

func (b *bench) bareJetStream() (jetstream.JetStream, error) {
	folder, err := os.MkdirTemp("", "handover-bare-")
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return os.RemoveAll(folder) })
	key, public, err := event.NewKey()
	if err != nil {
		return nil, err
	}
	everything := event.User{Name: "bare", Keys: []string{public}, Publish: []string{">"}, Subscribe: []string{">"}}
	server, err := event.StartEmbedded(folder, event.EmbeddedOptions{
		Accounts: []event.Account{{Name: "bare", Users: []event.User{everything}}}, SyncAlways: true, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	b.defers(server.Stop)
	bus, err := server.Connect(event.Options{User: "bare", Key: key, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { bus.Close(); return nil })
	return bus.JetStream(), nil
}
