package state

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/sim/journal"
)

// entity is what the state keeps. Entities are values: whoever changes one puts the changed copy back.
type entity interface {
	key() string
	since() time.Time  // lists are ordered by it, then by key
	parties() []string // accounts and e-mail addresses whose lists it is in
}

// table holds the committed rows of one kind.
type table[T entity] struct {
	kind    string
	rows    map[string]T
	byParty map[string]map[string]bool
}

func newTable[T entity](kind string) *table[T] {
	return &table[T]{kind: kind, rows: map[string]T{}, byParty: map[string]map[string]bool{}}
}

func (t *table[T]) set(id string, row *T) {
	if old, ok := t.rows[id]; ok {
		for _, p := range old.parties() {
			if delete(t.byParty[p], id); len(t.byParty[p]) == 0 {
				delete(t.byParty, p)
			}
		}
		delete(t.rows, id)
	}
	if row == nil {
		return
	}
	t.rows[id] = *row
	for _, p := range (*row).parties() {
		if t.byParty[p] == nil {
			t.byParty[p] = map[string]bool{}
		}
		t.byParty[p][id] = true
	}
}

func (t *table[T]) kindName() string { return t.kind }

// load takes a row over from the journal.
func (t *table[T]) load(r journal.Record) error {
	row := new(T)
	if err := json.Unmarshal(r.Doc, row); err != nil {
		return fmt.Errorf("state: %s %s: %w", r.Kind, r.ID, err)
	}
	t.set(r.ID, row)
	return nil
}

// Rows is one transaction's view of one kind: what is committed, and over it what the transaction has changed.
type Rows[T entity] struct {
	base   *table[T]
	staged map[string]*T // nil: deleted
}

// Get returns the row of that id.
func (r *Rows[T]) Get(id string) (T, bool) {
	if row, ok := r.staged[id]; ok {
		if row == nil {
			return *new(T), false
		}
		return *row, true
	}
	row, ok := r.base.rows[id]
	return row, ok
}

// Put adds the row or replaces the one of the same id.
func (r *Rows[T]) Put(row T) { r.stage(row.key(), &row) }

// Delete removes the row of that id, if there is one.
func (r *Rows[T]) Delete(id string) {
	if _, ok := r.Get(id); ok {
		r.stage(id, nil)
	}
}

// All returns every row, oldest first.
func (r *Rows[T]) All() []T {
	var out []T
	for id := range r.base.rows {
		if _, changed := r.staged[id]; !changed {
			out = append(out, r.base.rows[id])
		}
	}
	return r.sorted(out, func(T) bool { return true })
}

// Of returns the rows that concern an account or e-mail address, oldest first.
func (r *Rows[T]) Of(party string) []T {
	var out []T
	for id := range r.base.byParty[party] {
		if _, changed := r.staged[id]; !changed {
			out = append(out, r.base.rows[id])
		}
	}
	return r.sorted(out, func(row T) bool { return slices.Contains(row.parties(), party) })
}

func (r *Rows[T]) sorted(out []T, keep func(T) bool) []T {
	for _, row := range r.staged {
		if row != nil && keep(*row) {
			out = append(out, *row)
		}
	}
	slices.SortFunc(out, func(a, b T) int {
		if c := a.since().Compare(b.since()); c != 0 {
			return c
		}
		return strings.Compare(a.key(), b.key())
	})
	return out
}

func (r *Rows[T]) stage(id string, row *T) {
	if r.staged == nil {
		r.staged = map[string]*T{}
	}
	r.staged[id] = row
}

func (r *Rows[T]) changed() bool { return len(r.staged) > 0 }

// records returns the staged changes as the journal keeps them.
func (r *Rows[T]) records() ([]journal.Record, error) {
	var out []journal.Record
	for id, row := range r.staged {
		rec := journal.Record{Kind: r.base.kind, ID: id}
		if row != nil {
			doc, err := json.Marshal(row)
			if err != nil {
				return nil, fmt.Errorf("state: %s %s: %w", rec.Kind, id, err)
			}
			rec.Doc = doc
		}
		out = append(out, rec)
	}
	return out, nil
}

func (r *Rows[T]) apply() {
	for id, row := range r.staged {
		r.base.set(id, row)
	}
}
