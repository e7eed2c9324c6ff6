package event

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
)

// session takes messages and has them worked on until something is wrong with NATS or the database. Then it puts back what
// nobody has begun, so that a pause holds no message that another replica could work on.
type session struct {
	*consumer
	backlog  *backlog
	progress atomic.Bool
	end      context.CancelCauseFunc
}

// prefetch is how many messages are on their way while the backlog is full. It is small: how long they wait nobody knows.
const prefetch = 16

// pullExpiry is how long the server keeps a request for messages. One whose connection was lost is still answered, so it must end
// before a message comes again that was on its way then.
const pullExpiry = 4 * time.Second

var errConnectionLost = errors.New("the connection to NATS was lost")

// run returns what was wrong. It lets what was begun be finished.
func (s *session) run(ctx context.Context) error {
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	durable, err := s.bus.consumer(ctx, s.s)
	if err != nil {
		return err
	}
	messages, err := durable.Messages(jetstream.PullMaxMessages(prefetch),
		jetstream.PullExpiry(pullExpiry), jetstream.PullHeartbeat(pullExpiry/2))
	if err != nil {
		return unavailable(err, "messages of %s", s.s.Consumer)
	}
	defer s.giveBack(messages)
	pulling, end := context.WithCancelCause(ctx)
	defer end(nil)
	// The server would go on to answer what was asked before the connection was lost, and nobody would hear it.
	defer s.bus.onLoss(func() { end(errConnectionLost) })()
	defer context.AfterFunc(pulling, s.backlog.close)()
	s.end = end

	var workers sync.WaitGroup
	for range s.o.Parallel {
		workers.Go(func() { s.work(ctx) })
	}
	s.pull(pulling, messages)
	s.backlog.close()
	for _, t := range s.backlog.left() {
		s.nak(t, 0)
	}
	workers.Wait()
	return context.Cause(pulling)
}

// pull fills the backlog until the session ends, or ends it because of NATS.
func (s *session) pull(ctx context.Context, messages jetstream.MessagesContext) {
	for ctx.Err() == nil {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			s.end(unavailable(err, "next message of %s", s.s.Consumer))
			return
		}
		t := &taken{Msg: msg, age: clock.Machine{}.Stopwatch()}
		if t.m, t.bad = s.accept(msg); t.bad != nil { // then its id cannot be trusted either
			t.m = Message{ID: positionOf(msg), Aggregate: positionOf(msg)}
		}
		s.backlog.put(t)
	}
}

// work is one worker. It ends the session because of the database.
func (s *session) work(ctx context.Context) {
	for batch := s.backlog.take(); len(batch) > 0; batch = s.backlog.take() {
		if err := s.deliver(ctx, batch); err != nil {
			s.end(err)
		}
		s.backlog.done(batch)
	}
}

// giveBack ends the iteration and returns what had already arrived to the stream.
func (c *consumer) giveBack(messages jetstream.MessagesContext) {
	if c.bus.Ready() != nil {
		messages.Stop() // nothing can be returned: it comes again after AckWait
		return
	}
	messages.Drain()
	for {
		msg, err := messages.Next(jetstream.NextMaxWait(time.Second))
		if err != nil {
			return
		}
		c.nak(msg, 0)
	}
}
