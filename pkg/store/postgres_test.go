//go:build postgres

package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	ids "example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/store/storetest"
)

// freshSchema gives a case a schema of its own on the server that HANDOVER_TEST_POSTGRES names. This tier is chosen
// by its build tag; without the server it fails.
func freshSchema(t *testing.T) (dsn, service string) {
	t.Helper()
	dsn = os.Getenv("HANDOVER_TEST_POSTGRES")
	if dsn == "" {
		t.Fatal("HANDOVER_TEST_POSTGRES does not name a PostgreSQL server")
	}
	service = ids.New("test")
	t.Cleanup(func() {
		query := "DROP SCHEMA IF EXISTS " + pgx.Identifier{service}.Sanitize() + " CASCADE"
		server := plain(t, dsn)
		defer func() { _ = server.Close() }()
		if _, err := server.ExecContext(context.WithoutCancel(t.Context()), query); err != nil {
			t.Error(err)
		}
	})
	return dsn, service
}

func plain(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t *testing.T, dsn, service string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{
		DSN: dsn, Service: service, Migrations: storetest.Migrations(), Business: clock.NewLive(),
	})
	if err != nil {
		t.Error(err)
		return nil
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOnPostgreSQL(t *testing.T) { storetest.Run(t, freshSchema) }

func TestReplicasMigrateTogether(t *testing.T) {
	dsn, service := freshSchema(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() { open(t, dsn, service) })
	}
	all.Wait()
}

func TestDeadlockIsTriedAgain(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	count := func(tx *store.Tx, name string) error {
		_, err := tx.Exec("UPDATE leases SET held_until = held_until + 1 WHERE name = $1", name)
		return err
	}
	for _, name := range []string{"a", "b"} {
		if _, err := db.Lease(t.Context(), name, "x", 0); err != nil {
			t.Fatal(err)
		}
	}
	var both, all sync.WaitGroup
	both.Add(2)
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		all.Go(func() {
			tries := 0
			err := db.InTx(t.Context(), func(tx *store.Tx) error {
				if err := count(tx, names[0]); err != nil {
					return err
				}
				if tries++; tries == 1 { // each has its first row: now they wait for each other
					both.Done()
					both.Wait()
				}
				return count(tx, names[1])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// What is done together gives up a lock that another transaction holds, for that one may be waiting for it.
func TestPartsDoNotWaitForLocksWhileTheyHoldOthers(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	for _, name := range []string{"a", "b"} {
		if _, err := db.Lease(t.Context(), name, "x", 0); err != nil {
			t.Fatal(err)
		}
	}
	count := func(tx *store.Tx, name string) error {
		_, err := tx.Exec("UPDATE leases SET held_until = held_until + 1 WHERE name = $1", name)
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := db.InTx(ctx, func(tx *store.Tx) error {
		if err := count(tx, "a"); err != nil {
			return err
		}
		err := db.Together(ctx, func(tx *store.Tx) error {
			if err := tx.Part(ctx, func(tx *store.Tx) error { return count(tx, "b") }); err != nil {
				return err
			}
			return tx.Part(ctx, func(tx *store.Tx) error { return count(tx, "a") })
		})
		if err == nil || ctx.Err() != nil {
			t.Errorf("it waited: %v", err)
		}
		return count(tx, "b") // nobody holds it any more
	})
	if err != nil {
		t.Error(err)
	}
}

func TestClaimUsesTheWorkIndexOnPostgreSQL(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1})
	for _, query := range []string{
		`INSERT INTO parcels (id, customer, correlation, revision, doc, doc_version, wake_at, created_at, updated_at)
		 SELECT 'par_' || n, '', '', 1, '{}', 1, 4000000000000000 + n, 0, 0 FROM generate_series(1, 20000) AS n`,
		"ANALYZE parcels",
	} {
		if err := db.InTx(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	query := parcels.ClaimSQL()
	for i, value := range []string{"'token'", "2", "1", "1", "1", "10"} {
		query = strings.ReplaceAll(query, fmt.Sprintf("$%d", i+1), value)
	}
	plan := explain(t, db, "EXPLAIN "+query)
	if strings.Count(plan, "using parcels_work") != 2 || strings.Contains(plan, "Seq Scan on parcels") {
		t.Errorf("the plan goes over sleeping rows:\n%s", plan)
	}
}

// TestAgendaWalksIndexesOnPostgreSQL: of many rows, most of which wait, none of the parts reads or sorts more than a page.
func TestAgendaWalksIndexesOnPostgreSQL(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1})
	for _, query := range []string{
		`INSERT INTO parcels
		   (id, customer, correlation, revision, doc, doc_version, waiting_owner, urgency, fragile, parked, created_at, updated_at)
		 SELECT 'par_' || n, 'cus_' || n % 500, '', 1, '{}', 1, (ARRAY['RESELLER', 'CUSTOMER', 'AWS'])[n % 3 + 1],
		   CASE WHEN n % 100 = 0 THEN -n ELSE n END, CASE WHEN n % 2 = 0 THEN 1 ELSE 0 END, CASE WHEN n % 1000 = 0 THEN 1 ELSE 0 END, 0, 0
		 FROM generate_series(1, 30000) AS n`,
		"ANALYZE parcels",
	} {
		if err := db.InTx(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := db.AgendaPlan(t.Context(), call.Everyone("the plan is asked for"), everything())
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(lines, "\n")
	sorted := slices.ContainsFunc(lines, func(line string) bool { // the few that are parked may be
		return strings.Contains(line, "Sort Key") && strings.Contains(line, "urgency")
	})
	if sorted || strings.Contains(plan, "Seq Scan on parcels") || !strings.Contains(plan, "dead_letters_dead") {
		t.Errorf("the plan is\n%s", plan)
	}
}
