package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/store/storetest"
)

// explain returns the plan of a statement: the last column of each row.
func explain(t *testing.T, db *store.DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	for rows.Next() {
		var line string
		dest := make([]any, len(columns))
		for i := range dest {
			dest[i] = new(any)
		}
		dest[len(dest)-1] = &line
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}

func TestClaimUsesTheWorkIndexOnSQLite(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{
		DSN: "sqlite:" + filepath.Join(t.TempDir(), "parcels.db"), Service: "parcels", Migrations: storetest.Migrations(),
		Business: clock.NewLive(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	parcels := store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1})
	plan := explain(t, db, "EXPLAIN QUERY PLAN "+parcels.ClaimSQL(), "token", 2, 1, 1, 1, 10)
	if strings.Count(plan, "SEARCH parcels USING INDEX parcels_work (claimed_until") != 2 || strings.Contains(plan, "SCAN parcels") {
		t.Errorf("the plan goes over sleeping rows:\n%s", plan)
	}
}
