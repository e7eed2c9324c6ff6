package store

import (
	"context"
	"time"

	"example.com/handover/pkg/clock"
)

// Lease takes or prolongs a named lease for ttl of machine time; false says that another holder has it. A ttl of 0
// gives back what holder has, so that the next one need not wait. A lease that was taken ahead of the clock is free: the
// clock has been set back since, and its holder prolongs it or is gone.
func (db *DB) Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	var n int64
	err := db.InTx(ctx, func(tx *Tx) (err error) {
		var before string
		var taken clock.Instant
		if _, err = tx.one("SELECT holder, taken_at FROM leases WHERE name = $1", []any{name}, &before, &taken); err != nil {
			return err
		}
		latest := tx.machine.Add(skew)
		n, err = tx.Exec("INSERT INTO leases (name, holder, held_until, taken_at) VALUES ($1, $2, $3, $4) "+
			"ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until, taken_at = excluded.taken_at "+
			"WHERE leases.holder = excluded.holder OR leases.held_until <= $4 OR leases.taken_at > $5",
			name, holder, int64(tx.machine.Add(ttl)), int64(tx.machine), int64(latest))
		if n == 1 && taken > latest {
			tx.warnOfStep("a lease that was taken ahead of it is free", "lease", name, "from", before, "by", holder, "taken", taken.Time())
		}
		return err
	})
	return n == 1, err
}
