package store

import (
	"context"

	"example.com/handover/pkg/call"
)

// Together runs do in one transaction as InTx does, for work that consists of independent parts, each within [Tx.Part]:
// they share one commit. It is tried once. As the parts lock their rows one after the other and in no common order, none
// waits long for a lock while the transaction holds those of the parts before: then, as after any other error, nothing is
// committed, and the caller does each part by itself.
func (db *DB) Together(ctx context.Context, do func(*Tx) error) error {
	return db.once(ctx, func(tx *Tx) error {
		if db.dialect.hurry != "" {
			if _, err := tx.Exec(db.dialect.hurry); err != nil {
				return err
			}
		}
		return do(tx)
	})
}

// Part runs do as if it had a transaction of its own: it has the call and the span of ctx, and its own locks to declare.
func (tx *Tx) Part(ctx context.Context, do func(*Tx) error) error {
	part := &Tx{
		ctx: ctx, db: tx.db, sql: tx.sql, now: tx.now, machine: tx.machine, call: call.From(ctx),
		held: map[Locked]*stored{}, ahead: map[Locked]*stored{}, woke: tx.woke,
	}
	err := do(part)
	tx.queued = append(tx.queued, part.queued...)
	if tx.wrote = part.wrote; err == nil { // the next part may read what this one has written
		err = tx.settled()
	}
	tx.publishes = tx.publishes || part.publishes
	tx.committed = append(tx.committed, part.committed...)
	if tx.failed == nil {
		tx.failed = part.failed
	}
	return err
}

// Writers is how many transactions can run at the same time.
func (db *DB) Writers() int { return db.write.Stats().MaxOpenConnections }

// Turn waits for one of the turns that the consumers of events share, until release is called: half of the transactions, so
// that calls find a connection however many events there are.
func (db *DB) Turn(ctx context.Context) (release func(), err error) {
	if err := db.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { db.turns.Release(1) }, nil
}
