package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// sleepers is a table with a number of sleeping aggregates. It is filled and woken in the database, not through the
// store.
type sleepers struct {
	raw   *sql.DB
	table *store.Table[parcel]
	count int
	due   int   // how many are woken at a time
	until int64 // when the first would wake by itself, microseconds
}

// serviceOfSleepers names their database.
const serviceOfSleepers = "sleepers"

func (b *bench) newSleepers(ctx context.Context, on server, count int) (*sleepers, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(at.folder, serviceOfSleepers), 0o700); err != nil {
		return nil, err
	}
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	business := clock.NewLive()
	db, err := store.Open(ctx, store.Options{DSN: at.dsn(serviceOfSleepers), Service: serviceOfSleepers, Migrations: own, Business: business})
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return db.Close() })
	raw, err := at.raw(serviceOfSleepers)
	if err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return raw.Close() })
	s := &sleepers{
		raw: raw, table: store.NewTable(db, parcelKind()), count: count, due: b.size.due,
		until: business.Now().Add(24 * time.Hour).UnixMicro(),
	}
	return s, s.fill(ctx, on.settle)
}

// fill makes rows that wake within a year from tomorrow, as the transfers of many customers would.
func (s *sleepers) fill(ctx context.Context, settle string) error {
	const rows = `
INSERT INTO parcels (id, customer, correlation, revision, doc, doc_version, wake_at, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d)
SELECT %[2]s, 'cus_1', %[2]s, 1, '{"Label":"%[3]s"}', 1, %[4]d + (i * 7919 %% 31536000) * 1000000, 0, 0 FROM n`
	const id = "'par_' || substr('00000000000000000000000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1)"
	if _, err := s.raw.ExecContext(ctx, fmt.Sprintf(rows, s.count, id, strings.ReplaceAll(label, "'", ""), s.until)); err != nil {
		return fmt.Errorf("fill %d rows: %w", s.count, err)
	}
	if settle == "" {
		return nil
	}
	_, err := s.raw.ExecContext(ctx, settle+" parcels")
	return err
}

// wake makes rows from all over the table due, and returns their ids.
func (s *sleepers) wake(ctx context.Context) ([]any, error) {
	ids := make([]any, 0, s.due)
	for taken := map[int]bool{}; len(ids) < s.due; {
		if i := 1 + rand.N(s.count); !taken[i] {
			taken[i] = true
			ids = append(ids, fmt.Sprintf("par_%026d", i))
		}
	}
	return ids, s.change(ctx, "wake_at = 0", ids)
}

// lull frees rows and lets them sleep again.
func (s *sleepers) lull(ctx context.Context, ids []any) error {
	return s.change(ctx, fmt.Sprintf("claim = '', claimed_until = 0, attempts = 0, wake_at = %d", s.until), ids)
}

func (s *sleepers) change(ctx context.Context, set string, ids []any) error {
	marks := make([]string, len(ids))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	_, err := s.raw.ExecContext(ctx, "UPDATE parcels SET "+set+" WHERE id IN ("+strings.Join(marks, ", ")+")", ids...)
	return err
}
