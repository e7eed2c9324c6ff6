package cluster

import (
	"context"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"

	"example.com/handover/pkg/id"
)

// FreshDatabase makes a database of its own on the PostgreSQL server that address names, and returns its URL and how to
// remove it.
func FreshDatabase(ctx context.Context, address string) (database string, remove func(context.Context) error, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", nil, fmt.Errorf("PostgreSQL: %w", err)
	}
	name := id.New("journey")
	run := func(ctx context.Context, verb string) error {
		conn, err := pgx.Connect(ctx, address)
		if err != nil {
			return fmt.Errorf("PostgreSQL: %w", err)
		}
		defer func() { _ = conn.Close(ctx) }() // whatever was lost with it, Exec has said
		_, err = conn.Exec(ctx, verb+" "+pgx.Identifier{name}.Sanitize())
		return err
	}
	u.Path = "/" + name
	return u.String(), func(ctx context.Context) error { return run(ctx, "DROP DATABASE") }, run(ctx, "CREATE DATABASE")
}
