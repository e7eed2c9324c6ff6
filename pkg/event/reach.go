package event

import (
	"context"
	"time"

	"example.com/handover/pkg/clock"
)

// Reach asks the server for a sign of life.
func (b *Bus) Reach(ctx context.Context) error {
	if err := b.Ready(); err != nil {
		return err
	}
	if err := b.conn.FlushWithContext(ctx); err != nil {
		return unavailable(err, "the NATS server does not answer")
	}
	return nil
}

// ClockAhead says by how much a machine's clock is ahead of the server's that keeps the service's stream.
func (b *Bus) ClockAhead(ctx context.Context, service string, machine clock.Machine) (time.Duration, error) {
	asked := machine.Now()
	stream, err := b.js.Stream(ctx, streamName(service))
	if err != nil {
		return 0, unavailable(err, "the stream of %s cannot be looked at", service)
	}
	halfWay := machine.Now().Sub(asked) / 2
	return asked.Add(halfWay).Sub(clock.Instant(stream.CachedInfo().TimeStamp.UnixMicro())), nil
}
