package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
)

// server is a kind of database, and makes empty ones.
type server struct {
	name   string // "SQLite", "PostgreSQL"
	fresh  func(ctx context.Context) (storage, error)
	lock   string                                    // its words for a row lock
	settle string                                    // what it does by itself some time after many rows were written; "": nothing
	say    func(ctx context.Context) (string, error) // which one it is

	keepSent, dropSent []string // make it keep the messages that the relay has sent, and no longer
}

// storage is where one process keeps its rows.
type storage struct {
	folder string
	url    string // of a PostgreSQL database of its own; empty: SQLite files in the folder
}

func (b *bench) sqlite() server {
	return server{
		name: "SQLite", fresh: func(context.Context) (storage, error) { return b.newFolder() },
		say:      func(context.Context) (string, error) { return "SQLite with full fsync", nil },
		keepSent: []string{"CREATE TRIGGER keep_sent BEFORE DELETE ON revisions BEGIN SELECT RAISE(IGNORE); END"},
		dropSent: []string{"DROP TRIGGER keep_sent"},
	}
}

// newFolder makes a folder for one process.
func (b *bench) newFolder() (storage, error) {
	b.storages++
	p := storage{folder: filepath.Join(b.folder, fmt.Sprint(b.storages))}
	b.defers(func(context.Context) error { return os.RemoveAll(p.folder) })
	return p, os.Mkdir(p.folder, 0o700)
}

// postgres makes a scratch database for each process, and drops it afterwards.
func (b *bench) postgres(serverURL string) server {
	return server{
		name: "PostgreSQL", lock: " FOR UPDATE", settle: "VACUUM ANALYZE",
		say: func(ctx context.Context) (string, error) { return describePostgres(ctx, serverURL) },
		keepSent: []string{
			"CREATE FUNCTION keep_sent() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
			"CREATE TRIGGER keep_sent BEFORE DELETE ON revisions FOR EACH ROW EXECUTE FUNCTION keep_sent()",
		},
		dropSent: []string{"DROP TRIGGER keep_sent ON revisions"},
		fresh: func(ctx context.Context) (storage, error) {
			p, err := b.newFolder()
			if err != nil {
				return p, err
			}
			name := id.New("bench")
			if err := execute(ctx, serverURL, "CREATE DATABASE "+name); err != nil {
				return p, fmt.Errorf("make a scratch database: %w", err)
			}
			b.defers(func(ctx context.Context) error { return execute(ctx, serverURL, "DROP DATABASE "+name+" WITH (FORCE)") })
			u, err := url.Parse(serverURL)
			if err != nil {
				return p, err
			}
			u.Path = "/" + name
			p.url = u.String()
			return p, nil
		},
	}
}

func execute(ctx context.Context, serverURL, statement string) error {
	conn, err := pgx.Connect(ctx, serverURL)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// config is of a process that keeps its rows here. Its log holds errors only, because the terminal would be measured
// with it; everything else is as it ships.
func (s storage) config(start time.Time, sections string) (kit.Config, error) {
	c := kit.Loopback(s.folder, start)
	c.Platform.Telemetry.Log.Level = slog.LevelError
	if s.url != "" {
		file := filepath.Join(s.folder, "postgresql.url")
		if err := os.WriteFile(file, []byte(s.url), 0o600); err != nil {
			return c, err
		}
		sections = fmt.Sprintf("platform:\n  database:\n    postgresql: %s\n%s", file, sections)
	}
	return c, config.Decode([]byte(sections), &c)
}

// dsn is the database of one service, as pkg/store takes it.
func (s storage) dsn(service string) string {
	if s.url != "" {
		return s.url
	}
	return "sqlite:" + filepath.Join(s.folder, service, service+".db")
}

// raw opens a service's database without the suite: same file or schema, same durability, same number of connections.
func (s storage) raw(service string) (*sql.DB, error) {
	if s.url != "" {
		c, err := pgx.ParseConfig(s.url)
		if err != nil {
			return nil, err
		}
		c.RuntimeParams["search_path"] = service
		db := stdlib.OpenDB(*c)
		db.SetMaxOpenConns(10)
		db.SetMaxIdleConns(10)
		return db, nil
	}
	file := (&url.URL{Scheme: "file", Path: filepath.Join(s.folder, service, service+".db")}).String()
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", file+pragmas) //nolint:forbidigo // the yardstick is the database without pkg/store
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}
