package store

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/pkg/errs"
)

// swept is what retention may delete from, by what age.
type swept struct {
	key string // the primary key
	age string // a column of machine time
}

func sweptTable(name string) (swept, bool) {
	switch name {
	case "events":
		return swept{"aggregate, revision, n", "recorded_at"}, true
	case "idempotency":
		return swept{"id", "created_at"}, true
	case "inbox":
		return swept{"consumer, aggregate", "updated_at"}, true
	case "dead_letters":
		return swept{"id", "last_at"}, true
	}
	return swept{}, false
}

// sweepBatch keeps each transaction of a sweep short, for others wait for it on SQLite.
const sweepBatch = 500

// Sweep deletes what is older than keep, machine time, from events, idempotency, inbox or
// dead_letters, in batches, and returns how many rows that was.
func (db *DB) Sweep(ctx context.Context, table string, keep time.Duration) (int, error) {
	s, ok := sweptTable(table)
	if !ok {
		return 0, errs.New(errs.Internal, "INTERNAL", "the store does not sweep a table %q", table)
	}
	query := fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s < $1 ORDER BY %s LIMIT %d)",
		table, s.key, s.key, table, s.age, s.age, sweepBatch)
	if err := db.rejuvenate(ctx, table, s); err != nil {
		return 0, err
	}
	before := int64(db.machine.Now().Add(-keep))
	total := 0
	for {
		var n int64
		err := db.InTx(ctx, func(tx *Tx) (err error) {
			n, err = tx.Exec(query, before)
			return err
		})
		total += int(n)
		if err != nil || n < sweepBatch {
			return total, err
		}
	}
}

// rejuvenate lets rows that were written ahead of the clock be of now: they would be kept for as much longer as the
// clock has been set back. Events are left alone, they are the audit trail.
func (db *DB) rejuvenate(ctx context.Context, table string, s swept) error {
	if table == "events" {
		return nil
	}
	return db.InTx(ctx, func(tx *Tx) error {
		n, err := tx.Exec(fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %s > $2", table, s.age, s.age),
			int64(tx.machine), int64(tx.machine.Add(skew)))
		if n > 0 {
			tx.warnOfStep("rows that were written ahead of it are kept from now on", "table", table, "rows", n)
		}
		return err
	})
}
