package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"example.com/handover/pkg/errs"
)

// dialect is everything in which the two databases differ.
type dialect struct {
	name       string // in the names of its own migrations
	goose      goose.Dialect
	forUpdate  string // locks the selected rows until the transaction ends
	skipLocked string // locks them and passes over those that others hold
	hurry      string // has this transaction wait for locks less long than the server takes to see that two wait for each other
	open       func(Options) (write, read *sql.DB, err error)
	pipelines  bool // its connections take a pipeline
	// exclusively runs do while no other process of this service does, with a schema to work in.
	exclusively func(ctx context.Context, db *sql.DB, service string, do func() error) error
	classify    func(error) class
	verify      string             // looks for damage; "": the server does
	unique      func(error) string // the columns of the unique index that refused a row, joined by "_"
	// rewritten moves every row of a table to fresh pages; nil: the server reclaims old ones itself.
	rewritten func(tx *Tx, table string) error
	// settle moves what was committed into the database file and empties its log; nil: the server does.
	settle func(ctx context.Context, db *sql.DB) error
}

// class says what a database error means for us.
type class int

const (
	unclassified class = iota // our bug, or something nobody foresaw
	duplicate                 // a unique index refused the row
	contention                // deadlock, serialization failure, busy: the same transaction may succeed at once
	away                      // not reachable, shutting down, full: later
)

func dialectOf(dsn string) (dialect, error) {
	scheme, _, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "sqlite":
		return sqliteDialect(), nil
	case "postgres", "postgresql":
		return postgresDialect(), nil
	}
	return dialect{}, fmt.Errorf("the DSN names neither sqlite nor postgres")
}

// sqliteDialect needs no row locks: its one write connection begins every transaction with the write lock.
func sqliteDialect() dialect {
	return dialect{
		name: "sqlite", goose: goose.DialectSQLite3,
		open:        openSQLite,
		exclusively: func(_ context.Context, _ *sql.DB, _ string, do func() error) error { return do() },
		classify:    classifySQLite,
		verify:      "PRAGMA quick_check(1)",
		unique:      uniqueSQLite,
		rewritten:   rewrittenSQLite,
		settle:      settleSQLite,
	}
}

// openSQLite takes full fsync: an answered call survives a power cut. Freed space is overwritten, which costs nothing
// that can be measured, and nothing temporary reaches the disk. To cut the log at each turn as well would make every
// commit a third slower; Scrub empties it when it matters.
func openSQLite(o Options) (write, read *sql.DB, err error) {
	path, err := filepath.Abs(strings.TrimPrefix(o.DSN, "sqlite:"))
	if err != nil {
		return nil, nil, err
	}
	file := (&url.URL{Scheme: "file", Path: path}).String()
	const shared = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)"
	write, err = openPreparing(file + shared + "&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	// A reader's pages are worth nothing after the next commit of the writer: 2 MiB of them, the default, for each reader of
	// each database were 40 MB that a process of six services took in its first hours.
	read, err = openPreparing(file + shared + "&_pragma=query_only(1)&_pragma=cache_size(-512)")
	if err != nil {
		_ = write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(2 * runtime.NumCPU())
	read.SetMaxIdleConns(2 * runtime.NumCPU())
	read.SetConnMaxIdleTime(time.Minute) // its pages and statements were for a burst
	return write, read, nil
}

func classifySQLite(err error) class {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return unclassified
	}
	switch e.Code() {
	case sqlitecode.SQLITE_CONSTRAINT_UNIQUE, sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY:
		return duplicate
	}
	switch e.Code() & 0xff {
	case sqlitecode.SQLITE_BUSY, sqlitecode.SQLITE_LOCKED:
		return contention
	case sqlitecode.SQLITE_FULL, sqlitecode.SQLITE_IOERR, sqlitecode.SQLITE_CANTOPEN, sqlitecode.SQLITE_READONLY:
		return away
	}
	return unclassified
}

// uniqueSQLite reads "UNIQUE constraint failed: orders.seller_id, orders.account_id (2067)".
func uniqueSQLite(err error) string {
	_, list, _ := strings.Cut(err.Error(), "UNIQUE constraint failed: ")
	list, _, _ = strings.Cut(list, " (")
	var columns []string
	for column := range strings.SplitSeq(list, ", ") {
		columns = append(columns, column[strings.LastIndex(column, ".")+1:])
	}
	return strings.Join(columns, "_")
}

