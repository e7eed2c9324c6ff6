//go:build postgres

package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/store/storetest"
)

func parcelsOf(db *store.DB) *store.Table[storetest.Parcel] {
	return store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1})
}

var sent = fact.Fact{Name: "sent"}

// What a transaction writes last goes to the server behind its other statements: when the server refuses it, nothing stays.
func TestWhatIsRefusedAtTheEndUndoesAll(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	server := plain(t, dsn)
	defer func() { _ = server.Close() }()
	if _, err := server.ExecContext(t.Context(), "ALTER TABLE "+service+".events ADD CHECK (name <> 'sent')"); err != nil {
		t.Fatal(err)
	}
	var made store.Row[storetest.Parcel]
	err := db.InTx(t.Context(), func(tx *store.Tx) (err error) {
		made, err = parcels.Create(tx, "", &storetest.Parcel{}, sent)
		return err
	})
	if errs.KindOf(err) != errs.Internal {
		t.Errorf("got %v, want the refusal", err)
	}
	if _, err := parcels.Get(t.Context(), call.Everyone("a test"), made.ID); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the parcel is there: %v", err)
	}
}

// Once its context has ended, database/sql rolls a transaction back on its own: what was left for later may not follow
// outside of it.
func TestNothingFollowsARollback(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.InTx(ctx, func(tx *store.Tx) error {
		if _, err := parcels.Create(tx, "", &storetest.Parcel{}, sent); err != nil {
			return err
		}
		cancel()
		return tx.Flush()
	})
	if errs.KindOf(err) != errs.Cancelled {
		t.Errorf("got %v, want the end of its context", err)
	}
	events, _, err := db.Events(t.Context(), store.EventQuery{Customers: call.Everyone("a test")})
	if err != nil || len(events) > 0 {
		t.Errorf("%d events were committed without their parcel, %v", len(events), err)
	}
}

// What is foreseen is read behind the locks, hence as those left it who held them before, and is read once.
func TestWhatIsForeseenIsReadBehindTheLocks(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	locked, read := ids.New("par"), ids.New("par")
	weighs := func(tx *store.Tx) error {
		_, err := parcels.Update(tx, call.Everyone("a test"), read, "", func(p *storetest.Parcel) ([]fact.Fact, error) {
			p.Weight++
			return nil, nil
		})
		return err
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := parcels.Create(tx, locked, &storetest.Parcel{})
		if err == nil {
			_, err = parcels.Create(tx, read, &storetest.Parcel{})
		}
		return err
	}))
	waiter := make(chan error, 1)
	var seen int
	waits := func() error {
		return db.InTx(t.Context(), func(tx *store.Tx) error {
			tx.Foresee(parcels.Row(read))
			if err := tx.Lock(parcels.Row(locked)); err != nil {
				return err
			}
			if err := db.InTx(t.Context(), weighs); err != nil {
				return err
			}
			row, err := parcels.GetTx(tx, call.Everyone("a test"), read)
			if err == nil {
				seen = row.Doc.Weight
			}
			return err
		})
	}
	must(db.InTx(t.Context(), func(tx *store.Tx) error {
		if err := tx.Lock(parcels.Row(locked), parcels.Row(read)); err != nil {
			return err
		}
		go func() { waiter <- waits() }()
		waitsForALock(t, dsn, service)
		return weighs(tx)
	}))
	must(<-waiter)
	if seen != 1 {
		t.Errorf("the waiter saw a weight of %d, want 1: one of the holder before it, and none of what came after it had read", seen)
	}
}

// What is done together gives up a lock of several that it asks for at once, too.
func TestPartsDoNotWaitForOneLockOfSeveral(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	held := ids.New("par")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := db.InTx(ctx, func(tx *store.Tx) error { _, err := parcels.Create(tx, held, &storetest.Parcel{}); return err })
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(parcels.Row(held)); err != nil {
			return err
		}
		return db.Together(ctx, func(tx *store.Tx) error {
			return tx.Part(ctx, func(tx *store.Tx) error {
				return tx.Lock(parcels.Row("par_0"), parcels.Row(held), parcels.Row("par_z"))
			})
		})
	})
	if err == nil || ctx.Err() != nil {
		t.Errorf("it waited: %v", err)
	}
}

