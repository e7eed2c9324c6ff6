// Package store keeps the aggregates of one service: their documents, events, claims, idempotency records and inbox,
// in a database of the service's own, on SQLite or PostgreSQL with one set of statements.
//
// It owns transactions, revisions, the order of locks, who works on what, and page tokens. It does not own what a
// document says or when it is due (the domain does, through [Kind]), how events travel (pkg/event), or who may call
// (pkg/auth gives the scope that every read here demands).
//
// Two clocks meet here and are never compared: wake_at, occurred_at, created_at and updated_at are business time;
// claimed_until, recorded_at and every age are machine time. All are BIGINT microseconds since the Unix epoch, and
// no statement asks the database for the time.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sync/semaphore"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/clock"
)

// Options say which database to open and how.
type Options struct {
	DSN         string                                     // "sqlite:/path/orders.db" or "postgres://user@host/database"
	Renew       func() string                              // the DSN of each new connection to PostgreSQL; nil: DSN
	Service     string                                     // "orders"; on PostgreSQL also the schema, made if it is missing
	Migrations  fs.FS                                      // the service's own, see DB.migrate; nil: none
	Machine     clock.Machine                              // claims, back-off, ages
	Business    *clock.Business                            // due dates, what documents and events show
	Log         *slog.Logger                               // nil: discarded
	Connections int                                        // PostgreSQL pool; 0: 10
	Identity    string                                     // what DB.Identity said when it was made; another database is refused; "": any
	Describe    func(context.Context, Event) proto.Message // an event as it is shown in the answer of a write; nil: not shown
	Probe       func(point string)                         // called at "commit.before" and "commit.after", where tests kill; nil in production
}

// DB is the database of one service. Safe for concurrent use.
type DB struct {
	service  string
	dialect  dialect
	write    *sql.DB // SQLite: one connection, so that writers queue here and not in the file lock
	read     *sql.DB // PostgreSQL: the same pool as write
	machine  clock.Machine
	business *clock.Business
	log      *slog.Logger
	describe func(context.Context, Event) proto.Message
	probe    func(point string)
	packer   packer
	redactor redactor
	identity string
	turns    *semaphore.Weighted

	mu        sync.Mutex
	kinds     []*kindInfo
	listeners []func(woke, published bool)
}

// Open opens the database and brings its tables up to date. Replicas may open the same PostgreSQL database at once. A
// damaged file, or another database than the one that is expected, is refused untouched.
func Open(ctx context.Context, o Options) (*DB, error) {
	d, err := dialectOf(o.DSN)
	if err != nil {
		return nil, err
	}
	write, read, err := d.open(o)
	if err != nil {
		return nil, fmt.Errorf("open the database of %s: %w", o.Service, err)
	}
	db := &DB{
		service: o.Service, dialect: d, write: write, read: read,
		machine: o.Machine, business: o.Business, log: o.Log, describe: o.Describe, probe: o.Probe,
	}
	db.turns = semaphore.NewWeighted(max(1, int64(db.Writers()/2)))
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.probe == nil {
		db.probe = func(string) {}
	}
	if err := db.prepare(ctx, o); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) prepare(ctx context.Context, o Options) error {
	if err := db.Verify(ctx); err != nil {
		return err
	}
	if o.Identity != "" {
		if err := db.recognize(ctx, o.Identity); err != nil {
			return err
		}
	}
	err := db.migrate(ctx, o.Migrations)
	if err == nil {
		err = db.identify(ctx)
	}
	return db.refine(ctx, err, "migrate the database of "+o.Service)
}

// Close waits for running statements and closes the connections.
func (db *DB) Close() error {
	err := parted(db.read.Close())
	if db.write != db.read {
		err = errors.Join(err, parted(db.write.Close()))
	}
	return err
}

// parted is what went wrong while connections were closed, but for those that the server had closed before: nothing is lost with them.
func parted(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return nil
	}
	return err
}

// Ping says whether the database answers; errs.Unavailable when it does not.
func (db *DB) Ping(ctx context.Context) error {
	return db.refine(ctx, db.read.PingContext(ctx), "ping")
}

// Service is the name of the service whose database this is.
func (db *DB) Service() string { return db.service }

// OnCommit calls listener after each commit of this process that left something due now (woke) or facts that are
// to be relayed (published). It must return at once.
func (db *DB) OnCommit(listener func(woke, published bool)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.listeners = append(db.listeners, listener)
}

// announce tells this process's workers and listeners what a commit left to do.
func (db *DB) announce(tx *Tx) {
	if len(tx.woke) == 0 && !tx.publishes {
		return
	}
	for _, k := range tx.woke {
		k.bell.ring()
	}
	db.mu.Lock()
	listeners := slices.Clone(db.listeners)
	db.mu.Unlock()
	for _, listen := range listeners {
		listen(len(tx.woke) > 0, tx.publishes)
	}
}

// registered returns the kinds of this database.
func (db *DB) registered() []*kindInfo {
	db.mu.Lock()
	defer db.mu.Unlock()
	return slices.Clone(db.kinds)
}
