package storetest

import (
	"errors"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
)

func rowCases() []testCase {
	return []testCase{
		{"a created row is read back", createdIsRead},
		{"an id is checked and taken once", idTakenOnce},
		{"a change with facts makes a revision, bookkeeping does not", revisions},
		{"a foreign row is not found", foreignNotFound},
		{"a panic undoes and goes on", panicUndoes},
		{"nothing is committed after a failed statement", failedStatement},
		{"texts that a database refuses are cleaned", cleaned},
		{"scrubbing changes no row", scrubbed},
	}
}

func createdIsRead(b *bench) {
	due := noon().Add(time.Hour + 1500*time.Nanosecond)
	made := b.create(Parcel{Customer: "cus_a", Order: "ord_1", Label: "x", Weight: 3, Fragile: true, Due: due})
	read := b.get(made.ID)
	b.equal("meta", read.Meta, made.Meta)
	b.equal("document", *read.Doc, *made.Doc)
	b.equal("customer", read.Customer, "cus_a")
	b.equal("correlation", read.Correlation, "ord_1")
	b.equal("etag", read.ETag(), "1")
	b.equal("created", read.CreatedAt, noon())
	b.equal("wake, never before its time", read.WakeAt, noon().Add(time.Hour+2*time.Microsecond))
}

func scrubbed(b *bench) {
	first, second := b.create(Parcel{Label: "one"}), b.create(Parcel{Label: "two"})
	b.update(first.ID, func(p *Parcel) { p.Weight = 7 })
	before := b.get(first.ID)
	for range 2 {
		b.must(b.parcels.Scrub(b.ctx()))
	}
	b.equal("meta", b.get(first.ID).Meta, before.Meta)
	b.equal("document", *b.get(first.ID).Doc, *before.Doc)
	b.equal("the other", *b.get(second.ID).Doc, *second.Doc)
	_, err := b.tryUpdate(second.ID, "", func(p *Parcel) { p.Label = "one" })
	b.refused(err, errs.Exists, "ALREADY_EXISTS")
}

func idTakenOnce(b *bench) {
	row := b.create(Parcel{})
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, row.ID, &Parcel{})
		return err
	})
	b.refused(err, errs.Exists, "ALREADY_EXISTS")
	err = b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, ids.New("ord"), &Parcel{})
		return err
	})
	b.refused(err, errs.Invalid, "REQUEST_INVALID")
}

func revisions(b *bench) {
	row := b.create(Parcel{})
	b.must(b.business.Set(noon().Add(time.Hour)))
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), row.ID, "", noted(func(p *Parcel) { p.Weight = 1 }))
		return err
	})
	read := b.get(row.ID)
	b.equal("revision after bookkeeping", read.Revision, int64(1))
	b.equal("updated after bookkeeping", read.UpdatedAt, noon())
	b.equal("weight", read.Doc.Weight, 1)
	read = b.update(row.ID, func(p *Parcel) { p.Weight++ })
	b.equal("revision after a fact", read.Revision, int64(2))
	b.equal("updated after a fact", read.UpdatedAt, noon().Add(time.Hour))
	b.equal("weight", b.get(row.ID).Doc.Weight, 2)
}

func foreignNotFound(b *bench) {
	row := b.create(Parcel{Customer: "cus_a"})
	nobodys := b.create(Parcel{})
	for name, scope := range map[string]call.Scope{"none": {}, "another": call.Customers("cus_b"), "blank": call.Customers("")} {
		for _, id := range []string{row.ID, nobodys.ID, ids.New("par")} {
			_, err := b.parcels.Get(b.Context(), scope, id)
			b.refused(err, errs.NotFound, "NOT_FOUND")
			err = b.db.InTx(b.ctx(), func(tx *store.Tx) error {
				_, err := b.parcels.Update(tx, scope, id, "", noted(func(*Parcel) {}))
				return err
			})
			b.refused(err, errs.NotFound, "NOT_FOUND")
		}
		page, err := b.parcels.List(b.Context(), scope, store.Query{})
		b.must(err)
		b.equal("rows listed for scope "+name, len(page.Rows), 0)
	}
	_, err := b.parcels.Get(b.Context(), call.Customers("cus_b", "cus_a"), row.ID)
	b.must(err)
}

func panicUndoes(b *bench) {
	row := b.create(Parcel{Weight: 1})
	func() {
		defer func() { b.equal("panic", recover(), "broken") }()
		_, _ = b.tryUpdate(row.ID, "", func(p *Parcel) {
			p.Weight = 2
			panic("broken") //nolint:forbidigo // what a panic does is the case
		})
	}()
	b.equal("weight", b.get(row.ID).Doc.Weight, 1)
	b.update(row.ID, func(p *Parcel) { p.Weight = 3 }) // the lock is gone
}

func failedStatement(b *bench) {
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		if _, err := b.parcels.Create(tx, "", &Parcel{}); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE there_is_no_such_table SET a = 1"); err == nil {
			return errors.New("the statement did not fail")
		}
		return nil
	})
	b.refused(err, errs.Internal, "INTERNAL")
	b.equal("rows", b.text("SELECT count(*) FROM parcels"), "0")
}

func cleaned(b *bench) {
	row := b.create(Parcel{Label: "a\x00b"})
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), row.ID, "", func(*Parcel) ([]fact.Fact, error) {
			return []fact.Fact{{Name: "noted", Text: "c\x00d", Details: map[string]string{"k": "e\x00f"}}}, nil
		})
		return err
	})
	b.equal("label", b.text("SELECT label FROM parcels WHERE id = $1", row.ID), "ab")
}

// refused checks that err is a refusal of this kind and reason.
func (b *bench) refused(err error, kind errs.Kind, reason string) {
	b.Helper()
	e, ok := errs.As(err)
	if !ok || e.Kind != kind || e.Reason != reason {
		b.Errorf("got %v, want kind %d with reason %s", err, kind, reason)
	}
}
