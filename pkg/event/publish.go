package event

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/store"
)

// lane is what is still to be sent of one aggregate, oldest first.
type lane []store.Revision

// publish sends a batch to the service's stream and returns what the stream has acknowledged, with the first
// failure if there was one. An aggregate's next revision is sent only after the one before it was acknowledged; one
// that failed ends its own lane and no other.
func (b *Bus) publish(ctx context.Context, service string, batch []store.Revision) (acked []store.Revision, err error) {
	sent, cancel := outlasting(ctx, ackGrace)
	defer cancel()
	for lanes := lanesOf(batch); len(lanes) > 0; {
		if ctx.Err() != nil { // not even a first message: another relay may have taken over
			return acked, first(err, context.Cause(ctx))
		}
		futures := make([]jetstream.PubAckFuture, len(lanes))
		for i, l := range lanes {
			future, sendErr := b.js.PublishMsgAsync(encode(service, l[0]))
			futures[i], err = future, first(err, sendErr)
		}
		var left []lane
		for i, l := range lanes {
			if waitErr := acknowledged(sent, futures[i]); waitErr != nil {
				err = first(err, waitErr)
				continue
			}
			acked = append(acked, l[0])
			if len(l) > 1 {
				left = append(left, l[1:])
			}
		}
		lanes = left
	}
	return acked, err
}

// ackGrace is how long a relay that is to stop waits for the acknowledgements of what it has sent: the next one would repeat that.
const ackGrace = time.Second

// outlasting is a context that ends a while after ctx.
func outlasting(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { cancel(context.Cause(ctx)) })
	})
	return longer, func() { stop(); cancel(nil) }
}

func lanesOf(batch []store.Revision) []lane {
	var lanes []lane
	at := map[string]int{}
	for _, e := range batch {
		i, known := at[e.Aggregate]
		if !known {
			i = len(lanes)
			at[e.Aggregate] = i
			lanes = append(lanes, nil)
		}
		lanes[i] = append(lanes[i], e)
	}
	return lanes
}

var errNotSent = errors.New("the message could not be sent")

func acknowledged(ctx context.Context, f jetstream.PubAckFuture) error {
	if f == nil {
		return errNotSent
	}
	select {
	case <-f.Ok():
		return nil
	case err := <-f.Err():
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
