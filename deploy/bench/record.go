package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// record is one row of any table, as it is kept.
type record struct {
	table   string
	columns []string
	values  []any
}

// readRecord reads the one row of a table that where finds.
func readRecord(ctx context.Context, db *sql.DB, table, where string, args ...any) (record, error) {
	r := record{table: table}
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table+" WHERE "+where, args...)
	if err != nil {
		return r, err
	}
	defer func() { _ = rows.Close() }()
	if r.columns, err = rows.Columns(); err != nil {
		return r, err
	}
	if !rows.Next() {
		return r, fmt.Errorf("%s has no row %s %v: %w", table, where, args, rows.Err())
	}
	r.values = make([]any, len(r.columns))
	return r, rows.Scan(pointers(r.values)...)
}

func pointers(values []any) []any {
	to := make([]any, len(values))
	for i := range values {
		to[i] = &values[i]
	}
	return to
}

// with returns a copy in which texts are replaced, also inside documents and messages: what replaces has the same
// length.
func (r record) with(replace *strings.Replacer) record {
	r.values = slices.Clone(r.values)
	for i, v := range r.values {
		switch v := v.(type) {
		case string:
			r.values[i] = replace.Replace(v)
		case []byte:
			r.values[i] = []byte(replace.Replace(string(v)))
		}
	}
	return r
}

// get returns the values of these columns.
func (r record) get(columns ...string) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = r.values[slices.Index(r.columns, c)]
	}
	return out
}

// text returns one column that holds a text or bytes.
func (r record) text(column string) string {
	switch v := r.get(column)[0].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// insert is the statement that writes the record.
func (r record) insert() string {
	marks := make([]string, len(r.columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", r.table, strings.Join(r.columns, ", "), strings.Join(marks, ", "))
}