// rewrittenSQLite: when pages are split and merged, rows move, and secure_delete leaves their old copies in the gaps of
// pages that stay in use. Deleting all rows frees, and so overwrites, every page.
func rewrittenSQLite(tx *Tx, table string) error {
	for _, statement := range []string{
		"CREATE TEMP TABLE kept AS SELECT * FROM " + table,
		"DELETE FROM " + table,
		"INSERT INTO " + table + " SELECT * FROM temp.kept",
		"DROP TABLE temp.kept",
	} {
		if _, err := tx.Exec(statement); err != nil {
			return err
		}
	}
	return nil
}

func settleSQLite(ctx context.Context, db *sql.DB) error {
	var busy, frames, moved int
	err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if err == nil && busy != 0 {
		return errs.New(errs.Unavailable, "UNAVAILABLE", "a reader holds on to the log")
	}
	return err
}

func postgresDialect() dialect {
	return dialect{
		name: "postgres", goose: goose.DialectPostgres,
		forUpdate: " FOR UPDATE", skipLocked: " FOR UPDATE SKIP LOCKED", hurry: "SET LOCAL lock_timeout = '100ms'",
		open:        openPostgres,
		pipelines:   true,
		exclusively: exclusivelyPostgres,
		classify:    classifyPostgres,
		unique:      uniquePostgres,
	}
}

// connectionLife is how long credentials that were replaced are still in use.
const connectionLife = 30 * time.Minute

func (o Options) postgres(dsn string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["search_path"] = pgx.Identifier{o.Service}.Sanitize()
	config.RuntimeParams["application_name"] = "handover-" + o.Service
	// A process that hangs inside a transaction must not hold its rows for ever.
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	// Nor must one that is gone while it waits go on to lock the rest of what it sent: the server looks after it each 5 s.
	config.RuntimeParams["client_connection_check_interval"] = "5000"
	return config, nil
}

// openPostgres leaves the isolation at READ COMMITTED, its default: every decision is made under a row lock.
func openPostgres(o Options) (write, read *sql.DB, err error) {
	config, err := o.postgres(o.DSN)
	if err != nil {
		return nil, nil, err
	}
	// Each connection is made with the credentials and certificates that the files hold then, and ends in time to be made with
	// their successors.
	pool := openPipelining(stdlib.GetConnector(*config, stdlib.OptionBeforeConnect(newRenewal(o, config).into)))
	pool.SetConnMaxLifetime(connectionLife)
	connections := o.Connections
	if connections == 0 {
		connections = 10
	}
	connections = max(connections, 2) // a migration holds one and works on another
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, pool, nil
}

// exclusivelyPostgres holds an advisory lock: replicas that start together migrate one after the other, and CREATE
// SCHEMA IF NOT EXISTS by itself is not safe against them.
func exclusivelyPostgres(ctx context.Context, db *sql.DB, service string, do func() error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, "handover migrate "+service)
	key := int64(hash.Sum64())
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return err
	}
	defer func() {
		_, unlock := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", key)
		err = errors.Join(err, unlock)
	}()
	if _, err := conn.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{service}.Sanitize()); err != nil {
		return err
	}
	return do()
}

func classifyPostgres(err error) class {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "23505":
			return duplicate
		case "40001", "40P01":
			return contention
		case "57P01", "57P02", "57P03", "53300", "53100", "53200", "25P03", "25006":
			return away
		}
		if strings.HasPrefix(e.Code, "08") {
			return away
		}
		return unclassified
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return away
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return away
	}
	for _, lost := range []error{driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, lost) {
			return away
		}
	}
	if pgconn.SafeToRetry(err) {
		return away
	}
	return unclassified
}

// uniquePostgres relies on the naming of unique indexes that [DB.migrate] asks for.
func uniquePostgres(err error) string {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return ""
	}
	columns := strings.TrimPrefix(e.ConstraintName, e.TableName+"_")
	if columns == "pkey" {
		return "id"
	}
	return columns
}
