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
	db      *sql.DB
	sample  order
	order   record
	created record // its first event
	made    int
}

// order is what is particular to one order.
type order struct{ id, account, event string }

// sampleAccount is the management account of the order that is copied.
const sampleAccount = "700000000000"

// newDrafts drafts the sample and reads its rows.
func newDrafts(ctx context.Context, s *stage, db *sql.DB) (*drafts, error) {
	d := &drafts{db: db, sample: order{account: sampleAccount}}
	var err error
	if d.sample.id, err = s.draft(ctx, sampleAccount); err != nil {
		return nil, err
	}
	if d.order, err = readRecord(ctx, db, "orders", "id = $1", d.sample.id); err != nil {
		return nil, err
	}
	if d.created, err = readRecord(ctx, db, "events", "aggregate = $1", d.sample.id); err != nil {
		return nil, err
	}
	d.sample.event, _ = d.created.get("id")[0].(string)
	d.created.set("published_at", d.created.get("recorded_at")[0]) // the relay has no part in the copies
	return d, nil
}

// make adds n drafts.
func (d *drafts) make(ctx context.Context, n int) ([]order, error) {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	rows, err := tx.PrepareContext(ctx, d.order.insert())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	events, err := tx.PrepareContext(ctx, d.created.insert())
	if err != nil {
		return nil, err
	}
	defer func() { _ = events.Close() }()
	var out []order
	for range n {
		d.made++
		o := order{id: id.New("ord"), account: fmt.Sprintf("8%011d", d.made), event: id.New("evt")}
		to := strings.NewReplacer(d.sample.id, o.id, d.sample.account, o.account, d.sample.event, o.event)
		if _, err := rows.ExecContext(ctx, d.order.with(to).values...); err != nil {
			return nil, fmt.Errorf("copy the draft: %w", err)
		}
		if _, err := events.ExecContext(ctx, d.created.with(to).values...); err != nil {
			return nil, fmt.Errorf("copy its event: %w", err)
		}
		out = append(out, o)
	}
	return out, tx.Commit()
}
