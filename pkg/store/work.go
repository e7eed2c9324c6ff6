package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// WorkOptions tune a worker. The zero value is right for production.
type WorkOptions struct {
	Lease       time.Duration // after which a silent worker's rows go to another; a pass has half of it; 0: 1 min
	Batch       int           // rows claimed at once; 0: Parallel
	Parallel    int           // rows worked on at once in this process; 0: 8
	Idle        time.Duration // between looks for what other processes left to do; 0: 1 s
	MaxAttempts int           // tries before a row is parked; 0: 20
	BackOff     time.Duration // after the first failure, doubled each time; 0: 1 s
	BackOffMax  time.Duration // longest back-off; 0: 5 min
}

// Work claims due rows and runs do on each, until ctx ends; then it claims no more, waits for the work that is running
// and returns nil. It wakes at a commit of this process that left a row due, at a move of the business clock, and each
// Idle.
//
// do sees its claim and ends it with Finish. Its context carries a call of the service itself and a deadline of half
// the lease, unless Claim.Keep gives it longer, and does not end with ctx. An error, a panic, or an end without Finish
// counts as a failure: the row backs off, longer each time and never shorter than the error's RetryAfter, and is parked
// after MaxAttempts; but nothing is parked because something else is away, busy, slow or used up, see Claim.Fail. Once
// do's own deadline has passed, every failure counts, whatever it says.
func Work[T any](ctx context.Context, t *Table[T], o WorkOptions, do func(ctx context.Context, c *Claim[T]) error) error {
	w := &worker[T]{table: t, o: o.complete(), do: do}
	w.done = make(chan struct{}, w.o.Parallel)
	w.loop(ctx)
	for ; w.running > 0; w.running-- {
		<-w.done
	}
	return nil
}

func (o WorkOptions) complete() WorkOptions {
	orElse(&o.Lease, time.Minute)
	orElse(&o.Parallel, 8)
	orElse(&o.Batch, o.Parallel)
	orElse(&o.Idle, time.Second)
	orElse(&o.MaxAttempts, 20)
	orElse(&o.BackOff, time.Second)
	orElse(&o.BackOffMax, 5*time.Minute)
	return o
}

func orElse[N int | time.Duration](n *N, otherwise N) {
	if *n <= 0 {
		*n = otherwise
	}
}

type worker[T any] struct {
	table   *Table[T]
	o       WorkOptions
	do      func(context.Context, *Claim[T]) error
	running int           // owned by the loop
	full    bool          // as is this: there may be more to claim than there was room for
	done    chan struct{} // one for each row that is no longer worked on
}

func (w *worker[T]) loop(ctx context.Context) {
	idle := time.NewTicker(w.o.Idle)
	defer idle.Stop()
	var looked func() time.Duration
	for ctx.Err() == nil {
		if looked == nil || looked() >= w.o.Lease {
			looked = w.table.db.machine.Stopwatch()
			w.lapse(ctx)
		}
		// Taken before the look, so that what comes after the look is not slept over.
		rang, moved := w.table.info.bell.wait(), w.table.db.business.Moved()
		w.reap()
		if w.fill(ctx) {
			continue
		}
		w.wait(ctx, rang, moved, idle.C)
	}
}

// wait returns when there may be something to claim: that a row is no longer worked on says so only when others found no room.
func (w *worker[T]) wait(ctx context.Context, rang, moved <-chan struct{}, idle <-chan time.Time) {
	for {
		select {
		case <-rang:
		case <-moved:
		case <-idle:
		case <-ctx.Done():
		case <-w.done:
			if w.running--; !w.full {
				continue
			}
		}
		return
	}
}

// lapse is for a clock that was set back: without it, what was claimed or backs off would wait for the time to come again.
func (w *worker[T]) lapse(ctx context.Context) {
	if err := w.table.lapse(ctx, w.o.Lease); err != nil && ctx.Err() == nil {
		w.table.db.log.WarnContext(ctx, "cannot look for claims ahead of the clock", "kind", w.table.kind.Noun, "error", err)
	}
}

// reap notes what has ended without waiting for it.
func (w *worker[T]) reap() {
	for {
		select {
		case <-w.done:
			w.running--
		default:
			return
		}
	}
}

