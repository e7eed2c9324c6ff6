package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
)

// ParkedRow is an aggregate that failed too often and waits for a person.
type ParkedRow struct {
	Kind      string // noun
	ID        string
	Customer  string
	Attempts  int
	LastError string
	UpdatedAt time.Time // of its revision, business time
}

// Parked reads one page of all kinds, ordered by kind and id, and the token of the page after.
func (db *DB) Parked(ctx context.Context, size int, token string) ([]ParkedRow, string, error) {
	bound, err := boundTo("parked")
	if err != nil {
		return nil, "", err
	}
	last, err := readToken(token, bound, 2)
	if err != nil {
		return nil, "", err
	}
	var parts []string
	for _, k := range db.registered() {
		parts = append(parts, fmt.Sprintf(
			"SELECT '%s' AS noun, id, customer, attempts, last_error, updated_at FROM %s WHERE parked = 1", k.noun, k.table))
	}
	if len(parts) == 0 {
		return nil, "", nil
	}
	size = pageSize(size)
	var f filter
	f.after("noun, id", ">", last)
	query := "SELECT * FROM (" + strings.Join(parts, " UNION ALL ") + ") AS parked_rows" + f.String() +
		" ORDER BY noun, id LIMIT " + f.arg(size+1)
	rows, err := selectAll(reader{ctx, db}, scanParked, query, f.args...)
	if err != nil {
		return nil, "", err
	}
	return paged(rows, size, bound, func(r ParkedRow) []any { return []any{r.Kind, r.ID} })
}

func scanParked(rows *sql.Rows) (ParkedRow, error) {
	var r ParkedRow
	var updated int64
	err := rows.Scan(&r.Kind, &r.ID, &r.Customer, &r.Attempts, &r.LastError, &updated)
	r.UpdatedAt = time.UnixMicro(updated).UTC()
	return r, err
}

// Stuck counts what waits for a person: parked aggregates and dead letters.
func (db *DB) Stuck(ctx context.Context) (parked, dead int, err error) {
	terms := []string{"0"}
	for _, k := range db.registered() {
		terms = append(terms, "(SELECT count(*) FROM "+k.table+" WHERE parked = 1)")
	}
	query := "SELECT " + strings.Join(terms, " + ") + ", (SELECT count(*) FROM dead_letters WHERE dead = 1)"
	_, err = selectAll(reader{ctx, db}, func(rows *sql.Rows) (struct{}, error) {
		return struct{}{}, rows.Scan(&parked, &dead)
	}, query)
	return parked, dead, err
}

// Release lets a parked aggregate be worked on again, with all its tries before it. kind is its noun. errs.NotFound
// "NOT_FOUND" when there is no such aggregate, errs.Precondition "NOT_PARKED" when it is not parked.
func (db *DB) Release(ctx context.Context, kind, id string) error {
	return db.InTx(ctx, func(tx *Tx) error { return tx.Release(kind, id) })
}

// Release is DB.Release inside a transaction.
func (tx *Tx) Release(kind, id string) error {
	for _, k := range tx.db.registered() {
		if k.noun == kind {
			return tx.release(k, id)
		}
	}
	return errs.New(errs.NotFound, "NOT_FOUND", "there is no kind %q", kind)
}

func (tx *Tx) release(k *kindInfo, id string) error {
	n, err := tx.Exec("UPDATE "+k.table+
		" SET parked = 0, attempts = 0, claim = '', claimed_until = 0 WHERE id = $1 AND parked = 1", id)
	if err != nil {
		return err
	}
	if n == 1 {
		tx.forget(Locked{k.table, id})
		tx.woke[k.table] = k
		return nil
	}
	var found int
	exists, err := tx.one("SELECT 1 FROM "+k.table+" WHERE id = $1", []any{id}, &found)
	switch {
	case err != nil:
		return err
	case !exists:
		return errs.New(errs.NotFound, "NOT_FOUND", "there is no %s %q", k.noun, id)
	}
	return errs.New(errs.Precondition, "NOT_PARKED", "the %s %q is not parked", k.noun, id)
}
