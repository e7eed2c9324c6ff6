// Package storetest is the conformance suite of pkg/store: what must hold on every database it runs on. It owns the
// cases and the small kind they use; it does not own the databases, which its callers provide.
package storetest

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

//go:embed migrations
var migrations embed.FS

// Migrations are those of the suite's kind.
func Migrations() fs.FS {
	folder, _ := fs.Sub(migrations, "migrations") // fails for a malformed name only
	return folder
}

// Fresh provides an empty database for one case and removes it afterwards.
type Fresh func(t *testing.T) (dsn, service string)

// Run runs every case, each on a database of its own.
func Run(t *testing.T, fresh Fresh) {
	for _, group := range [][]testCase{
		rowCases(), wordCases(), partnerCases(), conflictCases(), pageCases(), writeCases(), eventCases(), claimCases(), documentCases(),
		workCases(), keepCases(),
		failureCases(), lockCases(), togetherCases(), waitingCases(), operationCases(), stepCases(), selfCases(), measureCases(),
	} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) { c.run(newBench(t, fresh)) })
		}
	}
}

type testCase struct {
	name string
	run  func(*bench)
}

// bench is what a case works with.
type bench struct {
	*testing.T
	dsn, service string
	business     *clock.Business
	machine      clock.Machine
	set          func(by time.Duration) // sets the machine clock
	said         *lines                 // what the store logs
	db           *store.DB
	parcels      *store.Table[Parcel]
	crates       *store.Table[crate]
	wire         wire
}

// noon is when every case begins.
func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func newBench(t *testing.T, fresh Fresh) *bench {
	t.Helper()
	dsn, service := fresh(t)
	b := &bench{T: t, dsn: dsn, service: service, business: clock.NewMovable(noon()), wire: newWire(t), said: &lines{}}
	b.machine, b.set = clock.Settable()
	b.db = b.open()
	b.parcels = store.NewTable(b.db, b.kind())
	b.crates = store.NewTable(b.db, store.Kind[crate]{
		Noun: "crate", Table: "crates", Prefix: "crt", Version: 1,
		Columns: []store.Column[crate]{
			{Name: "state", Value: func(c *crate) any { return c.State }},
			{Name: "hold", Value: func(c *crate) any { return c.Hold }},
		},
	})
	return b
}

// open opens the case's database once more, as another replica would.
func (b *bench) open() *store.DB {
	b.Helper()
	return b.openProbed(nil)
}

func (b *bench) openProbed(probe func(point string)) *store.DB {
	b.Helper()
	db, err := store.Open(b.Context(), store.Options{
		DSN: b.dsn, Service: b.service, Migrations: Migrations(), Machine: b.machine, Business: b.business,
		Describe: b.wire.describe, Probe: probe, Log: b.said.log(),
	})
	b.must(err)
	b.Cleanup(func() { b.must(db.Close()) })
	return db
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) equal(what string, got, want any) {
	b.Helper()
	if got != want {
		b.Errorf("%s is %v, want %v", what, got, want)
	}
}

// ctx carries a call of an operator.
func (b *bench) ctx() context.Context {
	return call.With(b.Context(), call.Call{
		ID: "req-1", Actor: call.Actor{Subject: "ann", Role: "OPERATOR"}, Scope: everyone(), Reason: "they asked",
	})
}

func everyone() call.Scope { return call.Everyone("test") }

// tx runs do in a transaction that must succeed.
func (b *bench) tx(do func(*store.Tx) error) {
	b.Helper()
	b.must(b.db.InTx(b.ctx(), do))
}

// create saves a parcel with one fact.
func (b *bench) create(p Parcel) store.Row[Parcel] {
	b.Helper()
	var row store.Row[Parcel]
	b.tx(func(tx *store.Tx) (err error) {
		row, err = b.parcels.Create(tx, "", &p, fact.Fact{Name: "packed", Audience: fact.Customer})
		return err
	})
	return row
}

// update changes a parcel with one fact.
func (b *bench) update(id string, change func(*Parcel)) store.Row[Parcel] {
	b.Helper()
	row, err := b.tryUpdate(id, "", change)
	b.must(err)
	return row
}

func (b *bench) tryUpdate(id, etag string, change func(*Parcel)) (row store.Row[Parcel], err error) {
	err = b.db.InTx(b.ctx(), func(tx *store.Tx) (err error) {
		row, err = b.parcels.Update(tx, everyone(), id, etag, changed(change))
		return err
	})
	return row, err
}

// changed makes a decision of a change: one fact.
func changed(change func(*Parcel)) func(*Parcel) ([]fact.Fact, error) {
	return func(p *Parcel) ([]fact.Fact, error) {
		change(p)
		return []fact.Fact{{Name: "changed"}}, nil
	}
}

// noted is a change without a fact: bookkeeping.
func noted(change func(*Parcel)) func(*Parcel) ([]fact.Fact, error) {
	return func(p *Parcel) ([]fact.Fact, error) {
		change(p)
		return nil, nil
	}
}

func (b *bench) get(id string) store.Row[Parcel] {
	b.Helper()
	row, err := b.parcels.Get(b.Context(), everyone(), id)
	b.must(err)
	return row
}

// claim takes up to n due parcels under a lease that no case outlives.
func (b *bench) claim(n int) []*store.Claim[Parcel] {
	b.Helper()
	return b.claimFor(n, time.Hour)
}

func (b *bench) claimFor(n int, lease time.Duration) []*store.Claim[Parcel] {
	b.Helper()
	claims, err := b.parcels.Claim(b.Context(), n, lease)
	b.must(err)
	return claims
}

// exec tampers with the database behind the store's back.
func (b *bench) exec(query string, args ...any) {
	b.Helper()
	b.tx(func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

// text reads one value as text.
func (b *bench) text(query string, args ...any) string {
	b.Helper()
	rows, err := b.db.Query(b.Context(), query, args...)
	b.must(err)
	defer func() { b.must(rows.Close()) }()
	var value string
	if rows.Next() {
		b.must(rows.Scan(&value))
	}
	b.must(rows.Err())
	return value
}

// kind is the suite's kind at version 2; version 1 called the label a name.
func (b *bench) kind() store.Kind[Parcel] {
	return store.Kind[Parcel]{
		Noun: "parcel", Table: "parcels", Prefix: "par", Version: 2,
		Upgrade:     upgrade,
		Customer:    func(p *Parcel) string { return p.Customer },
		Correlation: func(p *Parcel) string { return p.Order },
		Next:        func(p *Parcel) time.Time { return p.Due },
		Waiting:     (*Parcel).waiting,
		Words:       func(p *Parcel) []string { return strings.Fields(p.Marks) },
		Columns: []store.Column[Parcel]{
			{Name: "label", Value: func(p *Parcel) any { return p.Label }},
			{Name: "weight", Value: func(p *Parcel) any { return p.Weight }},
			{Name: "fragile", Value: func(p *Parcel) any { return p.Fragile }},
			{Name: "due", Value: func(p *Parcel) any { return p.Due }},
		},
		Public: func(m store.Meta, p *Parcel) proto.Message {
			return b.wire.parcel(string(p.Label), m.Customer+"'s secret")
		},
	}
}
