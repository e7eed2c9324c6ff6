package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
)

// Pending is the work of a database: nothing but NextDue when the service is quiet. Parked rows are not in it.
type Pending struct {
	Due         int       // for this release to claim now
	Claimed     int       // being worked on
	BackingOff  int       // due, but failed a moment ago
	Unpublished int       // revisions still to be relayed
	NextDue     time.Time // business time at which the next sleeping row is due; zero: none
}

// Pending counts in one statement, hence one snapshot: work that moves from one kind to another is not missed.
func (db *DB) Pending(ctx context.Context) (Pending, error) {
	parts := []string{"SELECT 0, 0, 0, (SELECT count(*) FROM revisions), NULL, NULL"}
	for _, k := range db.registered() {
		parts = append(parts, k.pendingSQL())
	}
	// The arguments are named in a part of their own, for a service without kinds.
	query := "SELECT * FROM (" + strings.Join(parts, " UNION ALL ") +
		") AS counted WHERE CAST($1 AS BIGINT) >= 0 AND CAST($2 AS BIGINT) >= 0"
	business, machine := db.business.Now().UnixMicro(), int64(db.machine.Now())
	counted, err := selectAll(reader{ctx, db}, scanPending, query, business, machine)
	var sum Pending
	for _, p := range counted {
		sum.Due += p.Due
		sum.Claimed += p.Claimed
		sum.BackingOff += p.BackingOff
		sum.Unpublished += p.Unpublished
		sum.NextDue = earlier(sum.NextDue, p.NextDue)
	}
	return sum, err
}

// pendingSQL counts by the ranges of the work index: rows that sleep are not touched.
func (k *kindInfo) pendingSQL() string {
	const counts = `SELECT
(SELECT count(*) FROM %[1]s WHERE parked = 0 AND claimed_until = 0 AND wake_at <= $1 AND doc_version <= %[2]d) +
(SELECT count(*) FROM %[1]s WHERE parked = 0 AND claimed_until > 0 AND claimed_until <= $2 AND wake_at <= $1 AND doc_version <= %[2]d),
(SELECT count(*) FROM %[1]s WHERE parked = 0 AND claimed_until > 0 AND claimed_until > $2 AND NOT %[3]s),
(SELECT count(*) FROM %[1]s WHERE parked = 0 AND claimed_until > 0 AND claimed_until > $2 AND %[3]s AND wake_at <= $1),
0,
(SELECT min(wake_at) FROM %[1]s WHERE parked = 0 AND claimed_until = 0 AND wake_at > $1),
(SELECT min(wake_at) FROM %[1]s WHERE parked = 0 AND claimed_until > 0 AND wake_at > $1)`
	return fmt.Sprintf(counts, k.table, k.version, "(claim = '' OR claim LIKE '"+backsOff+"%')")
}

func scanPending(rows *sql.Rows) (Pending, error) {
	var p Pending
	var free, held sql.NullInt64
	err := rows.Scan(&p.Due, &p.Claimed, &p.BackingOff, &p.Unpublished, &free, &held)
	for _, wake := range []sql.NullInt64{free, held} {
		if wake.Valid {
			p.NextDue = earlier(p.NextDue, time.UnixMicro(wake.Int64).UTC())
		}
	}
	return p, err
}

// OldestUnpublished returns for how long the oldest revision has waited to be relayed; 0 when none waits.
func (db *DB) OldestUnpublished(ctx context.Context) (time.Duration, error) {
	var oldest sql.NullInt64
	err := db.read.QueryRowContext(ctx, "SELECT min(recorded_at) FROM revisions").Scan(&oldest)
	if err != nil || !oldest.Valid {
		return 0, db.refine(ctx, err, "look at the outbox")
	}
	return max(db.machine.Now().Sub(clock.Instant(oldest.Int64)), 0), nil
}

// earlier returns the earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