// waitsForALock returns when a transaction of the service waits for a row.
func waitsForALock(t *testing.T, dsn, service string) {
	t.Helper()
	server := plain(t, dsn)
	defer func() { _ = server.Close() }()
	for waiting := 0; waiting == 0; {
		err := server.QueryRowContext(t.Context(),
			"SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'", "handover-"+service).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A failover ends every idle connection at once. None is asked before a transaction begins on it.
func TestATransactionOutlivesThePoolsDeadConnections(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	both := func(ctx context.Context) error { // two connections at once
		return db.InTx(ctx, func(tx *store.Tx) error {
			if _, err := parcels.Create(tx, "", &storetest.Parcel{}, sent); err != nil {
				return err
			}
			return db.InTx(ctx, func(tx *store.Tx) error {
				_, err := parcels.Create(tx, "", &storetest.Parcel{}, sent)
				return err
			})
		})
	}
	if err := both(t.Context()); err != nil {
		t.Fatal(err)
	}
	failover(t, dsn, service)
	if err := both(t.Context()); err != nil {
		t.Errorf("after a failover: %v", err)
	}
}

// What is one statement is asked for without a transaction, and outlives a failover as well.
func TestAStatementOutlivesThePoolsDeadConnections(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := parcelsOf(db)
	for what, do := range map[string]func() error{
		"claim":  func() error { _, err := parcels.Claim(t.Context(), 1, time.Minute); return err },
		"permit": func() error { _, err := db.Permit(t.Context(), "party", "api", 1, 1); return err },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		failover(t, dsn, service)
		if err := do(); err != nil {
			t.Errorf("%s after a failover: %v", what, err)
		}
	}
}

// failover ends every connection of a service.
func failover(t *testing.T, dsn, service string) {
	t.Helper()
	server := plain(t, dsn)
	defer func() { _ = server.Close() }()
	var ended int
	err := server.QueryRowContext(t.Context(), "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1",
		"handover-"+service).Scan(&ended)
	if err != nil || ended < 1 {
		t.Fatalf("ended %d connections, %v", ended, err)
	}
}

// What a transaction has changed it reads, also where the change goes to the server later.
func TestWhatIsWrittenLaterIsRead(t *testing.T) {
	dsn, service := freshSchema(t)
	db := open(t, dsn, service)
	parcels := store.NewTable(db, store.Kind[storetest.Parcel]{Noun: "parcel", Table: "parcels", Version: 1, Later: true})
	id := ids.New("par")
	err := db.InTx(t.Context(), func(tx *store.Tx) error { _, err := parcels.Create(tx, id, &storetest.Parcel{}); return err })
	if err != nil {
		t.Fatal(err)
	}
	add := func(tx *store.Tx) error {
		_, err := parcels.Update(tx, call.Everyone("a test"), id, "", func(p *storetest.Parcel) ([]fact.Fact, error) {
			p.Weight++
			return []fact.Fact{sent}, nil
		})
		return err
	}
	read := func(tx *store.Tx) (weight int, err error) {
		rows, err := tx.Query("SELECT CAST(CAST(doc AS json) ->> 'weight' AS INTEGER) FROM parcels WHERE id = $1", id)
		if err != nil {
			return 0, err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			if err := rows.Scan(&weight); err != nil {
				return 0, err
			}
		}
		return weight, rows.Err()
	}
	var weights []int
	reads := func(tx *store.Tx) error {
		weight, err := read(tx)
		weights = append(weights, weight)
		return err
	}
	both := func(tx *store.Tx) error { return errors.Join(add(tx), reads(tx)) }
	err = errors.Join(
		db.InTx(t.Context(), both),
		db.InTx(t.Context(), add),
		db.InTx(t.Context(), reads),
		db.Together(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.Part(t.Context(), add), tx.Part(t.Context(), reads), tx.Part(t.Context(), both))
		}),
		db.InTx(t.Context(), reads),
	)
	if want := []int{1, 2, 3, 4, 4}; err != nil || !slices.Equal(weights, want) {
		t.Errorf("it read %v, want %v; %v", weights, want, err)
	}
}
