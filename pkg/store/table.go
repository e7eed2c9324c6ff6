package store

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// Table is the table of one kind. Safe for concurrent use.
type Table[T any] struct {
	db    *DB
	kind  Kind[T]
	info  *kindInfo
	texts texts
}

// NewTable registers the kind, so that it is counted, listed when parked, and released. Call it once per kind, at
// start.
func NewTable[T any](db *DB, k Kind[T]) *Table[T] {
	t := &Table[T]{db: db, kind: k, info: &kindInfo{noun: k.Noun, table: k.Table, version: k.Version, bell: newBell()}}
	t.info.republish, t.texts = t.republish, textsOf(k.Table, t.names())
	for _, c := range k.Columns {
		t.info.columns = append(t.info.columns, c.Name)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.kinds = append(db.kinds, t.info)
	return t
}

// Noun is the noun of the kind's events.
func (t *Table[T]) Noun() string { return t.kind.Noun }

// Waiting says who must act before the aggregate of a row goes on. It becomes another without a new revision too.
func (t *Table[T]) Waiting(r Row[T]) Waiting {
	if t.kind.Waiting == nil {
		return Waiting{}
	}
	return t.kind.Waiting(r.Doc)
}

// Get reads one aggregate. errs.NotFound "NOT_FOUND" when there is none that scope sees.
func (t *Table[T]) Get(ctx context.Context, scope call.Scope, id string) (Row[T], error) {
	return t.get(reader{ctx, t.db}, scope, id)
}

// GetTx is Get inside a transaction. It takes no lock: what it read may change until Update. What the transaction holds
// nobody else changes, so it is not read again; nor is what was foreseen, by a scope that sees everything.
func (t *Table[T]) GetTx(tx *Tx, scope call.Scope, id string) (Row[T], error) {
	s, known := tx.held[t.Row(id)]
	if !known && scope.All() {
		if s, known = tx.ahead[t.Row(id)]; known && s == nil {
			return Row[T]{}, t.missing(id)
		}
	}
	if s == nil {
		return t.get(tx, scope, id)
	}
	if err := t.visible(tx, scope, s.Customer, id); err != nil {
		return Row[T]{}, err
	}
	return t.decode(s)
}

// GetForUpdate is GetTx under the row's lock: what it read holds until the transaction ends, so that an Update decides
// on the same document. With other rows besides it needs Tx.Lock first, as Update does.
func (t *Table[T]) GetForUpdate(tx *Tx, scope call.Scope, id string) (Row[T], error) {
	s, err := t.lock(tx, scope, id)
	if err != nil {
		return Row[T]{}, err
	}
	return t.decode(&s)
}

func (t *Table[T]) get(q querier, scope call.Scope, id string) (Row[T], error) {
	s, err := t.load(q, scope, id, "")
	if err != nil {
		return Row[T]{}, err
	}
	return t.decode(&s)
}

// load reads a row that scope sees, with the dialect's words for a lock. The scope is part of the statement: a row that
// belongs to others is neither read nor waited for, so that it takes as long as one that does not exist.
func (t *Table[T]) load(q querier, scope call.Scope, id, locking string) (stored, error) {
	var f filter
	f.add("id = " + f.arg(id))
	f.scope(scope)
	found, err := selectAll(q, scanRow, "SELECT "+rowColumns+" FROM "+t.kind.Table+f.String()+locking, f.args...)
	if err != nil {
		return stored{}, err
	}
	if len(found) == 0 {
		return stored{}, t.missing(id)
	}
	return found[0], nil
}

// visible says that a row is not there when scope does not see it.
func (t *Table[T]) visible(q querier, scope call.Scope, customer, id string) error {
	seen, err := sees(q, scope, customer)
	if err == nil && !seen {
		return t.missing(id)
	}
	return err
}

func (t *Table[T]) missing(id string) error {
	return errs.New(errs.NotFound, "NOT_FOUND", "there is no %s %q", t.kind.Noun, id)
}
