package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// migrated opens a database with one migration.
func migrated(t *testing.T, text string) (*store.DB, error) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{
		DSN: "sqlite:" + filepath.Join(t.TempDir(), "x.db"), Service: "x", Business: clock.NewLive(),
		Migrations: fstest.MapFS{"00001_x.sql": {Data: []byte("-- +goose Up\n" + text)}},
	})
	if err == nil {
		t.Cleanup(func() { _ = db.Close() })
	}
	return db, err
}

func TestTheTableOfAKindIsWrittenOut(t *testing.T) {
	db, err := migrated(t, `
CREATE TABLE a (
  -- +store kind
);
CREATE TABLE plain (
  n BIGINT
);
CREATE TABLE b (
  -- +store kind
  state TEXT NOT NULL, -- where it is
  other TEXT -- NULL: none
);
CREATE INDEX b_state ON b (state);
`)
	if err != nil {
		t.Fatal(err)
	}
	for query, index := range map[string]string{
		"SELECT id FROM a WHERE parked = 1":                                                     "a_parked",
		"SELECT id FROM a ORDER BY created_at, id LIMIT 3":                                      "a_created",
		"SELECT id FROM b WHERE state = 'x'":                                                    "b_state",
		"SELECT id FROM b ORDER BY urgency, id LIMIT 3":                                         "b_urgency",
		"SELECT id FROM b WHERE urgency < $1 ORDER BY urgency, id":                              "b_urgency",
		"SELECT id FROM b WHERE waiting_owner <> '' AND waiting_owner IN ($1) ORDER BY urgency": "b_waiting_owner",
	} {
		if plan := explain(t, db, "EXPLAIN QUERY PLAN "+query, 1); !strings.Contains(plan, index) {
			t.Errorf("%s does not use %s:\n%s", query, index, plan)
		}
	}
}

func TestAMarkInTheWrongPlaceIsRefused(t *testing.T) {
	_, err := migrated(t, "CREATE TABLE a (\n  state TEXT,\n  -- +store kind\n);\n")
	if err == nil || !strings.Contains(err.Error(), "+store kind") {
		t.Errorf("got %v", err)
	}
}
