package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// ClaimSQL shows the statement whose plan is tested.
func (t *Table[T]) ClaimSQL() string { return t.claimSQL() }

// Connections returns how one connection after the other is made to PostgreSQL.
func Connections(o Options) (func(context.Context) (pgx.ConnConfig, error), error) {
	first, err := o.postgres(o.DSN)
	if err != nil {
		return nil, err
	}
	renewed := newRenewal(o, first)
	return func(ctx context.Context) (pgx.ConnConfig, error) {
		c := *first.Copy()
		err := renewed.into(ctx, &c)
		return c, err
	}, nil
}

// Parted is what closing a connection leaves of an error.
func Parted(err error) error { return parted(err) }
