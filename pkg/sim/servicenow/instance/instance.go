// Package instance is what a simulated ServiceNow instance knows and allows: tables with their fields and choices,
// records with their journals, encoded queries, and the rules by which cases and incidents move from state to state.
//
// It owns no HTTP and no form of an answer (the Table API is pkg/sim/servicenow).
package instance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.com/handover/pkg/sim/journal"
)

// Journal keeps what is committed, over a restart.
type Journal interface {
	// Load returns the newest record of every entity.
	Load() ([]journal.Record, error)
	// Append keeps the records of one commit, all or none; they are durable when it returns.
	Append(records []journal.Record) error
	Close() error
}

// Settings are what differs between instances.
type Settings struct {
	Users               []string // who has an account
	CaseCancelled       bool     // cases have the state 7 Cancelled, as on customized instances
	InvalidQueryNothing bool     // glide.invalid_query.returns_no_rows; otherwise an invalid part is ignored
}

// Instance is everything that is committed. All methods are safe for concurrent use; changes happen one after another.
type Instance struct {
	now      func() time.Time
	journal  Journal
	settings Settings
	tables   map[string]*Table

	mu      sync.RWMutex
	rows    map[string]map[string]Row // by table and sys_id
	numbers map[string]int            // the last number given, by table
	places  map[string]int            // in the order of creation, by sys_id: a second is too coarse to tell
}

// Open reads the journal; no journal keeps the records in memory only. The time that now returns is business time,
// and all records are dated by it.
func Open(now func() time.Time, kept Journal, settings Settings) (*Instance, error) {
	i := &Instance{
		now: now, journal: kept, settings: settings,
		tables: dictionary(settings), rows: map[string]map[string]Row{}, numbers: map[string]int{}, places: map[string]int{},
	}
	for name := range i.tables {
		i.rows[name] = map[string]Row{}
	}
	i.provide()
	if kept == nil {
		return i, nil
	}
	records, err := kept.Load()
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		row := Row{}
		if err := json.Unmarshal(r.Doc, &row); err != nil {
			return nil, fmt.Errorf("instance: %s %s: %w", r.Kind, r.ID, err)
		}
		if i.tables[r.Kind] == nil {
			return nil, fmt.Errorf("instance: the journal holds a %q, which this version does not know", r.Kind)
		}
		i.put(r.Kind, row)
	}
	return i, nil
}

// Close closes the journal.
func (i *Instance) Close() error {
	if i.journal == nil {
		return nil
	}
	i.mu.Lock() // a commit under way is finished first
	defer i.mu.Unlock()
	return i.journal.Close()
}

// Table returns the definition of a table; nil when there is none.
func (i *Instance) Table(name string) *Table { return i.tables[name] }

// Get returns the record of a table and sys_id.
func (i *Instance) Get(table, sysID string) (Row, bool) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	row, ok := i.rows[table][sysID]
	return row, ok
}

// Find returns the records of a table that an encoded query chooses, in its order. Those it leaves open are ordered by
// sys_id, which is as good as no order.
func (i *Instance) Find(table, query string) []Row {
	q := i.parse(table, query)
	i.mu.RLock()
	defer i.mu.RUnlock()
	var found []Row
	for _, row := range i.rows[table] {
		if q.chooses(func(path string) string { return i.value(table, row, path) }) {
			found = append(found, row)
		}
	}
	q.sort(found, func(row Row, path string) string { return i.value(table, row, path) })
	return found
}

// Oldest returns the records of a table that an encoded query chooses in the order of their creation.
func (i *Instance) Oldest(table, query string) []Row {
	found := i.Find(table, query)
	i.mu.RLock()
	defer i.mu.RUnlock()
	slices.SortFunc(found, func(a, b Row) int { return cmp.Compare(i.places[a[SysID]], i.places[b[SysID]]) })
	return found
}

// commit makes rows durable, then visible. The caller holds the lock.
func (i *Instance) commit(written []written) error {
	if i.journal != nil {
		var records []journal.Record
		for _, w := range written {
			doc, err := json.Marshal(w.row)
			if err != nil {
				return fmt.Errorf("instance: %s %s: %w", w.table, w.row[SysID], err)
			}
			records = append(records, journal.Record{Kind: w.table, ID: w.row[SysID], Doc: doc})
		}
		if err := i.journal.Append(records); err != nil {
			return err
		}
	}
	for _, w := range written {
		i.put(w.table, w.row)
	}
	return nil
}

type written struct {
	table string
	row   Row
}

func (i *Instance) put(table string, row Row) {
	if _, there := i.places[row[SysID]]; !there {
		i.places[row[SysID]] = len(i.places)
	}
	i.rows[table][row[SysID]] = row
	i.numbers[table] = max(i.numbers[table], i.tables[table].numberOf(row))
}