// fill claims rows for the free places and starts on them; true when there may be more to claim at once.
func (w *worker[T]) fill(ctx context.Context) bool {
	n := min(w.o.Batch, w.o.Parallel-w.running)
	if n == 0 {
		w.full = true
		return false
	}
	claims, err := w.claim(ctx, n)
	if err != nil && ctx.Err() == nil {
		w.table.db.log.WarnContext(ctx, "cannot claim", "kind", w.table.kind.Noun, "error", err)
	}
	w.full = len(claims) == n
	for _, c := range claims {
		if ctx.Err() != nil {
			w.giveBack(ctx, c)
			continue
		}
		c.ends = ctx.Done()
		w.running++
		go func() {
			defer func() { w.done <- struct{}{} }()
			w.one(ctx, c)
		}()
	}
	return err == nil && w.full && w.running < w.o.Parallel
}

// claim is not cut off by the end of ctx: rows claimed by a transaction that nobody waited for would be stuck for a
// lease.
func (w *worker[T]) claim(ctx context.Context, n int) ([]*Claim[T], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.o.Lease/2)
	defer cancel()
	return w.table.Claim(ctx, n, w.o.Lease)
}

func (w *worker[T]) giveBack(ctx context.Context, c *Claim[T]) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.o.Lease/2)
	defer cancel()
	if err := c.giveBack(ctx); err != nil {
		w.table.db.log.WarnContext(ctx, "a claim was not given back: it lapses", "id", c.ID, "error", err)
	}
}

// one works on one row and settles its claim.
func (w *worker[T]) one(ctx context.Context, c *Claim[T]) {
	ctx = call.With(context.WithoutCancel(ctx), call.Call{
		ID: c.token, Actor: call.Actor{Subject: "service:" + w.table.db.service, Role: "SERVICE"},
		Scope: call.Everyone("reconciler"),
	})
	c.kept.base = ctx
	err := errWorkerLost
	if c.Attempts <= w.o.MaxAttempts {
		err = w.try(ctx, c)
	}
	switch {
	case c.finished && err == nil:
		return
	case c.finished, errors.Is(err, ErrLostClaim):
		w.table.db.log.WarnContext(ctx, "work ended after its claim", "kind", w.table.kind.Noun, "id", c.ID, "error", err)
		return
	case err == nil:
		err = errUnfinished
	}
	w.fail(ctx, c, err)
}

var (
	errWorkerLost = errors.New("its worker was lost each time")
	errUnfinished = errors.New("the work ended without Finish")
)

func (w *worker[T]) try(ctx context.Context, c *Claim[T]) (err error) {
	ctx, cancel := context.WithTimeout(ctx, w.o.Lease/2)
	defer cancel()
	c.kept.begin(ctx)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the work panicked: %v\n%s", p, debug.Stack())
		}
		err = c.kept.judge(err)
		c.kept.finished()
	}()
	return w.do(ctx, c)
}

func (w *worker[T]) fail(ctx context.Context, c *Claim[T], cause error) {
	log := w.table.db.log.With("kind", w.table.kind.Noun, "id", c.ID, "attempt", c.Attempts)
	ctx, cancel := context.WithTimeout(ctx, w.o.Lease/2)
	defer cancel()
	pause := w.backOff(c.Attempts, cause)
	err := c.Fail(ctx, cause, pause, w.o.MaxAttempts)
	switch {
	case errors.Is(err, ErrLostClaim):
		log.WarnContext(ctx, "work failed after its claim was lost", "error", cause)
	case err != nil:
		log.ErrorContext(ctx, "work failed, and its row waits for the lease to lapse", "error", cause, "settling", err)
	case c.Parked:
		log.ErrorContext(ctx, "parked: failed too often", "error", cause)
	default:
		log.WarnContext(ctx, "work failed and is tried again", "error", cause, "after", pause)
	}
}

// backOff doubles with each attempt; the jitter keeps rows that failed together from coming back together.
func (w *worker[T]) backOff(attempts int, cause error) time.Duration {
	pause := w.o.BackOffMax
	if doublings := attempts - 1; doublings < 30 {
		pause = min(pause, w.o.BackOff<<doublings)
	}
	pause = pause/2 + rand.N(pause/2+1)
	if e, ok := errs.As(cause); ok {
		pause = max(pause, e.RetryAfter+rand.N(e.RetryAfter/8+1))
	}
	return pause
}
