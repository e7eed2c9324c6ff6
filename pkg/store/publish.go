package store

import (
	"context"
	"time"
)

// Unpublished reads the first events that are still to be relayed. Within an aggregate they are in order and without
// a gap; nothing is promised between aggregates.
func (db *DB) Unpublished(ctx context.Context, limit int) ([]Event, error) {
	return selectAll(reader{ctx, db}, db.scanEvent,
		"SELECT "+eventColumns+" FROM events WHERE published_at IS NULL ORDER BY "+eventKey+" LIMIT $1", limit)
}

// MarkPublished notes that the stream has these events. Unknown ids are passed over.
func (db *DB) MarkPublished(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return db.InTx(ctx, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE events SET published_at = $1 WHERE published_at IS NULL AND id IN ("+placeholders(2, len(ids))+")",
			append([]any{int64(tx.machine)}, anys(ids)...)...)
		return err
	})
}

// Republish marks everything that was recorded at or after from, machine time, as still to be relayed, and returns how
// many events that is: for a stream that was lost. Consumers drop what they have seen.
func (db *DB) Republish(ctx context.Context, from time.Time) (int, error) {
	var n int64
	err := db.InTx(ctx, func(tx *Tx) (err error) {
		n, err = tx.Exec("UPDATE events SET published_at = NULL WHERE recorded_at >= $1 AND type <> ''", from.UnixMicro())
		tx.publishes = n > 0
		return err
	})
	return int(n), err
}
