package store

import "context"

// Scrub leaves nothing in the database's files of what was overwritten in or deleted from the table before: for personal
// data that had to be erased. It costs as much as the table is large, so small tables hold such data. On PostgreSQL it
// does nothing: VACUUM, which the server runs by itself, reclaims old rows there.
//
// It is no part of a transaction. errs.Unavailable while somebody reads for long; what is left then is overwritten as
// the database goes on being written, or by the next Scrub.
func (t *Table[T]) Scrub(ctx context.Context) error {
	d := t.db.dialect
	if d.rewritten == nil {
		return nil
	}
	err := t.db.InTx(ctx, func(tx *Tx) error { return d.rewritten(tx, t.kind.Table) })
	if err != nil {
		return err
	}
	return t.db.refine(ctx, d.settle(ctx, t.db.write), "settle the log")
}
