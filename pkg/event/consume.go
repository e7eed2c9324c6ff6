package event

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"example.com/handover/pkg/store"
)

// Subscription is a consumer's interest in one kind of aggregate of one service.
type Subscription struct {
	Consumer string // durable name, unique per service and for ever: "accounttransfer-orders"; also the inbox's key
	Service  string // whose events: "orders"
	Noun     string // of which kind: "order"

	// Handle applies the state in m within tx, where also the inbox is kept, and is called by several goroutines for
	// different aggregates. It does no I/O besides. An error of kind Unavailable, Deadline, Cancelled or Conflict, or one of
	// the database, means "not now" and is tried again for as long as it takes; any other error, or a panic, is a refusal
	// and counts.
	Handle func(tx *store.Tx, m Message) error
}

// ConsumeOptions tune a consumer. The zero value is right for production.
type ConsumeOptions struct {
	MaxTries   int                // refusals before a message becomes a dead letter; 0: 5
	Parallel   int                // batches at once in this replica; 0: 4. All consumers of a database share half of its transactions
	AckWait    time.Duration      // after which a silent replica's message goes to another; Handle has half of it; 0: 10 s
	BackOff    time.Duration      // first pause after a refusal or hold, doubled each time; 0: 200 ms
	BackOffMax time.Duration      // longest pause; 0: 15 s
	Probe      func(point string) // crash points "consume.commit.after" and "consume.ack.after"; nil: none
}

// Consume hands the messages of a subscription to its Handle until ctx ends. Every replica runs one; they share the
// messages. A message is acknowledged after the transaction that applied it has committed. The producer's stream, NATS
// and the database may come and go: they are waited for. It returns an error for a wrong subscription or wrong options
// only.
func Consume(ctx context.Context, bus *Bus, db *store.DB, s Subscription, o ConsumeOptions) error {
	if s.Consumer == "" || s.Consumer != token(s.Consumer) || s.Service == "" || s.Noun == "" || s.Handle == nil {
		return fmt.Errorf("subscription %q lacks a part, or its name has characters other than letters, digits, - and _", s.Consumer)
	}
	o, err := o.complete(db.Writers())
	if err != nil {
		return err
	}
	c := &consumer{bus: bus, db: db, s: s, o: o, log: bus.log.With("consumer", s.Consumer)}
	c.run(ctx)
	return nil
}

func (o ConsumeOptions) complete(writers int) (ConsumeOptions, error) {
	if o.MaxTries < 0 || o.Parallel < 0 || o.AckWait < 0 || o.BackOff < 0 || o.BackOffMax < 0 {
		return o, fmt.Errorf("consumer options cannot be negative")
	}
	if o.MaxTries == 0 {
		o.MaxTries = 5
	}
	if o.Parallel == 0 {
		o.Parallel = max(1, min(4, writers/2)) // more would wait for their turn
	}
	if o.AckWait == 0 {
		o.AckWait = defaultAckWait
	}
	if o.BackOff == 0 {
		o.BackOff = 200 * time.Millisecond
	}
	if o.BackOffMax == 0 {
		o.BackOffMax = 15 * time.Second
	}
	if o.Probe == nil {
		o.Probe = func(string) {}
	}
	return o, nil
}

// defaultAckWait is how long a message that a replica has taken is kept from the others.
const defaultAckWait = 10 * time.Second

type consumer struct {
	bus *Bus
	db  *store.DB
	s   Subscription
	o   ConsumeOptions
	log *slog.Logger
}

// sessionPause is the longest wait before NATS and the database are asked again: a producer that starts late is not kept
// waiting.
const sessionPause = time.Second

// run is session after session, with a growing pause while nothing succeeds.
func (c *consumer) run(ctx context.Context) {
	pause := backOff{base: c.o.BackOff, max: c.o.BackOffMax}
	for ctx.Err() == nil {
		s := session{consumer: c, backlog: newBacklog()}
		err := s.run(ctx)
		if ctx.Err() != nil {
			return
		}
		if s.progress.Load() {
			pause.reset()
		}
		c.log.Log(ctx, pause.level(), "consumer: will try again", "error", err)
		wait(ctx, min(pause.next(), sessionPause))
	}
}
