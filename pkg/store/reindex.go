package store

import (
	"context"
	"fmt"
)

// Reindex computes customer, correlation, wake_at, who must act, words and the computed columns of all rows anew, batch rows a transaction:
// after a migration added a column, or a release changed Next. name says which run it is ("2026-03 account"): one that
// was interrupted goes on where it was, one that has finished does nothing, and replicas may run it together. Rows that
// cannot be read, or are newer than this release, are passed over. It returns how many rows this call wrote.
func (t *Table[T]) Reindex(ctx context.Context, name string, batch int) (int, error) {
	name = t.kind.Table + " " + name
	total := 0
	for {
		n, finished := 0, false
		err := t.db.InTx(ctx, func(tx *Tx) (err error) {
			n, finished, err = t.reindexBatch(ctx, tx, name, batch)
			return err
		})
		total += n
		if err != nil || finished {
			return total, err
		}
	}
}

// reindexBatch holds the row of the run, so that replicas take turns, and locks its rows in the order of ids.
func (t *Table[T]) reindexBatch(ctx context.Context, tx *Tx, name string, batch int) (n int, finished bool, err error) {
	query := "INSERT INTO reindexes (name, position, finished) VALUES ($1, '', 0) ON CONFLICT (name) DO NOTHING"
	if _, err := tx.Exec(query, name); err != nil {
		return 0, false, err
	}
	var position string
	query = "SELECT position, finished FROM reindexes WHERE name = $1" + t.db.dialect.forUpdate
	if _, err := tx.one(query, []any{name}, &position, &finished); err != nil || finished {
		return 0, finished, err
	}
	query = fmt.Sprintf("SELECT %s FROM %s WHERE id > $1 ORDER BY id LIMIT $2 + 0%s", rowColumns, t.kind.Table, t.db.dialect.forUpdate)
	found, err := selectAll(tx, scanRow, query, position, batch)
	if err != nil {
		return 0, false, err
	}
	for i := range found {
		position = found[i].ID
		wrote, err := t.reindexRow(ctx, tx, &found[i])
		if err != nil {
			return 0, false, err
		}
		if wrote {
			n++
		}
	}
	finished = len(found) < batch
	_, err = tx.Exec("UPDATE reindexes SET position = $1, finished = $2 WHERE name = $3", position, columnValue(finished), name)
	return n, finished, err
}

func (t *Table[T]) reindexRow(ctx context.Context, tx *Tx, s *stored) (bool, error) {
	row, err := t.decode(s)
	if err != nil || s.version > t.kind.Version {
		t.db.log.WarnContext(ctx, "reindex passed over a row", "kind", t.kind.Noun, "id", s.ID, "version", s.version, "error", err)
		return false, nil
	}
	if err := t.encode(s, row.Doc); err != nil {
		return false, err
	}
	if _, err := tx.Exec(t.texts.update, t.values(s, row.Doc)...); err != nil {
		return false, err
	}
	if err := t.reword(tx, s.ID, nil, t.words(row.Doc)); err != nil {
		return false, err
	}
	_, err = t.saved(tx, s, row.Doc, nil)
	return true, err
}
