package event

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Layout is what a deployment keeps in NATS.
type Layout struct {
	Roles    []Role
	Replicas int           // copies of each stream: 1, or 3 on a cluster; 0: 1
	Dedupe   time.Duration // how long a stream remembers message ids; 0: ten minutes
	MaxAge   time.Duration // how long a stream keeps events (the table keeps its own); 0: for ever
	AckWait  time.Duration // after which a silent replica's message goes to another; 0: ten seconds
}

// SetUp makes the streams and durable consumers that the roles need, or changes them to what the layout says; what is
// there already stays. The bus is that of SetUpUser. It may be called again at any time, and by several at once.
func (b *Bus) SetUp(ctx context.Context, l Layout) error {
	l, err := l.complete()
	if err != nil {
		return err
	}
	roles := complete(l.Roles)
	for _, r := range roles {
		if !r.Produces {
			continue
		}
		if err := b.makeStream(ctx, r.Service, l); err != nil {
			return err
		}
	}
	for _, r := range roles {
		for _, s := range r.Consumes {
			if err := b.makeConsumer(ctx, s, l.AckWait); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l Layout) complete() (Layout, error) {
	if l.Replicas == 0 {
		l.Replicas = 1
	}
	if l.Replicas != 1 && l.Replicas != 3 {
		return l, fmt.Errorf("event streams have 1 or 3 replicas, not %d", l.Replicas)
	}
	if l.Dedupe == 0 {
		l.Dedupe = 10 * time.Minute
	}
	if l.AckWait == 0 {
		l.AckWait = defaultAckWait
	}
	if l.MaxAge < 0 || l.Dedupe < 0 || l.AckWait < 0 {
		return l, fmt.Errorf("event streams cannot keep messages for a negative time")
	}
	if l.MaxAge > 0 {
		l.Dedupe = min(l.Dedupe, l.MaxAge) // JetStream refuses a longer memory for ids than for messages
	}
	return l, nil
}

func (b *Bus) makeStream(ctx context.Context, service string, l Layout) error {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	js, err := b.of(service)
	if err != nil {
		return err
	}
	_, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:        streamName(service),
		Description: "Events of " + service + ": a copy of its events table",
		Subjects:    []string{streamSubjects(service)},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		Replicas:    l.Replicas,
		Duplicates:  l.Dedupe,
		MaxAge:      l.MaxAge,
		// Nobody reaches this limit. With any, the server makes blocks of 4 MiB and not of 8, and it holds the newest block of
		// each stream in memory.
		MaxMsgsPerSubject: math.MaxInt32,
		AllowDirect:       true, // by subject, so that a reader can be limited to a kind of aggregate
	})
	if err != nil {
		return unavailable(err, "the stream of %s cannot be made or changed", service)
	}
	return nil
}

func (b *Bus) makeConsumer(ctx context.Context, s Subscription, ackWait time.Duration) error {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	js, err := b.of(s.Service)
	if err != nil {
		return err
	}
	_, err = js.CreateOrUpdateConsumer(ctx, streamName(s.Service), jetstream.ConsumerConfig{
		Durable:       s.Consumer,
		FilterSubject: nounSubjects(s.Service, s.Noun),
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       ackWait,
		MaxDeliver:    -1, // how often is our own count: being away is no try
	})
	if err != nil {
		return unavailable(err, "consumer %s cannot be made or changed", s.Consumer)
	}
	return nil
}
