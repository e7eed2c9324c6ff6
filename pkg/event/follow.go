package event

import (
	"context"

	"github.com/nats-io/nats.go"
)

// Follow wakes a Watch: the channel gets a value when the aggregate may have changed, and after a reconnect, when a
// message may have been missed. Wakes that nobody has taken yet are one, and one may come for nothing: read the
// aggregate again and compare revisions. Facts that are not relayed wake nobody. It ends with ctx or with stop.
func (b *Bus) Follow(ctx context.Context, service, noun, id string) (wake <-chan struct{}, stop func()) {
	s := newSignal()
	forget := b.onReconnect(s)
	sub, err := b.conn.Subscribe(aggregateSubjects(service, noun, id), func(*nats.Msg) { s.poke() })
	if err != nil {
		// The connection was closed, so the process is ending and ctx with it.
		b.log.DebugContext(ctx, "follow: nothing will wake this watch", "aggregate", id, "error", err)
		return s, forget
	}
	end := context.AfterFunc(ctx, func() { unfollow(sub, forget) })
	return s, func() {
		if end() {
			unfollow(sub, forget)
		}
	}
}

func unfollow(sub *nats.Subscription, forget func()) {
	forget()
	_ = sub.Unsubscribe() // fails only when the connection is gone, and the subscription with it
}
