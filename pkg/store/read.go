package store

import (
	"context"
	"database/sql"
)

// querier reads: a transaction, or the read pool outside one.
type querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
	broken(err error, doing string) error
}

// reader reads outside a transaction.
type reader struct {
	ctx context.Context
	db  *DB
}

func (r reader) Query(query string, args ...any) (*sql.Rows, error) {
	rows, err := r.db.read.QueryContext(r.ctx, query, args...)
	return rows, r.broken(err, query)
}

func (r reader) broken(err error, doing string) error { return r.db.refine(r.ctx, err, doing) }

// Query reads from a table of the service's own, outside a transaction. Close the rows.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return reader{ctx, db}.Query(query, args...)
}

// selectAll reads all rows that a query finds.
func selectAll[R any](q querier, scan func(*sql.Rows) (R, error), query string, args ...any) ([]R, error) {
	rows, err := q.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []R
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, q.broken(err, query)
		}
		all = append(all, r)
	}
	return all, q.broken(rows.Err(), query)
}
