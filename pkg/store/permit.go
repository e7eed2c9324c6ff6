package store

import (
	"context"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// Permit draws one permit for an API of an outside party from a bucket that all replicas share: burst at once, then
// perSecond. A wait of 0 says that it was drawn; otherwise nothing was, and asking is of no use before wait is over.
//
// The row keeps the instant up to which permits are drawn: the bucket is full when that is past, and empty when it is
// burst permits ahead.
func (db *DB) Permit(ctx context.Context, party, api string, perSecond float64, burst int) (wait time.Duration, err error) {
	if perSecond <= 0 || burst < 1 {
		return 0, errs.New(errs.Internal, "INTERNAL", "a bucket for %s %s needs a rate and a burst", party, api)
	}
	each := time.Duration(float64(time.Second) / perSecond)
	ahead := each * time.Duration(burst-1)
	err = single(ctx, db, func(tx *Tx) error {
		now := tx.machine
		n, err := tx.Exec("INSERT INTO permits (party, api, drawn_to, each, burst) VALUES ($1, $2, $3, $5, $7) "+
			"ON CONFLICT (party, api) DO UPDATE SET each = excluded.each, burst = excluded.burst, drawn_to = "+
			"CASE WHEN permits.drawn_to < $4 THEN $3 ELSE permits.drawn_to + $5 END WHERE permits.drawn_to <= $6",
			party, api, int64(now.Add(each)), int64(now), each.Microseconds(), int64(now.Add(ahead)), burst)
		wait = 0
		if err != nil || n == 1 {
			return err
		}
		var drawnTo clock.Instant
		_, err = tx.one("SELECT drawn_to FROM permits WHERE party = $1 AND api = $2", []any{party, api}, &drawnTo)
		wait = max(drawnTo.Sub(now.Add(ahead)), time.Microsecond)
		if err == nil && drawnTo > now.Add(ahead+each+skew) {
			wait = time.Microsecond
			err = tx.refill(party, api, drawnTo, now.Add(ahead))
		}
		return err
	})
	return wait, err
}

// refill leaves one permit in a bucket that was drawn from before the clock was set back.
func (tx *Tx) refill(party, api string, from, to clock.Instant) error {
	tx.warnOfStep("permits that were drawn ahead of it count no more", "party", party, "api", api)
	_, err := tx.Exec("UPDATE permits SET drawn_to = $1 WHERE party = $2 AND api = $3 AND drawn_to = $4",
		int64(to), party, api, int64(from))
	return err
}

// Admit is Permit for work that is tried again later: without a permit it fails with errs.Exhausted, RATE_LIMITED, and
// the time to wait.
func (db *DB) Admit(ctx context.Context, party, api string, perSecond float64, burst int) error {
	wait, err := db.Permit(ctx, party, api, perSecond, burst)
	if err != nil || wait == 0 {
		return err
	}
	e := errs.New(errs.Exhausted, "RATE_LIMITED", "%s has had its calls of %s for now", party, api)
	e.RetryAfter = wait
	return e
}
