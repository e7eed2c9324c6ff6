package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Count is how many aggregates of a kind are alike, for metrics.
type Count struct {
	Kind    string // noun
	Is      string // the state, or who must act
	Hold    string // why it stands still, for a kind with a column hold
	Overdue bool   // of a wait: it was escalated, or its date is past
	Number  int
}

// Waits counts who must act, by kind.
func (db *DB) Waits(ctx context.Context) ([]Count, error) {
	var parts []string
	for _, k := range db.registered() {
		parts = append(parts, fmt.Sprintf("SELECT '%s', waiting_owner, '', CASE WHEN escalated = 1 OR waiting_until < $1 THEN 1 ELSE 0 END, "+
			"count(*) FROM %s WHERE waiting_owner <> '' GROUP BY 2, 4", k.noun, k.table))
	}
	return db.counts(ctx, parts, db.business.Now().UnixMicro())
}

// States counts the kinds that have a column state, by it.
func (db *DB) States(ctx context.Context) ([]Count, error) {
	var parts []string
	for _, k := range db.registered() {
		if !slices.Contains(k.columns, "state") {
			continue
		}
		hold := "''"
		if slices.Contains(k.columns, "hold") {
			hold = "hold"
		}
		parts = append(parts, fmt.Sprintf("SELECT '%s', state, %s, 0, count(*) FROM %s GROUP BY 2, 3", k.noun, hold, k.table))
	}
	return db.counts(ctx, parts)
}

func (db *DB) counts(ctx context.Context, parts []string, args ...any) ([]Count, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	return selectAll(reader{ctx, db}, func(rows *sql.Rows) (c Count, err error) {
		err = rows.Scan(&c.Kind, &c.Is, &c.Hold, &c.Overdue, &c.Number)
		return c, err
	}, strings.Join(parts, " UNION ALL "), args...)
}

// OldestDue returns for how long, business time, the aggregate that is due longest has waited for a worker.
func (db *DB) OldestDue(ctx context.Context) (time.Duration, error) {
	const oldest = `SELECT min(CASE WHEN wake_at < updated_at THEN updated_at ELSE wake_at END) FROM %s
WHERE parked = 0 AND claimed_until = 0 AND wake_at <= $1 AND doc_version <= $2`
	now, longest := db.business.Now(), time.Duration(0)
	for _, k := range db.registered() {
		var due sql.NullInt64
		if err := db.read.QueryRowContext(ctx, fmt.Sprintf(oldest, k.table), now.UnixMicro(), k.version).Scan(&due); err != nil {
			return 0, db.refine(ctx, err, "look for what is due")
		}
		if due.Valid {
			longest = max(longest, now.Sub(time.UnixMicro(due.Int64)))
		}
	}
	return longest, nil
}

// PermitsLeft returns how many permits are left of each API, in its emptiest bucket.
func (db *DB) PermitsLeft(ctx context.Context) (map[string]int, error) {
	left := map[string]int{}
	_, err := selectAll(reader{ctx, db}, func(rows *sql.Rows) (struct{}, error) {
		var api string
		var n int
		err := rows.Scan(&api, &n)
		left[api] = n
		return struct{}{}, err
	}, "SELECT api, min(burst - CASE WHEN drawn_to <= $1 THEN 0 ELSE (drawn_to - $1 + each - 1) / each END) FROM permits GROUP BY api",
		int64(db.machine.Now()))
	return left, err
}

// Connections returns how many connections to the database are in use, and how many may be.
func (db *DB) Connections() (used, most int) {
	s := db.read.Stats()
	return s.InUse, s.MaxOpenConnections
}
