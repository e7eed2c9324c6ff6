package event

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// deliver brings the messages of a batch to their end: applied, dropped as seen, refused, or put back. It returns an error
// when the database is away.
func (s *session) deliver(ctx context.Context, batch []*taken) error {
	if s.expired(batch[0]) { // and the others with it
		for _, t := range batch {
			s.nak(t, 0)
		}
		return nil
	}
	if len(batch) > 1 {
		err := s.applyTogether(ctx, batch)
		if err == nil {
			s.finish(ctx, batch)
			return nil
		}
		s.log.DebugContext(ctx, "consumer: messages are handled one by one", "messages", len(batch), "error", err)
	}
	for i := range batch {
		if err := s.deliverOne(ctx, batch[i]); err != nil {
			for _, t := range batch[i+1:] {
				s.nak(t, 0)
			}
			return err
		}
	}
	return nil
}

// expired reports whether a message has waited here for so long that its turn might end after its ack wait: it is put back,
// for another replica may be less busy.
func (s *session) expired(t *taken) bool { return t.age() > s.o.AckWait/3 }

// deliverOne brings one message to its end.
func (s *session) deliverOne(ctx context.Context, t *taken) error {
	if d := s.backlog.behind(t); d > 0 || s.expired(t) {
		s.nak(t, d)
		return nil
	}
	if t.bad != nil {
		return s.refuse(ctx, t, t.bad, 1)
	}
	err := s.apply(ctx, t.m)
	if refused, ok := errors.AsType[*refusal](err); ok {
		return s.refuse(ctx, t, refused.cause, s.o.MaxTries)
	}
	if err != nil {
		return s.hold(ctx, t, err)
	}
	s.finish(ctx, []*taken{t})
	return nil
}

// finish acknowledges what was committed.
func (s *session) finish(ctx context.Context, batch []*taken) {
	s.progress.Store(true)
	for range batch {
		s.o.Probe("consume.commit.after")
	}
	s.ack(ctx, batch)
	s.backlog.free(batch)
	for range batch {
		s.o.Probe("consume.ack.after")
	}
}

// accept reads a message, and refuses what is no event or none that its owner published.
func (c *consumer) accept(msg jetstream.Msg) (Message, error) {
	if err := c.fromStream(msg); err != nil {
		return Message{}, err
	}
	return c.s.accept(msg.Subject(), msg.Headers(), msg.Data())
}

// refuse counts a refusal. After limit of them the message is kept as a dead letter and leaves the stream.
func (s *session) refuse(ctx context.Context, t *taken, cause error, limit int) error {
	dead, err := s.db.RecordRefusal(ctx, s.s.Consumer, store.DeadLetter{
		Consumer:  s.s.Consumer,
		Message:   t.m.ID,
		Subject:   t.Subject(),
		Headers:   t.Headers(),
		Body:      t.Data(),
		LastError: cause.Error(),
	}, limit)
	if err != nil {
		return s.hold(ctx, t, err)
	}
	s.progress.Store(true)
	if dead {
		s.log.ErrorContext(ctx, "consumer: message is a dead letter", "event", t.m.ID, "error", cause)
		s.ack(ctx, []*taken{t})
		s.backlog.free([]*taken{t})
		return nil
	}
	s.log.WarnContext(ctx, "consumer: message refused", "event", t.m.ID, "error", cause)
	s.later(t)
	return nil
}

// hold puts the message back uncounted. It returns the cause when that is not the message but the database.
func (s *session) hold(ctx context.Context, t *taken, cause error) error {
	said, notNow := errors.AsType[*postponement](cause)
	switch {
	case ctx.Err() != nil: // we are being stopped: another replica may go on at once
		s.nak(t, 0)
		return nil
	case !notNow && errs.KindOf(cause) == errs.Unavailable:
		s.nak(t, 0)
		return cause
	case notNow:
		cause = said.cause
	}
	level := slog.LevelWarn
	if deliveries(t) > 1 {
		level = slog.LevelDebug
	}
	s.log.Log(ctx, level, "consumer: held", "event", t.m.ID, "pause", s.later(t), "error", cause)
	return nil
}

// later has a message come again after a pause that grows, and what is newer of its aggregate after it.
func (s *session) later(t *taken) time.Duration {
	again := backOff{base: s.o.BackOff, max: s.o.BackOffMax}
	d := again.after(deliveries(t))
	s.backlog.hold(t, d)
	s.nak(t, d)
	return d
}

func (c *consumer) nak(msg jetstream.Msg, delay time.Duration) {
	if err := msg.NakWithDelay(delay); err != nil {
		c.log.Debug("consumer: the message comes again after its ack wait", "error", err)
	}
}

// ack tells the stream that messages are done, and outlives ctx: the transaction has committed. While NATS is away it is
// tried again until they would come back anyway; then the inbox drops the repetition.
func (c *consumer) ack(ctx context.Context, batch []*taken) {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.o.AckWait)
	defer cancel()
	pause := backOff{base: 20 * time.Millisecond, max: time.Second}
	for {
		err := c.once(patient, batch)
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

// once waits for the answer to the last acknowledgement: the server takes those of a connection in their order.
func (c *consumer) once(ctx context.Context, batch []*taken) error {
	ctx, cancel := c.bus.asking(ctx)
	defer cancel()
	last := len(batch) - 1
	for _, t := range batch[:last] {
		if err := t.Ack(); err != nil && !errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
			return err
		}
	}
	return batch[last].DoubleAck(ctx)
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
