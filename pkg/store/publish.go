package store

import (
	"context"
	"fmt"
	"strings"
)

// Unpublished reads the first revisions that are still to be relayed. Within an aggregate they are in order and without
// a gap; nothing is promised between aggregates.
func (db *DB) Unpublished(ctx context.Context, limit int) ([]Revision, error) {
	return selectAll(reader{ctx, db}, db.scanRevision,
		"SELECT "+revisionColumns+" FROM revisions ORDER BY "+revisionKey+" LIMIT $1 + 0", limit)
}

// MarkPublished notes that the stream has these revisions, and with them all before them of their aggregates: their
// messages are forgotten, for Republish can write a newer one. Unknown ones are passed over.
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
	return single(ctx, db, func(tx *Tx) error {
		_, err := tx.Exec("WITH done (aggregate, revision) AS (VALUES "+strings.Join(rows, ", ")+") "+
			"DELETE FROM revisions WHERE aggregate IN (SELECT aggregate FROM done) "+
			"AND revision <= (SELECT revision FROM done WHERE done.aggregate = revisions.aggregate)", args...)
		return err
	})
}
