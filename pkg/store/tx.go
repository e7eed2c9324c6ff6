package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
)

// Tx is one transaction. It is used by one goroutine, and not after the closure that got it has returned.
type Tx struct {
	ctx       context.Context
	db        *DB
	sql       executor
	queued    []statement // see later
	wrote     bool        // among it are rows
	now       time.Time
	machine   clock.Instant
	call      call.Call
	held      map[Locked]*stored // rows this transaction has locked or made, as they are now; nil: not read yet
	foreseen  []Locked           // see Foresee
	ahead     map[Locked]*stored // what was foreseen, as it was read; nil: there is none
	declared  bool               // Lock was called
	sole      Locked             // the one row that is locked without
	events    []Event
	woke      map[string]*kindInfo
	publishes bool
	committed []func() // run after the commit
	failed    error    // the first statement that failed: nothing may be committed after it
}

// executor runs statements: in a transaction, or each in one of its own.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// maxTries bounds how often InTx runs a closure that others keep getting in the way of.
const maxTries = 10

// InTx runs do in one transaction and commits when it returns nil. do may be run several times (deadlock,
// serialization failure, busy), so it does nothing but decide and save: no I/O, no clock but tx's, no InTx within. A
// panic rolls back and goes on. After a failed statement nothing is committed, whatever do returns.
//
// Errors are do's own as they are, or errs.Unavailable, errs.Exists, errs.Deadline, errs.Cancelled or errs.Internal of
// the database.
func (db *DB) InTx(ctx context.Context, do func(*Tx) error) error {
	for try := 1; ; try++ {
		err := db.once(ctx, do)
		if err == nil || try == maxTries || db.dialect.classify(err) != contention {
			return err
		}
		if waitErr := db.machine.Wait(ctx, rand.N(time.Duration(try)*5*time.Millisecond)); waitErr != nil {
			return db.refine(ctx, waitErr, "wait before another try")
		}
	}
}

func (db *DB) once(ctx context.Context, do func(*Tx) error) error {
	inner, err := db.begin(ctx)
	if err != nil {
		return db.refine(ctx, err, "begin")
	}
	defer func() { _ = inner.Rollback() }() // nothing after a commit; after an error or a panic it undoes all
	tx := newTx(ctx, db, inner)
	err = do(tx)
	if err == nil && tx.failed == nil {
		err = tx.commit(inner)
	}
	if tx.failed != nil && (err == nil || db.dialect.classify(tx.failed) == contention) {
		return tx.failed
	}
	if err != nil {
		return err
	}
	tx.done()
	return nil
}

func newTx(ctx context.Context, db *DB, on executor) *Tx {
	return &Tx{
		ctx: ctx, db: db, sql: on, now: db.business.Now(), machine: db.machine.Now(), call: call.From(ctx),
		held: map[Locked]*stored{}, ahead: map[Locked]*stored{}, woke: map[string]*kindInfo{},
	}
}

// commit commits: to a server, in one round trip with what was left for later.
func (tx *Tx) commit(inner *sql.Tx) error {
	tx.db.probe("commit.before")
	if len(tx.queued) > 0 {
		if _, err := tx.Exec(commit); err != nil {
			return err
		}
		_ = inner.Commit() // frees the connection; there is nothing left to commit
		return nil
	}
	return tx.db.refine(tx.ctx, inner.Commit(), "commit")
}

// done does what follows a commit.
func (tx *Tx) done() {
	tx.db.probe("commit.after")
	for _, follow := range tx.committed {
		follow()
	}
	tx.db.announce(tx)
}

// single runs do for the sake of one statement, which needs no transaction around it: to a server, it is one round trip instead of three.
// It may run several times after its effect, also where a connection was lost before its answer.
func single(ctx context.Context, db *DB, do func(*Tx) error) error {
	if !db.dialect.pipelines {
		return db.InTx(ctx, do)
	}
	for again := db.write.Stats().Idle + 1; ; again-- {
		tx := newTx(ctx, db, db.write)
		db.probe("commit.before")
		err := do(tx)
		if err == nil {
			err = tx.failed
		}
		if err == nil {
			tx.done()
			return nil
		}
		if class := db.dialect.classify(err); again <= 0 || class != away && class != contention {
			return err
		}
	}
}

// Now is the business time of this transaction.
func (tx *Tx) Now() time.Time { return tx.now }

// Machine is the machine time of this transaction.
func (tx *Tx) Machine() clock.Instant { return tx.machine }

// Call is the piece of work that this transaction belongs to.
func (tx *Tx) Call() call.Call { return tx.call }

// Events are those recorded so far.
func (tx *Tx) Events() []Event { return tx.events }

// Exec runs a statement on a table of the service's own and returns the number of rows it touched. Placeholders are
// $1, $2 …; a unique index that refuses is errs.Exists and the transaction is lost.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	result, err := tx.send(query, args)
	if err != nil {
		return 0, tx.broken(err, query)
	}
	n, err := result.RowsAffected()
	return n, tx.broken(err, query)
}

// Query reads from a table of the service's own. Close the rows before the next statement. The events of this transaction
// need not be there yet: see Flush.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	rows, err := tx.sql.QueryContext(tx.ctx, query, args...)
	return rows, tx.broken(err, query)
}

// one reads at most one row into dest; false when there is none.
func (tx *Tx) one(query string, args []any, dest ...any) (bool, error) {
	if err := tx.settled(); err != nil {
		return false, err
	}
	err := tx.sql.QueryRowContext(tx.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, tx.broken(err, query)
}

func (tx *Tx) broken(err error, doing string) error {
	if err == nil {
		return nil
	}
	err = tx.db.refine(tx.ctx, err, doing)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}
