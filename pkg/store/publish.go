package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Unpublished reads the first revisions that are still to be relayed. Within an aggregate they are in order and without
// a gap; nothing is promised between aggregates.
func (db *DB) Unpublished(ctx context.Context, limit int) ([]Revision, error) {
	return selectAll(reader{ctx, db}, db.scanRevision,
		"SELECT "+revisionColumns+" FROM revisions WHERE published_at IS NULL ORDER BY "+revisionKey+" LIMIT $1", limit)
}

// MarkPublished notes that the stream has these revisions, and with them all before them of their aggregates: those are
// forgotten, for who acts on the state has no use of an older one. Unknown ones are passed over.
func (db *DB) MarkPublished(ctx context.Context, published []Revision) error {
	if len(published) == 0 {
		return nil
	}
	newest := map[string]int64{}
	for _, r := range published {
		newest[r.Aggregate] = max(newest[r.Aggregate], r.Revision)
	}
	var rows []string
	var args []any
	for aggregate, revision := range newest {
		args = append(args, aggregate, revision)
		rows = append(rows, fmt.Sprintf("(CAST($%d AS TEXT), CAST($%d AS BIGINT))", len(args)-1, len(args)))
	}
	done := "WITH done (aggregate, revision) AS (VALUES " + strings.Join(rows, ", ") + ") "
	return db.InTx(ctx, func(tx *Tx) error {
		_, err := tx.Exec(done+"DELETE FROM revisions WHERE aggregate IN (SELECT aggregate FROM done) "+
			"AND revision < (SELECT revision FROM done WHERE done.aggregate = revisions.aggregate)", args...)
		if err != nil {
			return err
		}
		_, err = tx.Exec(fmt.Sprintf("%sUPDATE revisions SET published_at = $%d WHERE published_at IS NULL "+
			"AND (aggregate, revision) IN (SELECT aggregate, revision FROM done)", done, len(args)+1),
			append(args, int64(tx.machine))...)
		return err
	})
}

// Republish marks the newest revision of every aggregate as still to be relayed when it was recorded at or after from,
// machine time, and returns how many that is: for a stream that was lost. Consumers drop what they have seen.
func (db *DB) Republish(ctx context.Context, from time.Time) (int, error) {
	var n int64
	err := db.InTx(ctx, func(tx *Tx) (err error) {
		n, err = tx.Exec("UPDATE revisions SET published_at = NULL WHERE recorded_at >= $1", from.UnixMicro())
		tx.publishes = n > 0
		return err
	})
	return int(n), err
}
