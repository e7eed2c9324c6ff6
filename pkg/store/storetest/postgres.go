package storetest

import (
	"context"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	ids "example.com/handover/pkg/id"
)

// FreshPostgres makes a database on the server that HANDOVER_TEST_POSTGRES names, and drops it after the test. Without
// the server it fails: who calls it has chosen that tier by its build tag.
func FreshPostgres(t testing.TB) (dsn string) {
	t.Helper()
	server := os.Getenv("HANDOVER_TEST_POSTGRES")
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
