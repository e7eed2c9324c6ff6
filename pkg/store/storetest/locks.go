package storetest

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
)

func lockCases() []testCase {
	return []testCase{
		{"rows locked together are changed in any order", lockedTogether},
		{"a second row that was not locked is refused", secondRow},
		{"a row beside those that were locked is refused", rowBeside},
		{"rows are locked once and first", lockedOnce},
		{"a row that is not there is found missing when it is changed", lockedMissing},
		{"what is foreseen is read as it is, by those who see it", foreseen},
		{"a claimed row is locked like any other", lockedClaim},
		{"many transactions on the same rows never wait in a circle", lockStorm},
	}
}

// heavier changes a row without a fact.
func (b *bench) heavier(tx *store.Tx, id string) error {
	_, err := b.parcels.Update(tx, everyone(), id, "", noted(func(p *Parcel) { p.Weight++ }))
	return err
}

func (b *bench) inTx(steps ...func(*store.Tx) error) error {
	return b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) locking(ids ...string) func(*store.Tx) error {
	var rows []store.Locked
	for _, id := range ids {
		rows = append(rows, b.parcels.Row(id))
	}
	return func(tx *store.Tx) error { return tx.Lock(rows...) }
}

func (b *bench) weighing(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return b.heavier(tx, id) }
}

// misused checks that the transaction was refused as a bug, with these words.
func (b *bench) misused(err error, words string) {
	b.Helper()
	b.refused(err, errs.Internal, "INTERNAL")
	if err != nil && !strings.Contains(err.Error(), words) {
		b.Errorf("the error does not say what is wrong: %v", err)
	}
}

func lockedTogether(b *bench) {
	first, second := b.create(Parcel{}).ID, b.create(Parcel{}).ID
	b.must(b.inTx(b.locking(second, first, "", second), b.weighing(second), b.weighing(first), b.weighing(second)))
	b.equal("weight of the first", b.get(first).Doc.Weight, 1)
	b.equal("weight of the second", b.get(second).Doc.Weight, 2)
}

func secondRow(b *bench) {
	first, second := b.create(Parcel{}).ID, b.create(Parcel{}).ID
	b.must(b.inTx(b.weighing(first), b.weighing(first)))
	b.must(b.inTx(func(tx *store.Tx) error { // a row of our own holds up nobody
		row, err := b.parcels.Create(tx, "", &Parcel{})
		if err != nil {
			return err
		}
		return b.heavier(tx, row.ID)
	}, b.weighing(second)))
	b.misused(b.inTx(b.weighing(first), b.weighing(second)), "lock both first")
	b.misused(b.inTx(b.weighing(first), func(tx *store.Tx) error {
		_, err := b.parcels.GetForUpdate(tx, everyone(), second)
		return err
	}), "lock both first")
	b.equal("weight of the first", b.get(first).Doc.Weight, 2)
}

func rowBeside(b *bench) {
	first, second := b.create(Parcel{}).ID, b.create(Parcel{}).ID
	b.misused(b.inTx(b.locking(first), b.weighing(second)), "not among the rows")
	b.misused(b.inTx(b.locking(), b.weighing(second)), "not among the rows")
}

func lockedOnce(b *bench) {
	first, second := b.create(Parcel{}).ID, b.create(Parcel{}).ID
	b.misused(b.inTx(b.locking(first), b.locking(second)), "locked once")
	b.misused(b.inTx(b.weighing(first), b.locking(first, second)), "locked once")
}

func lockedMissing(b *bench) {
	row, missing := b.create(Parcel{}).ID, ids.New("par")
	b.must(b.inTx(b.locking(missing, row), b.weighing(row)))
	b.refused(b.inTx(b.locking(missing, row), b.weighing(missing)), errs.NotFound, "NOT_FOUND")
	b.must(b.inTx(b.locking(missing, row), func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, missing, &Parcel{})
		return err
	}, b.weighing(missing)))
}

