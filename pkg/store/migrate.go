package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var sharedMigrations embed.FS

// migrate applies the store's own migrations and then the service's, each with a version table of its own. They go
// forward only, and must be safe while the previous release still serves.
//
// One set serves both databases: TEXT, BIGINT and, for bytes, BYTEA mean the same on both. What one of them needs
// otherwise stands in files of its own, named 00001_orders.postgres.sql and 00001_orders.sqlite.sql.
//
// The table of a kind begins with a line that stands for what every kind has, and goes on with the computed columns:
//
//	CREATE TABLE orders (
//	  -- +store kind
//	  state TEXT NOT NULL
//	);
//
// The store puts the columns of kindColumns in its place and the indexes of kindIndexes behind the table. A unique
// index is named <table>_<column>[_<column>…], which is how a refusal tells the column on both databases.
func (db *DB) migrate(ctx context.Context, service fs.FS) error {
	return db.dialect.exclusively(ctx, db.write, db.service, func() error {
		shared, err := fs.Sub(sharedMigrations, "migrations")
		if err != nil {
			return err
		}
		if err := db.apply(ctx, shared, "store_migrations"); err != nil || service == nil {
			return err
		}
		return db.apply(ctx, service, "service_migrations")
	})
}

func (db *DB) apply(ctx context.Context, all fs.FS, versions string) error {
	provider, err := goose.NewProvider(db.dialect.goose, db.write, migrations{all, db.dialect.name},
		goose.WithTableName(versions), goose.WithDisableGlobalRegistry(true), goose.WithSlog(db.log))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// kindColumns are the columns of every kind. The document is JSON, which SQL never looks into.
const kindColumns = `  id            TEXT   NOT NULL PRIMARY KEY,
  customer      TEXT   NOT NULL,
  correlation   TEXT   NOT NULL,
  revision      BIGINT NOT NULL,
  doc           TEXT   NOT NULL,
  doc_version   BIGINT NOT NULL,
  wake_at       BIGINT,                     -- business time; NULL: sleeps
  claimed_until BIGINT NOT NULL DEFAULT 0,  -- machine time; 0: neither claimed nor backing off
  claimed_at    BIGINT NOT NULL DEFAULT 0,  -- machine time at which claimed_until was set
  claim         TEXT   NOT NULL DEFAULT '', -- token of the worker; '' with claimed_until: backing off
  attempts      BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT   NOT NULL DEFAULT '',
  parked        BIGINT NOT NULL DEFAULT 0,
  waiting_owner TEXT   NOT NULL DEFAULT '', -- who must act; '': nobody
  waiting_until BIGINT,                     -- business time; NULL: no date
  escalated     BIGINT NOT NULL DEFAULT 0,
  urgency       BIGINT NOT NULL DEFAULT 4611686018427387904, -- the smaller the more urgent, see Waiting
  created_at    BIGINT NOT NULL,
  recorded_at   BIGINT NOT NULL DEFAULT 0,  -- machine time of the revision's facts; never falls
  updated_at    BIGINT NOT NULL`

// kindIndexes are the indexes of every kind. The first makes claiming flat: free rows are those with claimed_until = 0,
// in order of wake_at, so that neither sleeping nor claimed nor backing-off nor parked rows are passed over again and
// again.
const kindIndexes = `CREATE INDEX <table>_work ON <table> (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX <table>_parked ON <table> (id) WHERE parked = 1;
CREATE INDEX <table>_created ON <table> (created_at, id);
CREATE INDEX <table>_urgency ON <table> (urgency, id);
CREATE INDEX <table>_waiting_owner ON <table> (waiting_owner, urgency, id) WHERE waiting_owner <> '';
`

const kindMark = "-- +store kind"

// kindTable finds the tables of kinds: their names and computed columns.
var kindTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) \(\n\s*` + regexp.QuoteMeta(kindMark) + `\n((?:.*\n)*?)\);\n`)

// expanded writes out what the lines "-- +store kind" stand for.
func expanded(text string) string {
	return kindTable.ReplaceAllStringFunc(text, func(found string) string {
		parts := kindTable.FindStringSubmatch(found)
		table, computed := parts[1], parts[2]
		columns := kindColumns
		if strings.TrimSpace(computed) != "" {
			columns += ",\n" + strings.TrimSuffix(computed, "\n")
		}
		return "CREATE TABLE " + table + " (\n" + columns + "\n);\n" + strings.ReplaceAll(kindIndexes, "<table>", table)
	})
}

// migrations shows a folder as one of the databases applies it.
type migrations struct {
	fs.FS
	dialect string
}

// Glob leaves out the other database's files.
func (m migrations) Glob(pattern string) ([]string, error) {
	all, err := fs.Glob(m.FS, pattern)
	var ours []string
	for _, name := range all {
		if only := path.Ext(strings.TrimSuffix(name, ".sql")); only == "" || only == "."+m.dialect {
			ours = append(ours, name)
		}
	}
	return ours, err
}

// Open expands a file.
func (m migrations) Open(name string) (fs.File, error) {
	file, err := m.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	sql := expanded(string(text))
	if strings.Contains(sql, kindMark) {
		_ = file.Close()
		return nil, fmt.Errorf("%s: a line %q does not follow a line CREATE TABLE <name> (", name, kindMark)
	}
	return migration{file, strings.NewReader(sql)}, nil
}

type migration struct {
	fs.File
	text io.Reader
}

func (m migration) Read(p []byte) (int, error) { return m.text.Read(p) }
