package storetest

import (
	"context"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	ids "example.com/handover/pkg/id"
)

// FreshPostgres makes a database on a server, and drops it after the test. Without a server it fails: who calls it has
// chosen that tier by its build tag.
func FreshPostgres(t testing.TB, server string) (dsn string) {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil || at.Host == "" {
		t.Fatal("HANDOVER_TEST_POSTGRES does not name a PostgreSQL server")
	}
	name := ids.New("test")
	run(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { run(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	at.Path = "/" + name
	return at.String()
}

func run(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
