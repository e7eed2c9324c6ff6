package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/store/storetest"
)

// secretive is a document with something to erase.
type secretive struct {
	Secret  string `json:"secret"`
	Padding string `json:"padding"`
}

// TestScrubbedBytesAreGone looks into SQLite's files themselves: into the database, its log, and whatever lies beside.
func TestScrubbedBytesAreGone(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	db, err := store.Open(ctx, store.Options{
		DSN: "sqlite:" + filepath.Join(folder, "x.db"), Service: "parcels", Migrations: storetest.Migrations(), Business: clock.NewLive(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	table := store.NewTable(db, store.Kind[secretive]{
		Noun: "parcel", Table: "parcels", Prefix: "par", Version: 1,
		Columns: []store.Column[secretive]{
			{Name: "label", Value: func(*secretive) any { return ids.New("lbl") }},
			{Name: "weight", Value: zero},
			{Name: "fragile", Value: zero},
			{Name: "due", Value: func(*secretive) any { return nil }},
		},
	})
	all := fill(ctx, t, db, table, 1500)
	change(ctx, t, db, table, all, func(i int, s *secretive) { s.Padding = strings.Repeat("y", i*7%600) }) // rows move between pages
	change(ctx, t, db, table, all, func(_ int, s *secretive) { *s = secretive{} })
	if err := table.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte("hush-")); n > 0 {
			t.Errorf("%s still has %d secrets", filepath.Base(file), n)
		}
	}
}

func zero(*secretive) any { return 0 }

func fill(ctx context.Context, t *testing.T, db *store.DB, table *store.Table[secretive], n int) (all []string) {
	t.Helper()
	err := db.InTx(ctx, func(tx *store.Tx) error {
		for i := range n {
			row, err := table.Create(tx, "", &secretive{Secret: fmt.Sprintf("hush-%d", i), Padding: strings.Repeat("x", i*13%400)})
			if err != nil {
				return err
			}
			all = append(all, row.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func change(ctx context.Context, t *testing.T, db *store.DB, table *store.Table[secretive], all []string, to func(int, *secretive)) {
	t.Helper()
	var rows []store.Locked
	for _, id := range all {
		rows = append(rows, table.Row(id))
	}
	err := db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(rows...); err != nil {
			return err
		}
		for i, id := range all {
			_, err := table.Update(tx, call.Everyone("test"), id, "", func(s *secretive) ([]fact.Fact, error) {
				to(i, s)
				return nil, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
