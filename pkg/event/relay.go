package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
)

// RelayOptions tune a relay. The zero value is right for production.
type RelayOptions struct {
	Holder string             // who holds the lease, unique among the replicas; empty: a fresh id
	Lease  time.Duration      // how long a dead holder blocks the others; 0: six seconds
	Poll   time.Duration      // the fallback when a ping was lost; 0: one second
	Batch  int                // revisions read at once; 0: 256
	Pause  time.Duration      // between two marks of what was published, while commits follow each other; 0: 20 milliseconds
	Quiet  time.Duration      // without a commit, after which the mark does not wait for the pause; 0: five milliseconds
	Probe  func(point string) // crash points "relay.publish.before" and "relay.publish.after" (before the mark); nil: none
}

// Relay copies the committed revisions of a service's database to its stream until ctx ends. Every replica runs one; the
// one that holds the lease publishes, the others ping it at their commits. A revision is marked published after the
// stream has acknowledged it, so a crash between the two repeats it and none is ever lost. It returns an error for
// wrong options only.
func Relay(ctx context.Context, bus *Bus, db *store.DB, o RelayOptions) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	r := &relay{
		bus: bus, db: db, o: o, service: db.Service(), wake: newSignal(),
		log: bus.log.With("service", db.Service(), "component", "relay"),
	}
	db.OnCommit(func(_, published bool) {
		if published {
			r.wake.poke()
		}
	})
	r.wake.poke() // for what was committed before we listened
	r.run(ctx)
	return nil
}

func (o RelayOptions) complete() (RelayOptions, error) {
	if o.Lease < 0 || o.Poll < 0 || o.Batch < 0 || o.Pause < 0 || o.Quiet < 0 {
		return o, fmt.Errorf("relay options cannot be negative")
	}
	if o.Holder == "" {
		o.Holder = id.New("rly")
	}
	if o.Lease == 0 {
		o.Lease = 6 * time.Second
	}
	if o.Poll == 0 {
		o.Poll = time.Second
	}
	if o.Batch == 0 {
		o.Batch = 256
	}
	if o.Pause == 0 {
		o.Pause = 20 * time.Millisecond
	}
	if o.Quiet == 0 {
		o.Quiet = 5 * time.Millisecond
	}
	if o.Probe == nil {
		o.Probe = func(string) {}
	}
	return o, nil
}

const leaseName = "relay"

type relay struct {
	bus     *Bus
	db      *store.DB
	o       RelayOptions
	service string
	log     *slog.Logger
	wake    signal // something is to be published

	renewed func() time.Duration // how long ago the lease was confirmed
	sent    *unmarked
}

func (r *relay) run(ctx context.Context) {
	for ctx.Err() == nil {
		held, err := r.acquire(ctx)
		if held {
			r.log.InfoContext(ctx, "relay: this replica publishes", "holder", r.o.Holder)
			r.sent = newUnmarked(r.o.Pause, r.o.Batch)
			err = r.lead(ctx)
			r.release(ctx)
		}
		if err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "relay: standing back", "error", err)
		}
		r.standBy(ctx)
	}
}

func (r *relay) acquire(ctx context.Context) (bool, error) {
	asked := clock.Machine{}.Stopwatch()
	held, err := r.db.Lease(ctx, leaseName, r.o.Holder, r.o.Lease)
	if held && err == nil {
		r.renewed = asked
	}
	return held && err == nil, err
}

// release marks what is left and lets another replica take over at once, also when ctx has ended. A crash does without.
func (r *relay) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.o.Lease/3)
	defer cancel()
	if err := r.mark(ctx); err != nil {
		r.log.DebugContext(ctx, "relay: what was published last will be repeated", "error", err)
	}
	if _, err := r.db.Lease(ctx, leaseName, r.o.Holder, 0); err != nil {
		r.log.DebugContext(ctx, "relay: lease left to expire", "error", err)
	}
}

