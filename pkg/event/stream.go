package event

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
)

// consumer finds the durable consumer of a subscription. errs.NotFound "CONSUMER_MISSING" while nobody has made it.
func (b *Bus) consumer(ctx context.Context, s Subscription) (jetstream.Consumer, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	js, err := b.of(s.Service)
	if err != nil {
		return nil, err
	}
	c, err := js.Consumer(ctx, streamName(s.Service), s.Consumer)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrConsumerNotFound):
		return nil, errs.Wrap(err, errs.NotFound, "CONSUMER_MISSING", "%s is not set up: run handover nats-setup", s.Consumer)
	case err != nil:
		return nil, unavailable(err, "consumer %s cannot be found", s.Consumer)
	}
	return c, nil
}

// of is JetStream in the account of a service.
func (b *Bus) of(service string) (jetstream.JetStream, error) {
	if service == b.o.User {
		return b.js, nil
	}
	return jetstream.NewWithAPIPrefix(b.conn, apiOf(service), jetstream.WithDefaultTimeout(requestTimeout))
}

func unavailable(err error, format string, args ...any) *errs.Error {
	return errs.Wrap(err, errs.Unavailable, "NATS_UNAVAILABLE", format, args...)
}
