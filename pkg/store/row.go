package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// Meta is what the store knows of a row. Times are business time.
type Meta struct {
	ID          string
	Customer    string
	Correlation string
	Revision    int64 // 1 at creation, one more with each change that has facts
	CreatedAt   time.Time
	UpdatedAt   time.Time // of the revision
	WakeAt      time.Time // zero: sleeps
	Parked      bool      // failed too often: waits for Release
	Attempts    int       // tries since the last one that succeeded, the present one included; Claim.Fail says which count
	LastError   string    // of the last try that failed
}

// ETag is the revision in decimal.
func (m Meta) ETag() string { return strconv.FormatInt(m.Revision, 10) }

// Row is an aggregate.
type Row[T any] struct {
	Meta
	Doc *T
}

// rowColumns are the columns of every kind.
const rowColumns = "id, customer, correlation, revision, doc, doc_version, wake_at, claimed_until, claim, " +
	"attempts, last_error, parked, created_at, updated_at, recorded_at"

// stored is a row as it is kept.
type stored struct {
	Meta
	doc          string
	version      int
	claimedUntil clock.Instant
	claim        string
	recordedAt   clock.Instant
}

// record begins a revision's facts. Their time never falls, even when another machine's clock is behind: ordered by it, the
// events of an aggregate are in the order of their revisions.
func (s *stored) record(machine clock.Instant) { s.recordedAt = max(s.recordedAt, machine) }

func scanRow(rows *sql.Rows) (stored, error) { return scanRowAnd(rows) }

// scanRowAnd reads rowColumns and what was selected after them.
func scanRowAnd(row scanner, more ...any) (stored, error) {
	var s stored
	var wake sql.NullInt64
	var created, updated, parked int64 // database/sql would make a bool of it, PostgreSQL's driver does not
	dest := []any{
		&s.ID, &s.Customer, &s.Correlation, &s.Revision, &s.doc, &s.version, &wake, &s.claimedUntil, &s.claim,
		&s.Attempts, &s.LastError, &parked, &created, &updated, &s.recordedAt,
	}
	err := row.Scan(append(dest, more...)...)
	s.CreatedAt, s.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	s.Parked = parked != 0
	if wake.Valid {
		s.WakeAt = time.UnixMicro(wake.Int64).UTC()
	}
	return s, err
}

// dueNow reports whether a worker may take the row.
func (s *stored) dueNow(now time.Time, machine clock.Instant) bool {
	return !s.Parked && !s.WakeAt.IsZero() && !s.WakeAt.After(now) && s.claimedUntil <= machine
}

// decode reads the document, upgraded if it is old. One of a newer release is read as far as this one knows it.
func (t *Table[T]) decode(s *stored) (Row[T], error) {
	row := Row[T]{Meta: s.Meta, Doc: new(T)}
	doc := []byte(s.doc)
	if s.version < t.kind.Version {
		if t.kind.Upgrade == nil {
			return row, t.unreadable(s, fmt.Errorf("no upgrade from version %d", s.version))
		}
		upgraded, err := t.kind.Upgrade(s.version, doc)
		if err != nil {
			return row, t.unreadable(s, err)
		}
		doc = upgraded
	}
	if err := json.Unmarshal(doc, row.Doc); err != nil {
		return row, t.unreadable(s, err)
	}
	return row, nil
}

func (t *Table[T]) unreadable(s *stored, cause error) error {
	return errs.Wrap(cause, errs.Internal, "INTERNAL", "the document of %s (version %d) cannot be read", s.ID, s.version)
}
