package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// statement is one that changes rows, or reads one.
type statement struct {
	query string
	args  []any
	read  func(scanner) error // takes the row that is found, if one is; nil: it changes rows
}

// commit is the statement that commits, for a connection that can send it together with what was left for later.
const commit = "COMMIT"

// scanner is a row that was found.
type scanner interface{ Scan(dest ...any) error }

// later queues a write that nothing else in the transaction reads or rests on, such as its events. It goes out with the next
// Exec, or before the commit: to a server, all that is queued is one round trip.
func (tx *Tx) later(w statement) error {
	if !tx.db.dialect.pipelines {
		_, err := tx.Exec(w.query, w.args...)
		return err
	}
	tx.queued = append(tx.queued, w)
	return nil
}

// write changes a row that the transaction has locked, at once or later. What is read after it is read behind it.
func (tx *Tx) write(row statement, later bool) error {
	if !later || !tx.db.dialect.pipelines {
		_, err := tx.Exec(row.query, row.args...)
		return err
	}
	tx.wrote = true
	return tx.later(row)
}

// settled sends what was left for later and may be read.
func (tx *Tx) settled() error {
	if !tx.wrote {
		return nil
	}
	return tx.Flush()
}

// Flush sends what was left for later, which the commit does otherwise: for those to whom it matters whether what they saved
// was refused, or the commit failed.
func (tx *Tx) Flush() error {
	if len(tx.queued) == 0 {
		return nil
	}
	last := tx.queued[len(tx.queued)-1]
	tx.queued = tx.queued[:len(tx.queued)-1]
	_, err := tx.Exec(last.query, last.args...)
	return err
}

// send sends what is queued and a statement behind it.
func (tx *Tx) send(query string, args []any) (sql.Result, error) {
	if len(tx.queued) == 0 {
		return tx.sql.ExecContext(tx.ctx, query, args...)
	}
	together := append(tx.queued, statement{query: query, args: args})
	tx.queued, tx.wrote = nil, false
	return tx.sql.ExecContext(tx.ctx, "", pipeline(together))
}

// readAll reads rows in order: of a server, in one round trip.
func (tx *Tx) readAll(reads []statement) error {
	if tx.db.dialect.pipelines {
		together := append(tx.queued, reads...)
		if tx.queued, tx.wrote = nil, false; len(together) == 0 {
			return nil
		}
		_, err := tx.sql.ExecContext(tx.ctx, "", pipeline(together))
		return tx.broken(err, "read rows together")
	}
	for _, r := range reads {
		_, err := selectAll(tx, func(row *sql.Rows) (struct{}, error) { return struct{}{}, r.read(row) }, r.query, r.args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// pipeline are statements in place of one, for a connection that can send them together. The result is that of the last.
type pipeline []statement

// openPipelining opens PostgreSQL connections that take a [pipeline].
func openPipelining(c driver.Connector) *sql.DB { return sql.OpenDB(pipelining{c}) }

type pipelining struct{ driver.Connector }

// Connect implements driver.Connector.
func (p pipelining) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(*stdlib.Conn)
	if !ok {
		return nil, fmt.Errorf("a PostgreSQL connection is a %T", opened)
	}
	return &pipelinedConn{Conn: conn}, nil
}

type pipelinedConn struct {
	*stdlib.Conn
	committed bool // a pipeline has ended the transaction
}

// BeginTx implements driver.ConnBeginTx.
func (c *pipelinedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.committed = false
	tx, err := c.Conn.BeginTx(ctx, o)
	return pipelinedTx{tx, c}, err
}

// pipelinedTx is a transaction that a pipeline may end.
type pipelinedTx struct {
	driver.Tx
	conn *pipelinedConn
}

// Commit implements driver.Tx.
func (tx pipelinedTx) Commit() error {
	if tx.conn.committed {
		return nil
	}
	return tx.Tx.Commit()
}

// Rollback implements driver.Tx.
func (tx pipelinedTx) Rollback() error {
	if tx.conn.committed {
		return nil
	}
	return tx.Tx.Rollback()
}

// ExecContext implements driver.ExecerContext.
func (c *pipelinedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 1 {
		if statements, ok := args[0].Value.(pipeline); ok {
			return c.send(ctx, statements)
		}
	}
	return c.Conn.ExecContext(ctx, query, args)
}

func (c *pipelinedConn) send(ctx context.Context, statements pipeline) (driver.Result, error) {
	conn := c.Conn.Conn()
	if conn.IsClosed() {
		return nil, driver.ErrBadConn
	}
	batch := &pgx.Batch{}
	for _, st := range statements {
		batch.Queue(st.query, st.args...)
	}
	results := conn.SendBatch(ctx, batch)
	var n int64
	for _, st := range statements {
		var err error
		if n, err = st.result(results); err != nil {
			_ = results.Close() // says the same
			return nil, fmt.Errorf("%s: %w", st.query, err)
		}
	}
	err := results.Close()
	c.committed = err == nil && statements[len(statements)-1].query == commit
	return driver.RowsAffected(n), err
}

// result takes the next result, which is that of the statement, and returns the number of rows.
func (st statement) result(results pgx.BatchResults) (int64, error) {
	if st.read == nil {
		tag, err := results.Exec()
		if err == nil && st.query == commit && tag.String() != commit {
			err = pgx.ErrTxCommitRollback
		}
		return tag.RowsAffected(), err
	}
	rows, err := results.Query()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := st.read(rows); err != nil {
			return 0, err
		}
	}
	return rows.CommandTag().RowsAffected(), rows.Err()
}

// begin begins a transaction. A connection that died while it was idle is found out only now, and after a failover all are:
// the next one is taken.
func (db *DB) begin(ctx context.Context) (*sql.Tx, error) {
	for idle := db.write.Stats().Idle; ; idle-- {
		tx, err := db.write.BeginTx(ctx, nil)
		if err == nil || idle <= 0 || db.dialect.classify(err) != away {
			return tx, err
		}
	}
}
