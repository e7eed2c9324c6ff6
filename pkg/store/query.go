package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// Query selects and orders rows.
type Query struct {
	Where   []Cond // all hold
	OrderBy string // a column that is never NULL; empty: id, the order of creation. Ties are ordered by id
	Desc    bool
	Size    int    // 0: 50; at most 500
	Token   string // Next of the page before
	Caller  string // who asks: a token is of no use to another
}

// Page is a part of a list.
type Page[T any] struct {
	Rows       []Row[T]
	Unreadable []string // ids of what is in the list and not among the rows: a newer release may have written it
	Next       string   // token of the page after; empty: this is the last one
}

// List reads one page of what scope sees. A token of another filter, order or caller is errs.Invalid
// "PAGE_TOKEN_INVALID". Rows that cannot be read are left out and logged.
func (t *Table[T]) List(ctx context.Context, scope call.Scope, q Query) (Page[T], error) {
	return t.list(reader{ctx, t.db}, scope, q)
}

// ListTx is List inside a transaction. It takes no locks.
func (t *Table[T]) ListTx(tx *Tx, scope call.Scope, q Query) (Page[T], error) {
	return t.list(tx, scope, q)
}

// ordered is a row and the value it is ordered by.
type ordered struct {
	stored
	by any
}

func (t *Table[T]) list(r querier, scope call.Scope, q Query) (Page[T], error) {
	if q.OrderBy == "" {
		q.OrderBy = "id"
	}
	if err := t.known(q); err != nil {
		return Page[T]{}, err
	}
	bound, err := boundTo(t.kind.Table, q.Where, q.OrderBy, q.Desc, q.Caller)
	if err != nil {
		return Page[T]{}, err
	}
	last, err := readToken(q.Token, bound, 2)
	if err != nil {
		return Page[T]{}, err
	}
	size := pageSize(q.Size)
	found, err := t.find(r, scope, q, last, size+1)
	if err != nil {
		return Page[T]{}, err
	}
	found, next, err := paged(found, size, bound, func(o ordered) []any { return []any{o.by, o.ID} })
	if err != nil {
		return Page[T]{}, err
	}
	page := Page[T]{Next: next}
	for i := range found {
		row, err := t.decode(&found[i].stored)
		if err != nil {
			t.db.log.Error("left an unreadable row out of a list", "kind", t.kind.Noun, "id", found[i].ID, "error", err)
			page.Unreadable = append(page.Unreadable, found[i].ID)
			continue
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

func (t *Table[T]) find(r querier, scope call.Scope, q Query, last []any, limit int) ([]ordered, error) {
	query, args := t.statement(scope, q, last, limit)
	return selectAll(r, scanOrdered, query, args...)
}

// Plan says in SQLite's words how it reads the first page: for tests of indexes.
func (t *Table[T]) Plan(ctx context.Context, scope call.Scope, q Query) ([]string, error) {
	if q.OrderBy == "" {
		q.OrderBy = "id"
	}
	query, args := t.statement(scope, q, nil, pageSize(q.Size)+1)
	return explain(ctx, t.db, query, args)
}

// explain returns the lines of a plan, on PostgreSQL as indented as it shows them.
func explain(ctx context.Context, db *DB, query string, args []any) ([]string, error) {
	if db.dialect.name != "sqlite" {
		return selectAll(reader{ctx, db}, func(rows *sql.Rows) (line string, err error) {
			err = rows.Scan(&line)
			return line, err
		}, "EXPLAIN (COSTS OFF) "+query, args...)
	}
	return selectAll(reader{ctx, db}, func(rows *sql.Rows) (string, error) {
		var line string
		var id, parent, unused int
		err := rows.Scan(&id, &parent, &unused, &line)
		return line, err
	}, "EXPLAIN QUERY PLAN "+query, args...)
}

// statement reads so many rows after the last one.
func (t *Table[T]) statement(scope call.Scope, q Query, last []any, limit int) (string, []any) {
	op, way := ">", ""
	if q.Desc {
		op, way = "<", " DESC"
	}
	by := q.orderedBy()
	var args []any
	var parts []string
	for _, where := range branches(q.Where) {
		f := filter{args: args}
		for _, c := range where {
			f.cond(c)
		}
		f.scope(scope)
		f.after(by+", id", op, last)
		args = f.args
		parts = append(parts, fmt.Sprintf("SELECT %s, %s AS ordered_by FROM %s%s ORDER BY %s%s, id%s LIMIT %d",
			rowColumns, q.OrderBy, t.kind.Table, f.String(), by, way, way, limit))
	}
	query := parts[0]
	if len(parts) > 1 {
		for i, p := range parts {
			parts[i] = fmt.Sprintf("SELECT * FROM (%s) AS b%d", p, i)
		}
		query = fmt.Sprintf("%s ORDER BY ordered_by%s, id%s LIMIT %d", strings.Join(parts, " UNION ALL "), way, way, limit)
	}
	return query, args
}

// orderedBy is the order of a list in SQL. Where a condition holds for few, these are found by its index and sorted: an index in the order
// of the list, which the sign keeps SQLite from, would lead over all the others.
func (q Query) orderedBy() string {
	times := []string{"created_at", "updated_at", OrderUrgency} // numbers, which have a sign
	if slices.Contains(times, q.OrderBy) && slices.ContainsFunc(q.Where, func(c Cond) bool { return c.few() && c.Column != q.OrderBy }) {
		return "+" + q.OrderBy
	}
	return q.OrderBy
}

// maxBranches is how many values of ANY are read one by one; a list with more reads them together.
const maxBranches = 12

// branches spells each ANY out, value by value: none of the rows is in two of them. An index that begins with the column has the rows of
// each in order; those of several values together would all have to be sorted.
func branches(where []Cond) [][]Cond {
	out := [][]Cond{nil}
	for _, c := range where {
		values := uniqueValues(c.Values)
		if c.Op != "ANY" || len(values) == 0 || len(out)*len(values) > maxBranches {
			for i := range out {
				out[i] = append(out[i], c)
			}
			continue
		}
		var next [][]Cond
		for _, b := range out {
			for _, v := range values {
				next = append(next, append(slices.Clone(b), Cond{Column: c.Column, Op: "=", Values: []any{v}}))
			}
		}
		out = next
	}
	return out
}

func uniqueValues(values []any) (out []any) {
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func scanOrdered(rows *sql.Rows) (ordered, error) {
	var o ordered
	s, err := scanRowAnd(rows, &o.by)
	o.stored = s
	if b, ok := o.by.([]byte); ok {
		o.by = string(b)
	}
	return o, err
}

// CountTx counts the rows that scope sees and where all conditions hold.
func (t *Table[T]) CountTx(tx *Tx, scope call.Scope, where ...Cond) (int, error) {
	if err := t.known(Query{Where: where, OrderBy: "id"}); err != nil {
		return 0, err
	}
	var f filter
	for _, c := range where {
		f.cond(c)
	}
	f.scope(scope)
	var n int
	_, err := tx.one("SELECT count(*) FROM "+t.kind.Table+f.String(), f.args, &n)
	return n, err
}

// known refuses columns that are not of this kind: their names go into the statement.
func (t *Table[T]) known(q Query) error {
	names := append(strings.Split(rowColumns, ", "), t.names()...)
	asked := []string{q.OrderBy}
	for _, c := range q.Where {
		asked = append(asked, c.Column)
	}
	for _, name := range asked {
		if !slices.Contains(names, name) {
			return errs.New(errs.Internal, "INTERNAL", "%s has no column %q to ask by", t.kind.Table, name)
		}
	}
	return nil
}
