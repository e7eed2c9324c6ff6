package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"modernc.org/sqlite"
)

// preparing opens SQLite connections that keep their prepared statements: to parse and plan a text anew costs as much
// as to run it. PostgreSQL's driver does the same by itself. An *sql.Stmt will not do: it has one handle on a connection,
// which refuses a second reading while the rows of the first are open.
type preparing struct{ driver.Connector }

// openPreparing is sql.Open for a SQLite file.
func openPreparing(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(preparing{c}), nil
}

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := opened.(sqliteConn)
	if !ok {
		return nil, fmt.Errorf("a SQLite connection is a %T", opened)
	}
	return &preparedConn{sqliteConn: inner, idle: map[string]sqliteStmt{}}, nil
}

// sqliteConn is what we use of a connection. It leaves out how to execute a text: database/sql then prepares it.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// sqliteStmt is what we use of a statement.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// maxPrepared bounds the memory of a connection: texts with lists of values come in many lengths.
const maxPrepared = 200

// preparedConn lends each statement to one user at a time. database/sql never uses a connection concurrently.
type preparedConn struct {
	sqliteConn
	idle map[string]sqliteStmt
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *preparedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return &lentStmt{sqliteStmt: s, conn: c, query: query}, nil
	}
	prepared, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(sqliteStmt)
	if !ok {
		return prepared, nil
	}
	return &lentStmt{sqliteStmt: s, conn: c, query: query}, nil
}

// Close implements driver.Conn.
func (c *preparedConn) Close() error {
	for _, s := range c.idle {
		_ = s.Close() // the connection, which is closed next, has the error
	}
	clear(c.idle)
	return c.sqliteConn.Close()
}

// lentStmt goes back to its connection when it is closed, unless it has failed.
type lentStmt struct {
	sqliteStmt
	conn   *preparedConn
	query  string
	failed bool
}

// ExecContext implements driver.StmtExecContext.
func (s *lentStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.sqliteStmt.ExecContext(ctx, args)
	s.failed = s.failed || err != nil
	return result, err
}

// QueryContext implements driver.StmtQueryContext.
func (s *lentStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.sqliteStmt.QueryContext(ctx, args)
	s.failed = s.failed || err != nil
	return rows, err
}

// Close implements driver.Stmt.
func (s *lentStmt) Close() error {
	if _, taken := s.conn.idle[s.query]; s.failed || taken {
		return s.sqliteStmt.Close()
	}
	err := s.conn.makeRoom()
	s.conn.idle[s.query] = s.sqliteStmt
	return err
}

// makeRoom drops any one statement when there are too many: losing it costs one preparation.
func (c *preparedConn) makeRoom() error {
	for query, s := range c.idle {
		if len(c.idle) < maxPrepared {
			break
		}
		delete(c.idle, query)
		return s.Close()
	}
	return nil
}