func foreseen(b *bench) {
	locked, read, missing, made := b.create(Parcel{}).ID, b.create(Parcel{Customer: "cus_a", Weight: 3}).ID, ids.New("par"), ids.New("par")
	look := func(scope call.Scope, id string) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := b.parcels.GetTx(tx, scope, id); return err }
	}
	foreseeing := func(tx *store.Tx) error {
		tx.Foresee(b.parcels.Row(read), b.parcels.Row(""), b.parcels.Row(missing), b.parcels.Row(made), b.parcels.Row(locked))
		return nil
	}
	b.must(b.inTx(foreseeing, b.locking(locked), b.weighing(locked), func(tx *store.Tx) error {
		for id, weight := range map[string]int{read: 3, locked: 1} {
			row, err := b.parcels.GetTx(tx, everyone(), id)
			if err != nil {
				return err
			}
			b.equal("weight", row.Doc.Weight, weight)
		}
		_, err := b.parcels.Create(tx, made, &Parcel{})
		return err
	}, look(everyone(), made), look(call.Customers("cus_a"), read)))
	b.refused(b.inTx(foreseeing, b.locking(locked), look(everyone(), missing)), errs.NotFound, "NOT_FOUND")
	b.refused(b.inTx(foreseeing, b.locking(locked), look(call.Customers("cus_b"), read)), errs.NotFound, "NOT_FOUND")
	b.misused(b.inTx(foreseeing, b.locking(locked), b.weighing(read)), "not among the rows")
	b.must(b.inTx(foreseeing, b.locking(locked), func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, read, &Parcel{})
		b.refused(err, errs.Exists, "ALREADY_EXISTS")
		return nil
	}, look(everyone(), read)))
}

func lockedClaim(b *bench) {
	b.create(due())
	other := b.create(Parcel{}).ID
	c := b.claim(1)[0]
	save := func(tx *store.Tx) error { return c.SaveTx(tx, changed(func(p *Parcel) { p.Weight = 9 })) }
	finish := func(tx *store.Tx) error { return c.FinishTx(tx, changed(sleepNow)) }
	b.misused(b.inTx(b.weighing(other), save), "lock both first")
	b.misused(b.inTx(b.locking(other), finish), "not among the rows")
	b.must(b.inTx(b.locking(other, c.ID), b.weighing(other), save))
	b.must(b.inTx(b.locking(other, c.ID), finish, b.weighing(other)))
	b.equal("weight of the other", b.get(other).Doc.Weight, 2)
}

// stormed are rows of two kinds.
type stormed struct {
	row    store.Locked
	weighs func(*store.Tx) error
}

func (b *bench) stormed(n int) (all []stormed) {
	b.Helper()
	for range n {
		p := b.create(Parcel{}).ID
		all = append(all, stormed{b.parcels.Row(p), b.weighing(p)})
		c := ids.New("crt")
		b.must(b.inTx(func(tx *store.Tx) error { _, err := b.crates.Create(tx, c, &crate{}); return err }))
		all = append(all, stormed{b.crates.Row(c), func(tx *store.Tx) error {
			_, err := b.crates.Update(tx, everyone(), c, "", func(c *crate) ([]fact.Fact, error) { c.Weight++; return nil, nil })
			return err
		}})
	}
	return all
}

// lockStorm would deadlock, and be tried again, if the order in which rows are changed were the order of their locks.
func lockStorm(b *bench) {
	const workers, each = 8, 15
	all := b.stormed(3)
	var runs atomic.Int32
	for _, err := range together(workers, func(int) error {
		for range each {
			var rows []store.Locked
			steps := []func(*store.Tx) error{
				func(*store.Tx) error { runs.Add(1); return nil },
				func(tx *store.Tx) error { return tx.Lock(rows...) },
			}
			for _, i := range rand.Perm(len(all))[:3] {
				rows, steps = append(rows, all[i].row), append(steps, all[i].weighs)
			}
			if err := b.inTx(steps...); err != nil {
				return err
			}
		}
		return nil
	}) {
		b.must(err)
	}
	b.equal("transactions, none of them twice", runs.Load(), int32(workers*each))
	crates, err := b.crates.List(b.Context(), everyone(), store.Query{})
	b.must(err)
	weight := 0
	for _, row := range crates.Rows {
		weight += row.Doc.Weight
	}
	parcels, err := strconv.Atoi(b.text("SELECT sum(weight) FROM parcels"))
	b.must(err)
	b.equal("weight", weight+parcels, 3*workers*each)
}
