package store

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/pkg/clock"
)

// republishBatch keeps each transaction short: it locks the rows that it reads.
const republishBatch = 200

// Republish has every aggregate relayed again whose last public facts were recorded at or after from, machine time, and
// returns how many those are: for a stream that was lost. What goes out is the aggregate as it is now, under the last
// revision that went out before, so that consumers drop what they have seen.
func (db *DB) Republish(ctx context.Context, from time.Time) (int, error) {
	total := 0
	for _, k := range db.registered() {
		n, err := k.republish(ctx, clock.Instant(from.UnixMicro()))
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// republish does so for a kind, in the order of ids.
func (t *Table[T]) republish(ctx context.Context, from clock.Instant) (int, error) {
	if t.kind.Public == nil {
		return 0, nil
	}
	total, position := 0, ""
	for {
		var found []stored
		n := 0
		err := t.db.InTx(ctx, func(tx *Tx) (err error) {
			found, n, err = t.republishBatch(tx, from, position)
			tx.publishes = n > 0
			return err
		})
		total += n
		if err != nil || len(found) < republishBatch {
			return total, err
		}
		position = found[len(found)-1].ID
	}
}

func (t *Table[T]) republishBatch(tx *Tx, from clock.Instant, after string) (found []stored, n int, err error) {
	query := fmt.Sprintf("SELECT %s FROM %s WHERE id > $1 ORDER BY id LIMIT $2 + 0%s", rowColumns, t.kind.Table, t.db.dialect.forUpdate)
	if found, err = selectAll(tx, scanRow, query, after, republishBatch); err != nil {
		return nil, 0, err
	}
	for i := range found {
		again, err := t.republishRow(tx, from, &found[i])
		if err != nil {
			return nil, 0, err
		}
		if again {
			n++
		}
	}
	return found, n, nil
}

// republishRow passes over a row that this release cannot read: its service has an error of it at every other use.
func (t *Table[T]) republishRow(tx *Tx, from clock.Instant, s *stored) (bool, error) {
	last, err := selectAll(tx, t.db.scanEvent, "SELECT "+eventColumns+" FROM events WHERE aggregate = $1 AND revision = "+
		"(SELECT max(revision) FROM events WHERE aggregate = $1 AND private = 0) AND private = 0 ORDER BY n", s.ID)
	if err != nil || len(last) == 0 || last[0].RecordedAt < from {
		return false, err
	}
	row, err := t.decode(s)
	if err != nil {
		t.db.log.WarnContext(tx.ctx, "republish passed over a row", "kind", t.kind.Noun, "id", s.ID, "version", s.version, "error", err)
		return false, nil
	}
	row.Revision = last[0].Revision
	out, err := t.outgoing(row, last, "")
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(out.query, out.args...)
	return n == 1, err
}
