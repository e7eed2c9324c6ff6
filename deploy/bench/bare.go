package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"regexp"
	"strings"

	"example.com/handover/pkg/id"
)

// bare submits orders with database/sql alone: the statements of one SubmitOrder in one transaction, with values of
// the same sizes. It decides nothing, decodes nothing, and nobody calls it over a wire.
type bare struct {
	db         *sql.DB
	drafts     *drafts
	statements []statement
	sample     submitted // what the suite itself left for the sample
}

// newBare lets a process of the suite set the tables up and submit the sample; the process has ended when it returns.
func (b *bench) newBare(ctx context.Context, on server) (*bare, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	db, err := at.raw("orders")
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return db.Close() })
	out := &bare{db: db, statements: statements(on.lock)}
	return out, b.scope(ctx, func() error {
		s, err := b.ordersAlone(ctx, at)
		if err != nil {
			return err
		}
		// The sample's messages must still stand there when it is read: the relay is faster.
		if err := executeAll(ctx, db, on.keepSent); err != nil {
			return err
		}
		if out.drafts, err = newDrafts(ctx, s, db); err != nil {
			return err
		}
		if err := s.submit(ctx, out.drafts.sample.id); err != nil {
			return err
		}
		if err := out.readAfter(ctx, "created_at = (SELECT max(created_at) FROM idempotency)"); err != nil {
			return err
		}
		return executeAll(ctx, db, on.dropSent)
	})
}

func executeAll(ctx context.Context, db *sql.DB, statements []string) error {
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// readAfter keeps the rows of the submission of the sample; key finds its idempotency record.
func (b *bare) readAfter(ctx context.Context, key string, args ...any) error {
	submission := "aggregate = $1 AND revision = 2"
	o := b.drafts.sample
	for _, of := range []struct {
		into         *record
		table, where string
		args         []any
	}{
		{&b.sample.order, "orders", "id = $1", []any{o.id}},
		{&b.sample.agreement, "agreements", "id = $1", []any{o.agreement}},
		{&b.sample.event, "events", submission, []any{o.id}},
		{&b.sample.agreementEvent, "events", submission, []any{o.agreement}},
		{&b.sample.out, "revisions", submission, []any{o.id}},
		{&b.sample.agreementOut, "revisions", submission, []any{o.agreement}},
		{&b.sample.key, "idempotency", key, args},
	} {
		r, err := readRecord(ctx, b.db, of.table, of.where, of.args...)
		if err != nil {
			return err
		}
		*of.into = r
	}
	return nil
}

// transferID finds the transfer that the sample's submission chose, in its document.
var transferID = regexp.MustCompile("trf_" + id.Pattern)

// arguments are made ahead of the slice: they are not the database's work.
func (b *bare) arguments(orders []order) [][][]any {
	var out [][][]any
	was := b.sample
	for _, o := range orders {
		to := strings.NewReplacer(append(b.drafts.sample.to(o),
			transferID.FindString(was.order.text("doc")), id.New("trf"), was.event.text("id"), id.New("evt"),
			was.agreementEvent.text("id"), id.New("evt"), was.key.text("id"), freshDigest())...)
		s := submitted{
			was.order.with(to), was.agreement.with(to), was.event.with(to), was.agreementEvent.with(to), was.out.with(to), was.agreementOut.with(to),
			was.key.with(to),
		}
		var args [][]any
		for _, st := range b.statements {
			args = append(args, st.args(s))
		}
		out = append(out, args)
	}
	return out
}

// freshDigest is as long as that of an idempotency record.
func freshDigest() string {
	digest := make([]byte, sha256.Size/2)
	_, _ = rand.Read(digest) // never fails
	return string(digest)
}

// submit runs the transaction once.
func (b *bare) submit(ctx context.Context, args [][]any) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i, st := range b.statements {
		if st.reads {
			err = drain(ctx, tx, st.text, args[i])
		} else {
			_, err = tx.ExecContext(ctx, st.text, args[i]...)
		}
		if err != nil {
			return fmt.Errorf("statement %d: %w", i, err)
		}
	}
	return tx.Commit()
}

// drain reads every value of every row.
func drain(ctx context.Context, tx *sql.Tx, query string, args []any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := pointers(make([]any, len(columns)))
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
