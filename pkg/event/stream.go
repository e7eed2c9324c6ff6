package event

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
)

// EnsureStream creates the stream of a producing service, or brings its limits up to the bus's options. Replicas may
// do so at the same time. errs.Unavailable while NATS is away.
func (b *Bus) EnsureStream(ctx context.Context, service string) error {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	_, err := b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:        streamName(service),
		Description: "Events of " + service + ": a copy of its events table",
		Subjects:    []string{streamSubjects(service)},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		Replicas:    b.o.Replicas,
		Duplicates:  b.o.Dedupe,
		MaxAge:      b.o.MaxAge,
	})
	if err != nil {
		return unavailable(err, "the stream of %s cannot be created or updated", service)
	}
	return nil
}

// ensureConsumer creates or updates the durable consumer of a subscription. errs.NotFound "STREAM_MISSING" while the
// producer has not made its stream: only the producer knows its limits.
func (b *Bus) ensureConsumer(ctx context.Context, s Subscription, o ConsumeOptions) (jetstream.Consumer, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	c, err := b.js.CreateOrUpdateConsumer(ctx, streamName(s.Service), jetstream.ConsumerConfig{
		Durable:       s.Consumer,
		FilterSubject: nounSubjects(s.Service, s.Noun),
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       o.AckWait,
		MaxDeliver:    -1, // how often is our own count: being away is no try
	})
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return nil, errs.Wrap(err, errs.NotFound, "STREAM_MISSING", "%s has no stream yet", s.Service)
	case err != nil:
		return nil, unavailable(err, "consumer %s cannot be created or updated", s.Consumer)
	}
	return c, nil
}

func unavailable(err error, format string, args ...any) *errs.Error {
	return errs.Wrap(err, errs.Unavailable, "NATS_UNAVAILABLE", format, args...)
}