// standBy pings the holder at our own commits for a third of the lease, after which it is time to ask for it again.
func (r *relay) standBy(ctx context.Context) {
	over := time.NewTimer(r.o.Lease / 3)
	defer over.Stop()
	for {
		select {
		case <-r.wake:
			if err := r.bus.conn.Publish(pingSubject(r.service), nil); err != nil {
				r.log.DebugContext(ctx, "relay: ping not sent, the holder will poll", "error", err)
			}
		case <-over.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// lead publishes for as long as this replica holds the lease. A holder that has not managed to publish for a whole
// lease gives it up: another replica may have the connection that this one lacks.
func (r *relay) lead(ctx context.Context) error {
	pings, err := r.bus.conn.Subscribe(pingSubject(r.service), func(*nats.Msg) { r.wake.poke() })
	if err != nil {
		return fmt.Errorf("subscribe to pings: %w", err)
	}
	defer func() { _ = pings.Unsubscribe() }() // fails only when the connection is gone
	back := newSignal()
	defer r.bus.onReconnect(back)()

	trouble := backOff{base: 50 * time.Millisecond, max: r.o.Poll}
	worked := clock.Machine{}.Stopwatch()
	for ctx.Err() == nil {
		if r.renewed() >= r.o.Lease/3 {
			if held, err := r.acquire(ctx); !held {
				return errors.Join(errLeaseLost, err)
			}
		}
		more, err := r.pass(ctx)
		if err == nil {
			worked = clock.Machine{}.Stopwatch()
			trouble.reset()
			if !more {
				r.rest(ctx)
			}
			continue
		}
		if worked() >= r.o.Lease {
			return err
		}
		r.log.Log(ctx, trouble.level(), "relay: will try again", "error", err)
		idle(ctx, back, min(trouble.next(), r.o.Lease/3)) // a commit does not mend what is wrong
	}
	return nil
}

var errLeaseLost = errors.New("another replica has the lease")

// rest waits for the next commit, and marks meanwhile what was published: that takes no look for more.
func (r *relay) rest(ctx context.Context) {
	most := min(r.o.Poll, r.o.Lease/3)
	if !idle(ctx, r.wake, r.sent.wait(most, r.o.Quiet)) || len(r.sent.revisions) == 0 || r.renewed() >= most {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	if err := r.mark(ctx); err == nil { // else the next pass says so
		idle(ctx, r.wake, most)
	}
}

// idle waits until it is woken, at most d, and reports whether that has passed.
func idle(ctx context.Context, wake signal, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-wake:
		return false
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// pass publishes one batch; more says that the next one is waiting. It stops within a third of the lease, so that
// together with the renewal it never works on a lease that has run out.
func (r *relay) pass(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Lease/3)
	defer cancel()
	if err := r.bus.Ready(); err != nil {
		return false, err
	}
	batch, err := r.db.Unpublished(ctx, r.o.Batch+len(r.sent.revisions))
	if err != nil {
		return false, err
	}
	if batch = r.sent.others(batch); len(batch) > 0 {
		err = r.send(ctx, batch)
	}
	if r.sent.due() {
		err = errors.Join(err, r.mark(ctx))
	}
	return len(batch) >= r.o.Batch, err
}

func (r *relay) send(ctx context.Context, batch []store.Revision) error {
	r.o.Probe("relay.publish.before")
	acked, err := r.bus.publish(ctx, r.service, batch)
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		err = errs.Wrap(err, errs.NotFound, "STREAM_MISSING", "the stream of %s is not set up: run handover nats-setup", r.service)
	}
	if len(acked) > 0 {
		r.o.Probe("relay.publish.after")
		r.sent.add(acked)
	}
	return err
}

func (r *relay) mark(ctx context.Context) error {
	if err := r.db.MarkPublished(ctx, r.sent.revisions); err != nil {
		return err
	}
	r.sent.clear()
	return nil
}
