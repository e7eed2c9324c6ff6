package store

import (
	"context"
	"database/sql"

	"example.com/handover/pkg/call"
)

// A row names its customer, and the table partner_customers says to which partner a customer belongs now. So a customer
// that moves to another partner takes all its rows along by one change, and a partner may have any number of customers.

// Assign notes to which partner a customer belongs; an empty one: to none.
func (tx *Tx) Assign(customer, partner string) error {
	statement, args := "DELETE FROM partner_customers WHERE customer = $1", []any{customer}
	if partner != "" {
		statement = "INSERT INTO partner_customers (customer, partner) VALUES ($1, $2)" +
			" ON CONFLICT (customer) DO UPDATE SET partner = excluded.partner"
		args = append(args, partner)
	}
	_, err := tx.Exec(statement, args...)
	return err
}

// Belongs reports whether a customer belongs to a partner.
func (db *DB) Belongs(ctx context.Context, customer, partner string) (bool, error) {
	return belongs(reader{ctx, db}, customer, partner)
}

// Sees reports whether rows of a customer are within the scope.
func (tx *Tx) Sees(s call.Scope, customer string) (bool, error) { return sees(tx, s, customer) }

func sees(q querier, s call.Scope, customer string) (bool, error) {
	if s.OfPartner() == "" {
		return s.Sees(customer), nil
	}
	return belongs(q, customer, s.OfPartner())
}

func belongs(q querier, customer, partner string) (bool, error) {
	const query = "SELECT customer FROM partner_customers WHERE customer = $1 AND partner = $2"
	found, err := selectAll(q, func(rows *sql.Rows) (string, error) {
		var id string
		return id, rows.Scan(&id)
	}, query, customer, partner)
	return len(found) > 0, err
}
