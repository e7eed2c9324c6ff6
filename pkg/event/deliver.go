package event

import (
	"context"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// deliver brings one message to its end: applied, dropped as seen, refused, or held. It returns how long to pause
// before the next one: zero unless the database or something else we need is away.
func (c *consumer) deliver(ctx context.Context, msg jetstream.Msg, pause *backOff) (held time.Duration) {
	m, err := c.accept(msg)
	if err != nil { // then its id cannot be trusted either
		return c.refuse(ctx, msg, positionOf(msg), err, 1, pause)
	}
	work, cancel := context.WithTimeout(ctx, c.o.AckWait/2)
	defer cancel()
	err = c.apply(work, m)
	if refused, ok := asRefusal(err); ok {
		return c.refuse(ctx, msg, m.ID, refused, c.o.MaxTries, pause)
	}
	if err != nil {
		return c.hold(ctx, msg, m.ID, err, pause)
	}
	c.o.Probe("consume.commit.after")
	c.ack(ctx, msg)
	c.o.Probe("consume.ack.after")
	return 0
}

// accept reads a message, and refuses what is no event or none that its owner published.
func (c *consumer) accept(msg jetstream.Msg) (Message, error) {
	if err := c.fromStream(msg); err != nil {
		return Message{}, err
	}
	return c.s.accept(msg.Subject(), msg.Headers(), msg.Data())
}

// refuse counts a refusal. After limit of them the message is kept as a dead letter and leaves the stream.
func (c *consumer) refuse(ctx context.Context, msg jetstream.Msg, id string, cause error, limit int, pause *backOff) time.Duration {
	dead, err := c.db.RecordRefusal(ctx, c.s.Consumer, store.DeadLetter{
		Consumer:  c.s.Consumer,
		Message:   id,
		Subject:   msg.Subject(),
		Headers:   msg.Headers(),
		Body:      msg.Data(),
		LastError: cause.Error(),
	}, limit)
	if err != nil {
		return c.hold(ctx, msg, id, err, pause)
	}
	if dead {
		c.log.ErrorContext(ctx, "consumer: message is a dead letter", "event", id, "error", cause)
		c.ack(ctx, msg)
		return 0
	}
	c.log.WarnContext(ctx, "consumer: message refused", "event", id, "error", cause)
	again := backOff{base: c.o.BackOff, max: c.o.BackOffMax}
	c.nak(msg, again.after(deliveries(msg)))
	return 0
}

// hold puts the message back uncounted.
func (c *consumer) hold(ctx context.Context, msg jetstream.Msg, id string, cause error, pause *backOff) time.Duration {
	if ctx.Err() != nil { // we are being stopped: another replica may go on at once
		c.nak(msg, 0)
		return 0
	}
	level, d := pause.level(), pause.next()
	c.log.Log(ctx, level, "consumer: held", "event", id, "pause", d, "error", cause)
	c.nak(msg, d)
	return d
}

func (c *consumer) nak(msg jetstream.Msg, delay time.Duration) {
	if err := msg.NakWithDelay(delay); err != nil {
		c.log.Debug("consumer: the message comes again after its ack wait", "error", err)
	}
}

// ack tells the stream that the message is done, and outlives ctx: the transaction has committed. While NATS is away
// it is tried again until the message would come back anyway; then the inbox drops the repetition.
func (c *consumer) ack(ctx context.Context, msg jetstream.Msg) {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.o.AckWait)
	defer cancel()
	pause := backOff{base: 20 * time.Millisecond, max: time.Second}
	for {
		err := c.once(patient, msg)
		if err == nil {
			return
		}
		if ctx.Err() != nil || patient.Err() != nil {
			c.log.DebugContext(ctx, "consumer: not acknowledged, the inbox will drop the repetition", "error", err)
			return
		}
		wait(ctx, pause.next())
	}
}

func (c *consumer) once(ctx context.Context, msg jetstream.Msg) error {
	ctx, cancel := c.bus.asking(ctx)
	defer cancel()
	return msg.DoubleAck(ctx)
}

func deliveries(msg jetstream.Msg) int {
	meta, err := msg.Metadata()
	if err != nil {
		return 1
	}
	return int(min(meta.NumDelivered, 30))
}

func positionOf(msg jetstream.Msg) string {
	meta, err := msg.Metadata()
	if err != nil {
		return msg.Subject()
	}
	return meta.Stream + ":" + strconv.FormatUint(meta.Sequence.Stream, 10)
}

// wait returns after d or when ctx ends; which of the two, the caller's loop sees.
func wait(ctx context.Context, d time.Duration) { _ = clock.Machine{}.Wait(ctx, d) }
