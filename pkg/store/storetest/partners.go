package storetest

import (
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func partnerCases() []testCase {
	return []testCase{
		{"a partner sees the rows of its customers", partnerSees},
		{"a customer that moves takes its rows along", partnerMoves},
	}
}

// assign says which partner a customer belongs to.
func (b *bench) assign(customer, partner string) {
	b.must(b.db.InTx(b.ctx(), func(tx *store.Tx) error { return tx.Assign(customer, partner) }))
}

// seen are the rows that a scope finds, by each way of looking.
func (b *bench) seen(scope call.Scope, id string) bool {
	_, err := b.parcels.Get(b.ctx(), scope, id)
	got := err == nil
	var counted int
	var sees bool
	b.must(b.db.InTx(b.ctx(), func(tx *store.Tx) (err error) {
		if counted, err = b.parcels.CountTx(tx, scope, store.Eq("id", id)); err != nil {
			return err
		}
		sees, err = tx.Sees(scope, b.get(id).Customer)
		return err
	}))
	b.equal("the list, beside the row", counted == 1, got)
	b.equal("the scope, beside the row", sees, got)
	return got
}

func partnerSees(b *bench) {
	own, direct, nobodys := b.create(Parcel{Customer: "cus_a"}), b.create(Parcel{Customer: "cus_b"}), b.create(Parcel{})
	b.assign("cus_a", "par_1")
	b.equal("its own", b.seen(call.Partner("par_1"), own.ID), true)
	b.equal("another's", b.seen(call.Partner("par_2"), own.ID), false)
	b.equal("a direct customer's", b.seen(call.Partner("par_1"), direct.ID), false)
	b.equal("nobody's", b.seen(call.Partner("par_1"), nobodys.ID), false)
	b.equal("a partner without a name", b.seen(call.Partner(""), direct.ID), false)
	for partner, want := range map[string]bool{"par_1": true, "par_2": false} {
		belongs, err := b.db.Belongs(b.ctx(), "cus_a", partner)
		b.must(err)
		b.equal("cus_a belongs to "+partner, belongs, want)
	}
}

func partnerMoves(b *bench) {
	row := b.create(Parcel{Customer: "cus_a"})
	for _, partner := range []string{"par_1", "par_1", "par_2", ""} {
		b.assign("cus_a", partner)
		for _, other := range []string{"par_1", "par_2"} {
			b.equal(partner+" has it, and "+other+" looks", b.seen(call.Partner(other), row.ID), other == partner)
		}
	}
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, call.Partner("par_1"), row.ID, "", func(*Parcel) ([]fact.Fact, error) { return nil, nil })
		return err
	})
	b.refused(err, errs.NotFound, "NOT_FOUND")
	events, _, err := b.db.Events(b.ctx(), store.EventQuery{Customers: call.Partner("par_1"), Aggregate: row.ID})
	b.must(err)
	b.equal("events told to a partner of before", len(events), 0)
}
