package store

import (
	"context"
	"time"
)

// Lease takes or prolongs a named lease for ttl of machine time; false says that another holder has it. A ttl of 0
// gives back what holder has, so that the next one need not wait.
func (db *DB) Lease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	var n int64
	err := db.InTx(ctx, func(tx *Tx) (err error) {
		n, err = tx.Exec("INSERT INTO leases (name, holder, held_until) VALUES ($1, $2, $3) "+
			"ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until "+
			"WHERE leases.holder = excluded.holder OR leases.held_until <= $4",
			name, holder, int64(tx.machine.Add(ttl)), int64(tx.machine))
		return err
	})
	return n == 1, err
}
