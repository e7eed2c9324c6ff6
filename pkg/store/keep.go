package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// keeper prolongs one claim, and knows which context its work runs under.
type keeper struct {
	base  context.Context // the call that the work belongs to, without a deadline
	lease time.Duration

	mu    sync.Mutex
	until clock.Instant           // the claim is ours until then, however long the database is away
	held  func() time.Duration    // since when it is, for a clock that is set back must not make that longer
	work  context.Context         // of the pass, or the one that Keep returned last
	end   context.CancelCauseFunc // ends what Keep returned
}

// Keep is for work that may last longer than the pass: it prolongs the claim about every quarter of the lease for as
// long as the returned context lives, but for limit at most. From there on the pass's own deadline counts no more, and
// the limit in its place: use the returned context for everything that follows, Finish included.
//
// The context ends with the limit, with the returned function, and with the claim: with the cause ErrLostClaim when
// another took the row, or may have it by now because the database was away for a lease. Prolonging is no new try.
func (c *Claim[T]) Keep(limit time.Duration) (context.Context, context.CancelFunc) {
	timed, stop := context.WithTimeout(c.kept.base, limit)
	ctx, end := context.WithCancelCause(timed)
	c.kept.mu.Lock()
	c.kept.work, c.kept.end = timed, end
	c.kept.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.prolongWhile(ctx, end)
	}()
	return ctx, func() {
		end(nil)
		<-ended
		c.kept.settle(timed)
		stop()
	}
}

// prolongWhile waits for a quarter of the lease to pass between two prolongations, and less after one that failed.
func (c *Claim[T]) prolongWhile(ctx context.Context, end context.CancelCauseFunc) {
	machine, k := c.table.db.machine, c.kept
	pause := k.left(machine.Now()) - k.lease*3/4
	for machine.Wait(ctx, pause) == nil {
		err := c.prolong(ctx)
		switch {
		case err == nil:
			pause = k.lease / 4
		case ctx.Err() != nil:
			return
		case errors.Is(err, ErrLostClaim), k.left(machine.Now()) == 0:
			end(ErrLostClaim)
			return
		default:
			c.table.db.log.WarnContext(ctx, "a claim was not prolonged", "kind", c.table.kind.Noun, "id", c.ID, "error", err)
			pause = k.lease / 16
		}
	}
}

func (c *Claim[T]) prolong(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.kept.left(c.table.db.machine.Now()))
	defer cancel()
	return single(ctx, c.table.db, func(tx *Tx) error {
		until, held := tx.machine.Add(c.kept.lease), tx.db.machine.Stopwatch()
		n, err := tx.Exec("UPDATE "+c.table.kind.Table+" SET claimed_until = $1, claimed_at = $2 WHERE id = $3 AND claim = $4",
			int64(until), int64(tx.machine), c.ID, c.token)
		if err == nil && n == 0 {
			return ErrLostClaim
		}
		tx.committed = append(tx.committed, func() { c.kept.prolonged(until, held) })
		return err
	})
}

func (k *keeper) prolonged(until clock.Instant, held func() time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.until, k.held = until, held
}

// left is for how long the claim is ours for certain.
func (k *keeper) left(now clock.Instant) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return max(min(k.until.Sub(now), k.lease-k.held()), 0)
}

// begin notes the context of the pass.
func (k *keeper) begin(pass context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.work = pass
}

// finished ends what Keep returned together with the claim.
func (k *keeper) finished() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.end != nil {
		k.end(nil)
	}
}

// settle forgets how long the work took when it ended within its limit.
func (k *keeper) settle(timed context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.work == timed && timed.Err() == nil {
		k.work = k.base
	}
}

// judge makes a failure count when the deadline that had passed was the work's own: otherwise what never fits would be
// tried for ever, as if a peer were slow.
func (k *keeper) judge(err error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil || !errors.Is(k.work.Err(), context.DeadlineExceeded) {
		return err
	}
	overrun := errs.Wrap(err, errs.Internal, "WORK_OVERRAN", "the work did not end within its time")
	if e, ok := errs.As(err); ok {
		overrun.RetryAfter = e.RetryAfter
	}
	return overrun
}
