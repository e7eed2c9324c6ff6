package store

import (
	"context"
	"strings"

	"example.com/handover/pkg/errs"
	ids "example.com/handover/pkg/id"
)

// Identity tells this database from every other one, for as long as it lives.
func (db *DB) Identity() string { return db.identity }

// identify gives a new database its identity.
func (db *DB) identify(ctx context.Context) error {
	_, err := db.write.ExecContext(ctx, "INSERT INTO self (one, identity, checked_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING",
		ids.New("dbs"), int64(db.machine.Now()))
	if err != nil {
		return err
	}
	return db.read.QueryRowContext(ctx, "SELECT identity FROM self WHERE one = 1").Scan(&db.identity)
}

// recognize refuses another database than the one that is expected, before anything is changed in it.
func (db *DB) recognize(ctx context.Context, expected string) error {
	var found string
	if err := db.read.QueryRowContext(ctx, "SELECT identity FROM self WHERE one = 1").Scan(&found); err != nil {
		found = "none"
	}
	if found != expected {
		return errs.New(errs.Precondition, "DATABASE_FOREIGN", "it is another database: its identity is %s, not %s", found, expected)
	}
	return nil
}

// Check writes to the database, as a call would: what it returns says why that is impossible.
func (db *DB) Check(ctx context.Context) error {
	_, err := db.write.ExecContext(ctx, "UPDATE self SET checked_at = $1", int64(db.machine.Now()))
	return db.refine(ctx, err, "it cannot be written")
}

// Verify looks at every page of an SQLite file; errs.Internal "DATABASE_DAMAGED" when one is broken. PostgreSQL looks
// after its pages itself.
func (db *DB) Verify(ctx context.Context) error {
	if db.dialect.verify == "" {
		return nil
	}
	var found string
	err := db.read.QueryRowContext(ctx, db.dialect.verify).Scan(&found)
	switch {
	case ctx.Err() != nil:
		return db.refine(ctx, err, "verify")
	case err == nil && found == "ok":
		return nil
	case err != nil:
		found = err.Error()
	}
	return errs.New(errs.Internal, "DATABASE_DAMAGED", "its file is damaged and must be restored from a backup: %.200s",
		strings.Join(strings.Fields(found), " "))
}
