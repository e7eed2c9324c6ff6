package store

import (
	"context"
	"embed"
	"errors"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var sharedMigrations embed.FS

// migrate applies the store's own migrations and then the service's, each with a version table of its own. They go
// forward only, and must be safe while the previous release still serves.
//
// A service's migration writes the table of a kind out in full, the computed columns last. On both databases:
//
//	CREATE TABLE orders (
//	  id            TEXT   NOT NULL PRIMARY KEY,
//	  customer      TEXT   NOT NULL,
//	  correlation   TEXT   NOT NULL,
//	  revision      BIGINT NOT NULL,
//	  doc           TEXT   NOT NULL,            -- JSON, never looked into by SQL
//	  doc_version   BIGINT NOT NULL,
//	  wake_at       BIGINT,                     -- business time; NULL: sleeps
//	  claimed_until BIGINT NOT NULL DEFAULT 0,  -- machine time; 0: neither claimed nor backing off
//	  claim         TEXT   NOT NULL DEFAULT '', -- token of the worker; '' with claimed_until: backing off
//	  attempts      BIGINT NOT NULL DEFAULT 0,
//	  last_error    TEXT   NOT NULL DEFAULT '',
//	  parked        BIGINT NOT NULL DEFAULT 0,
//	  created_at    BIGINT NOT NULL,
//	  updated_at    BIGINT NOT NULL,
//	  state         TEXT   NOT NULL DEFAULT ''
//	);
//	CREATE INDEX orders_work ON orders (claimed_until, wake_at)
//	  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
//	CREATE INDEX orders_parked ON orders (id) WHERE parked = 1;
//
// The first index makes claiming flat: free rows are those with claimed_until = 0, in order of wake_at, so that
// neither sleeping nor claimed nor backing-off nor parked rows are passed over again and again. A unique index is
// named <table>_<column>[_<column>…], which is how a refusal tells the column on both databases.
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
	folder, err := fs.Sub(all, db.dialect.folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(db.dialect.goose, db.write, folder,
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
