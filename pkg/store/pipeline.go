package store

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// write is a statement that changes rows.
type write struct {
	query string
	args  []any
}

// later queues a write that nothing else in the transaction reads or rests on, such as its events. It goes out with the next
// Exec, or before the commit: to a server, all that is queued is one round trip.
func (tx *Tx) later(w write) error {
	if tx.db.dialect.pipeline == nil {
		_, err := tx.Exec(w.query, w.args...)
		return err
	}
	tx.queued = append(tx.queued, w)
	return nil
}

// flush sends what is queued.
func (tx *Tx) flush() error {
	if len(tx.queued) == 0 {
		return nil
	}
	last := tx.queued[len(tx.queued)-1]
	tx.queued = tx.queued[:len(tx.queued)-1]
	_, err := tx.pipeline(last)
	return err
}

// pipeline sends what is queued, and last behind it, whose number of rows it returns.
func (tx *Tx) pipeline(last write) (int64, error) {
	writes := append(tx.queued, last)
	tx.queued = nil
	n, failed, err := tx.db.dialect.pipeline(tx.ctx, tx.conn, writes)
	return n, tx.broken(err, writes[failed].query)
}

// pipelinePostgres returns the number of rows of the last write, or which one failed and why. Once the context has ended,
// database/sql rolls back by itself: what came after that would be committed statement by statement.
func pipelinePostgres(ctx context.Context, conn *sql.Conn, writes []write) (n int64, failed int, err error) {
	err = conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok || c.Conn().PgConn().TxStatus() == 'I' {
			return sql.ErrTxDone
		}
		batch := &pgx.Batch{}
		for _, w := range writes {
			batch.Queue(w.query, w.args...)
		}
		results := c.Conn().SendBatch(ctx, batch)
		for failed = range writes {
			tag, err := results.Exec()
			if err != nil {
				_ = results.Close() // says the same
				return err
			}
			n = tag.RowsAffected()
		}
		return results.Close()
	})
	return n, failed, err
}

// begin takes a connection and begins a transaction on it. One that died while it was idle is found out only now, and after
// a failover all are: each is given back, which ends it, and the next one taken.
func (db *DB) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for idle := db.write.Stats().Idle; ; idle-- {
		conn, err := db.write.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, nil)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close()
		if idle <= 0 || db.dialect.classify(err) != away {
			return nil, nil, err
		}
	}
}
