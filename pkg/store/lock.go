package store

import (
	"cmp"
	"fmt"
	"slices"

	"example.com/handover/pkg/errs"
)

// Locked names a row that a transaction is going to change.
type Locked struct{ table, id string }

func (l Locked) String() string { return l.table + " " + l.id }

// Row names a row of this kind, for Tx.Lock. An empty id names none.
func (t *Table[T]) Row(id string) Locked { return Locked{t.kind.Table, id} }

// Lock takes the locks of all rows that this transaction is going to change, in one order for all transactions, so that
// no two wait for each other in a circle. It is called once, before any row is locked otherwise; what is changed or read
// for update afterwards must be among the rows, or made by this transaction itself. A transaction that changes one row
// needs none. A row that does not exist is passed over: who changes it gets errs.NotFound.
//
// To find out which rows these are, read without a lock, lock, and read again what the decision rests on.
func (tx *Tx) Lock(rows ...Locked) error {
	if tx.declared || tx.sole != (Locked{}) {
		return errs.New(errs.Internal, "INTERNAL", "rows are locked once, before any is changed")
	}
	tx.declared = true
	rows = slices.DeleteFunc(slices.Clone(rows), func(l Locked) bool { return l.id == "" })
	slices.SortFunc(rows, func(a, b Locked) int { return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.id, b.id)) })
	var reads []statement
	for _, l := range slices.Compact(rows) {
		tx.held[l] = nil
		reads = append(reads, l.reading(tx.db.dialect.forUpdate, tx.held))
	}
	if tx.db.dialect.pipelines {
		for _, l := range tx.foreseen {
			tx.ahead[l] = nil
			reads = append(reads, l.reading("", tx.ahead))
		}
	}
	return tx.readAll(reads)
}

// Foresee names rows that [Table.GetTx] is going to read without a lock: where that saves round trips, they are read together
// with the rows that the next Lock names, after these are locked.
func (tx *Tx) Foresee(rows ...Locked) {
	for _, l := range rows {
		if l.id != "" {
			tx.foreseen = append(tx.foreseen, l)
		}
	}
}

// reading reads the row into rows, when there is one.
func (l Locked) reading(locking string, rows map[Locked]*stored) statement {
	return statement{
		query: fmt.Sprintf("SELECT %s FROM %s WHERE id = $1%s", rowColumns, l.table, locking), args: []any{l.id},
		read: func(found scanner) error {
			s, err := scanRowAnd(found)
			rows[l] = &s
			return err
		},
	}
}

// hold admits the lock of one row: the first of a transaction that declared none, or one of those it declared.
func (tx *Tx) hold(l Locked) error {
	_, held := tx.held[l]
	switch {
	case held:
		return nil
	case tx.declared:
		return errs.New(errs.Internal, "INTERNAL", "%s is not among the rows that were locked", l)
	case tx.sole != (Locked{}):
		return errs.New(errs.Internal, "INTERNAL", "%s is changed besides %s: lock both first", l, tx.sole)
	}
	tx.sole, tx.held[l] = l, nil
	return nil
}

// forget has a row read again that was changed past its table.
func (tx *Tx) forget(l Locked) {
	delete(tx.ahead, l)
	if _, held := tx.held[l]; held {
		tx.held[l] = nil
	}
}
