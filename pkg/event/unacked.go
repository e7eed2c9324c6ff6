package event

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
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
	// The server tells a consumer of new messages a moment after it has acknowledged them, so its own count may lag.
	// The last sequence that the filter matches does not.
	last, err := b.lastSequence(ctx, s)
	if err != nil {
		return 0, err
	}
	consumer, err := b.consumer(ctx, s)
	if errs.ReasonOf(err) == "CONSUMER_MISSING" {
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

// lastSequence is where the newest message that the subscription matches stands; 0 when there is none.
func (b *Bus) lastSequence(ctx context.Context, s Subscription) (uint64, error) {
	msg, err := b.Last(ctx, s.Service, streamName(s.Service), nounSubjects(s.Service, s.Noun))
	if msg == nil || err != nil {
		return 0, err
	}
	return strconv.ParseUint(msg.Header.Get(jetstream.SequenceHeader), 10, 64)
}

// Last is the newest message of a stream on a subject; nil when there is none, or no stream yet. It asks by subject, which
// is how reading can be limited to a part of a stream.
func (b *Bus) Last(ctx context.Context, service, stream, subject string) (*nats.Msg, error) {
	question := LastOf(stream, subject)
	if service != b.o.User {
		question = Grant{Owner: service, Subject: question}.local()
	}
	ctx, cancel := b.asking(ctx)
	defer cancel()
	msg, err := b.conn.RequestWithContext(ctx, question, nil)
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	switch status := msg.Header.Get("Status"); status {
	case "":
		return msg, nil
	case "404":
		return nil, nil
	default:
		return nil, fmt.Errorf("stream %s answers %s %s", stream, status, msg.Header.Get("Description"))
	}
}
