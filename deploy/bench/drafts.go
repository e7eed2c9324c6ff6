package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"example.com/handover/pkg/id"
)

// drafts makes any number of drafts by copying one that was made through the API, row by row in the database: the
// measured slice is to begin with drafts, not with making them.
type drafts struct {
	db     *sql.DB
	sample order
	rows   []record // of the sample: the order, its agreement, and the first event of each
	made   int
}

// order is what is particular to one order.
type order struct{ id, account, agreement string }

// sampleAccount is the management account of the order that is copied.
const sampleAccount = "700000000000"

// newDrafts drafts the sample and reads its rows.
func newDrafts(ctx context.Context, s *fixture, db *sql.DB) (*drafts, error) {
	d := &drafts{db: db, sample: order{account: sampleAccount}}
	var err error
	if d.sample.id, err = s.draft(ctx, sampleAccount); err != nil {
		return nil, err
	}
	for _, of := range []struct{ table, where string }{
		{"orders", "id = $1"},
		{"agreements", "order_id = $1"},
		{"events", "aggregate = $1"},
		{"events", "aggregate <> $1 AND correlation = $1"},
	} {
		r, err := readRecord(ctx, db, of.table, of.where, d.sample.id)
		if err != nil {
			return nil, err
		}
		d.rows = append(d.rows, r)
	}
	d.sample.agreement = d.rows[1].text("id")
	return d, nil
}

// make adds n drafts.
func (d *drafts) make(ctx context.Context, n int) ([]order, error) {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	var out []order
	for range n {
		d.made++
		o := order{id: id.New("ord"), account: fmt.Sprintf("8%011d", d.made), agreement: id.New("agr")}
		to := strings.NewReplacer(append(d.sample.to(o),
			d.rows[2].text("id"), id.New("evt"), d.rows[3].text("id"), id.New("evt"))...)
		for _, r := range d.rows {
			if _, err := tx.ExecContext(ctx, r.insert(), r.with(to).values...); err != nil {
				return nil, fmt.Errorf("copy the draft into %s: %w", r.table, err)
			}
		}
		out = append(out, o)
	}
	return out, tx.Commit()
}

// to replaces what is particular to o by what is to another one, as strings.NewReplacer takes it.
func (o order) to(other order) []string {
	return []string{o.id, other.id, o.account, other.account, o.agreement, other.agreement}
}
