package storetest

import (
	"errors"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func togetherCases() []testCase {
	return []testCase{
		{"parts of one transaction have their own locks and calls", partsOfTheirOwn},
		{"a part that fails undoes those before it", partFails},
		{"a part that misuses its locks is refused", partMisuses},
	}
}

// part is a part under a call of its own.
func (b *bench) part(tx *store.Tx, id string, steps ...func(*store.Tx) error) error {
	return tx.Part(call.With(b.ctx(), call.Call{ID: id, Scope: everyone()}), func(tx *store.Tx) error {
		if got := tx.Call().ID; got != id {
			b.Errorf("part %s is done for call %s", id, got)
		}
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func partsOfTheirOwn(b *bench) {
	first, second, third := b.create(Parcel{}).ID, b.create(Parcel{}).ID, b.create(Parcel{}).ID
	woken := 0
	b.db.OnCommit(func(_, published bool) {
		if published {
			woken++
		}
	})
	noting := func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), third, "", func(*Parcel) ([]fact.Fact, error) { return []fact.Fact{{Name: "seen"}}, nil })
		return err
	}
	b.must(b.db.Together(b.ctx(), func(tx *store.Tx) error {
		return errors.Join(
			b.part(tx, "one", b.locking(third, first), b.weighing(first), b.weighing(third)),
			b.part(tx, "two", b.weighing(second)),
			b.part(tx, "three", b.locking(first, third), b.weighing(third), noting),
		)
	}))
	b.equal("weight of the first", b.get(first).Doc.Weight, 1)
	b.equal("weight of the second", b.get(second).Doc.Weight, 1)
	b.equal("weight of the third", b.get(third).Doc.Weight, 2)
	b.equal("commits that the relay was told of", woken, 1)
}

func partFails(b *bench) {
	first, broken := b.create(Parcel{}).ID, errors.New("broken")
	err := b.db.Together(b.ctx(), func(tx *store.Tx) error {
		if err := b.part(tx, "one", b.weighing(first)); err != nil {
			return err
		}
		return b.part(tx, "two", func(*store.Tx) error { return broken })
	})
	if !errors.Is(err, broken) {
		b.Errorf("got %v", err)
	}
	// Nor does a part's failed statement let the others be committed, whatever is made of its error.
	err = b.db.Together(b.ctx(), func(tx *store.Tx) error {
		if err := b.part(tx, "one", b.weighing(first)); err != nil {
			return err
		}
		_ = b.part(tx, "two", func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE nowhere SET nothing = 1")
			return err
		})
		return nil
	})
	if err == nil {
		b.Error("a transaction with a failed statement was committed")
	}
	b.equal("weight", b.get(first).Doc.Weight, 0)
}

func partMisuses(b *bench) {
	first, second := b.create(Parcel{}).ID, b.create(Parcel{}).ID
	b.misused(b.db.Together(b.ctx(), func(tx *store.Tx) error {
		return b.part(tx, "one", b.weighing(first), b.weighing(second))
	}), "lock both first")
}
