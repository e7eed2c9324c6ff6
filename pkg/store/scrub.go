package store

import (
	"context"

	"google.golang.org/protobuf/proto"
)

// Erase is Write for a call that blanks personal data of a table: afterwards nothing of what stood there is in the database's
// files. The erasure is committed before that. Should the scrub not work out at once, that is logged, and it is done with the
// next one or by the passing of time.
func Erase[Resp proto.Message, T any](ctx context.Context, t *Table[T], req proto.Message, do func(*Tx) (Resp, error)) (Resp, error) {
	resp, err := Write(ctx, t.db, req, do)
	if err != nil || wantsValidation(req) {
		return resp, err
	}
	if err := t.Scrub(context.WithoutCancel(ctx)); err != nil {
		t.db.log.ErrorContext(ctx, "erased, but the files still hold what was erased", "table", t.kind.Table, "error", err)
	}
	return resp, nil
}

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
