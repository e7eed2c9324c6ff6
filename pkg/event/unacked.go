package event

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// Unacked counts the messages that these consumers have not yet acknowledged: waiting, in work, or to be tried again.
// With store.DB's count of unpublished events it answers whether the world is quiet: an event is marked published
// only after its stream holds it, and acknowledged only after the consumer's commit, so it is always in one of the
// two counts. A consumer that does not exist yet counts what it is going to get as at least one.
func (b *Bus) Unacked(ctx context.Context, consumers ...Subscription) (int, error) {
	total := 0
	for _, s := range consumers {
		n, err := b.unacked(ctx, s)
		if err != nil {
			return 0, unavailable(err, "consumer %s cannot be counted", s.Consumer)
		}
		total += n
	}
	return total, nil
}

func (b *Bus) unacked(ctx context.Context, s Subscription) (int, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	stream, err := b.js.Stream(ctx, streamName(s.Service))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	// The server tells a consumer of new messages a moment after it has acknowledged them, so its own count may lag.
	// The last sequence that the filter matches does not.
	var last uint64
	switch msg, err := stream.GetLastMsgForSubject(ctx, nounSubjects(s.Service, s.Noun)); {
	case errors.Is(err, jetstream.ErrMsgNotFound):
	case err != nil:
		return 0, err
	default:
		last = msg.Sequence
	}
	consumer, err := stream.Consumer(ctx, s.Consumer)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return int(min(last, 1)), nil
	}
	if err != nil {
		return 0, err
	}
	info := consumer.CachedInfo() // read just now, by Consumer
	waiting := int(info.NumPending)
	if waiting == 0 && info.Delivered.Stream < last {
		waiting = 1
	}
	return waiting + info.NumAckPending, nil
}
