package storetest

import (
	"errors"
	"strings"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func wordCases() []testCase {
	return []testCase{
		{"a row is found by each of its words, and by none that it has lost", foundByWords},
		{"who does not see a row does not find it", foundWithinScope},
		{"rows of before are found after a reindex", foundAfterReindex},
	}
}

// found are the labels of the parcels that a scope finds by a word, the newest first.
func (b *bench) found(scope call.Scope, word string) string {
	b.Helper()
	page, err := b.parcels.List(b.ctx(), scope, store.Query{Where: []store.Cond{store.Worded(word)}, Desc: true})
	b.must(err)
	var labels []string
	for _, row := range page.Rows {
		labels = append(labels, string(row.Doc.Label))
	}
	return strings.Join(labels, " ")
}

func foundByWords(b *bench) {
	one, two := b.create(Parcel{Label: "one", Marks: "red old red"}), b.create(Parcel{Label: "two", Marks: "red new"})
	for word, want := range map[string]string{"red": "two one", "old": "one", "new": "two", "blue": ""} {
		b.equal(word, b.found(everyone(), word), want)
	}
	b.update(one.ID, func(p *Parcel) { p.Marks = "blue old\x00" })
	b.must(b.db.InTx(b.ctx(), func(tx *store.Tx) error { // bookkeeping changes words, too
		_, err := b.parcels.Update(tx, everyone(), two.ID, "", noted(func(p *Parcel) { p.Marks = "" }))
		return err
	}))
	for word, want := range map[string]string{"red": "", "old": "one", "new": "", "blue": "one"} {
		b.equal(word, b.found(everyone(), word), want)
	}
	undone := errors.New("undone")
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		if _, err := b.parcels.Create(tx, "", &Parcel{Label: "three", Marks: "gone"}, fact.Fact{Name: "packed"}); err != nil {
			return err
		}
		return undone
	})
	b.equal("undone", err, undone)
	b.equal("gone", b.found(everyone(), "gone"), "")
}

func foundWithinScope(b *bench) {
	b.create(Parcel{Customer: "cus_a", Label: "one", Marks: "red"})
	b.create(Parcel{Customer: "cus_b", Label: "two", Marks: "red"})
	b.create(Parcel{Label: "three", Marks: "red"})
	b.assign("cus_b", "par_1")
	b.equal("everyone", b.found(everyone(), "red"), "three two one")
	b.equal("a customer", b.found(call.Customers("cus_a"), "red"), "one")
	b.equal("a partner", b.found(call.Partner("par_1"), "red"), "two")
	b.equal("another partner", b.found(call.Partner("par_2"), "red"), "")
}

func foundAfterReindex(b *bench) {
	b.create(Parcel{Label: "one", Marks: "red"})
	b.tx(func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM found_by")
		return err
	})
	b.equal("before", b.found(everyone(), "red"), "")
	_, err := b.parcels.Reindex(b.ctx(), "words", 10)
	b.must(err)
	b.equal("after", b.found(everyone(), "red"), "one")
}
