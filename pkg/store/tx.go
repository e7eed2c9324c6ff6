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
	sql       *sql.Tx
	queued    []statement // see later
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
	tx := &Tx{
		ctx: ctx, db: db, sql: inner, now: db.business.Now(), machine: db.machine.Now(), call: call.From(ctx),
		held: map[Locked]*stored{}, ahead: map[Locked]*stored{}, woke: map[string]*kindInfo{},
	}
	if err = do(tx); err == nil && tx.failed == nil {
		err = tx.Flush()
	}
	if tx.failed != nil && (err == nil || db.dialect.classify(tx.failed) == contention) {
		return tx.failed
	}
	if err != nil {
		return err
	}
	db.probe("commit.before")
	if err := inner.Commit(); err != nil {
		return db.refine(ctx, err, "commit")
	}
	db.probe("commit.after")
	for _, follow := range tx.committed {
		follow()
	}
	db.announce(tx)
	return nil
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
	rows, err := tx.sql.QueryContext(tx.ctx, query, args...)
	return rows, tx.broken(err, query)
}

// one reads at most one row into dest; false when there is none.
func (tx *Tx) one(query string, args []any, dest ...any) (bool, error) {
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
