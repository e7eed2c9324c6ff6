//go:build postgres

package event_test

import (
	"context"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.com/handover/pkg/id"
)

// freshDatabase makes a database for a service of a test on the server that HANDOVER_TEST_POSTGRES names. This tier is
// chosen by its build tag; without the server it fails.
func freshDatabase(t testing.TB) (dsn string) {
	t.Helper()
	server, err := url.Parse(os.Getenv("HANDOVER_TEST_POSTGRES"))
	if err != nil || server.Host == "" {
		t.Fatal("HANDOVER_TEST_POSTGRES does not name a PostgreSQL server")
	}
	name := id.New("test")
	execute(t, server.String(), "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, server.String(), "DROP DATABASE "+name+" WITH (FORCE)") })
	of := *server
	of.Path = "/" + name
	return of.String()
}

func execute(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, server)
	must(t, err)
	defer func() { must(t, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	must(t, err)
}
