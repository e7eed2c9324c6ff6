package main

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/deploy/bench/measure"
)

func testBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{folder: t.TempDir(), size: quick(), plan: measure.Plan{Slices: 1}}
	t.Cleanup(func() { must(t, b.close(t.Context())) })
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func closing(db *sql.DB) func(context.Context) error {
	return func(context.Context) error { return db.Close() }
}

func TestTheBareTransactionLeavesTheSameRows(t *testing.T) {
	b := testBench(t)
	leavesTheSameRows(t, b, b.sqlite())
}

// leavesTheSameRows compares what the yardstick wrote with what the suite wrote for the sample, but for the ids.
func leavesTheSameRows(t *testing.T, b *bench, on server) {
	t.Helper()
	bare, err := b.newBare(t.Context(), on)
	must(t, err)
	made, err := bare.drafts.make(t.Context(), 1)
	must(t, err)
	must(t, bare.submit(t.Context(), bare.arguments(made)[0]))

	want := bare.sample
	bare.drafts.sample = made[0]
	must(t, bare.readAfter(t.Context(), "created_at = $1 AND id <> $2", want.key.get("created_at", "id")...))
	got := bare.sample
	for _, pair := range [][2]record{
		{want.order, got.order},
		{want.agreement, got.agreement},
		{want.event, got.event},
		{want.agreementEvent, got.agreementEvent},
		{want.out, got.out},
		{want.agreementOut, got.agreementOut},
		{want.key, got.key},
	} {
		if diff := cmp.Diff(shape(pair[0]), shape(pair[1])); diff != "" {
			t.Errorf("%s (-suite +bare):\n%s", pair[0].table, diff)
		}
	}
	if state := got.order.text("state"); state != "PROCESSING" {
		t.Errorf("the bare order is %s", state)
	}
	if state := got.agreement.text("state"); state != "PROVISIONING" {
		t.Errorf("the bare agreement is %s", state)
	}
}

// shape is a row with its texts as lengths: ids differ, sizes do not.
func shape(r record) map[string]any {
	out := map[string]any{}
	for i, column := range r.columns {
		switch v := r.values[i].(type) {
		case string:
			out[column] = len(v)
		case []byte:
			out[column] = len(v)
		default:
			out[column] = v
		}
	}
	return out
}

// TestNoStatementScans is for an index that a statement with placeholders passes by: the cost would grow with the table.
func TestNoStatementScans(t *testing.T) {
	b := testBench(t)
	on := b.sqlite()
	bare, err := b.newBare(t.Context(), on)
	must(t, err)
	args := bare.arguments([]order{bare.drafts.sample})[0]
	for i, st := range bare.statements {
		for _, step := range plan(t, bare.db, st.text, args[i]) {
			if strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s\nfor %s", step, st.text)
			}
		}
	}
}

func plan(t *testing.T, db *sql.DB, query string, args []any) (steps []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, rows.Err())
	return steps
}

func noFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", path, err)
	}
}
