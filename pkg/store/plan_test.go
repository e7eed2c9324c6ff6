package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/call"
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

// everything is what the list of what needs us asks for without a filter.
func everything() store.Agenda {
	return store.Agenda{
		Of: []store.AgendaOf{
			{Noun: "parcel", Alone: []store.Cond{store.Eq("fragile", true)}, Besides: []store.Cond{store.True("fragile")}},
		},
		Owners: []string{"RESELLER", "PLATFORM"}, Letters: true, Others: true, Parked: true, Waits: true,
	}
}

// TestAgendaWalksIndexesOnSQLite: what needs somebody is read part by part, each along an index as far as the page goes; what is sorted is
// no more than a page of each part.
func TestAgendaWalksIndexesOnSQLite(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{
		DSN: "sqlite:" + filepath.Join(t.TempDir(), "parcels.db"), Service: "parcels", Migrations: storetest.Migrations(),
		Business: clock.NewLive(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1})
	for name, change := range map[string]func(*store.Agenda){
		"all": func(*store.Agenda) {}, "escalated": func(a *store.Agenda) { a.Escalated = true },
		"late":      func(a *store.Agenda) { a.Before = time.Now() },
		"of others": func(a *store.Agenda) { a.Owners, a.Others = []string{"CUSTOMER", "AWS"}, false },
		"parked":    func(a *store.Agenda) { a.Waits = false },
	} {
		a := everything()
		change(&a)
		plan, err := db.AgendaPlan(t.Context(), call.Everyone("the plan is asked for"), a)
		if err != nil {
			t.Fatal(err)
		}
		reads := 0
		for i, line := range plan {
			read := strings.Contains(line, " parcels") || strings.Contains(line, " dead_letters")
			sorts := strings.Contains(line, "TEMP B-TREE") && !strings.HasPrefix(plan[i-1], "SCAN arm")
			if read {
				reads++
			}
			if sorts || read && !strings.Contains(line, "INDEX parcels_") && !strings.Contains(line, "INDEX dead_letters_dead") {
				t.Errorf("%s: %s; the plan is\n%s", name, line, strings.Join(plan, "\n"))
			}
		}
		if reads < 2 {
			t.Errorf("%s: %d parts are read:\n%s", name, reads, strings.Join(plan, "\n"))
		}
	}
}
