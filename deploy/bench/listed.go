package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// listed is the orders service alone with a number of orders. One was made through the API; the others are its copies, made in the
// database.
type listed struct {
	*fixture
	asked *ordersv1.ListOrdersRequest
}

// ordersEach is how many orders a customer has.
const ordersEach = 100

func (b *bench) newListed(ctx context.Context, on server, count int) (*listed, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	s, err := b.ordersAlone(ctx, at)
	if err != nil {
		return nil, err
	}
	db, err := at.raw("orders")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if err := copyCustomers(ctx, s, db, count/ordersEach); err != nil {
		return nil, err
	}
	if err := copyOrders(ctx, s, db, count); err != nil {
		return nil, err
	}
	if on.settle == "" {
		return &listed{fixture: s}, nil
	}
	for _, table := range []string{"orders", "customers"} {
		if _, err := db.ExecContext(ctx, on.settle+" "+table); err != nil {
			return nil, err
		}
	}
	return &listed{fixture: s}, nil
}

func customerNumber(i int) string { return fmt.Sprintf("cus_%026d", i) }
func nameNumber(i int) string     { return fmt.Sprintf("Company %07d", i) }

func copyCustomers(ctx context.Context, s *fixture, db *sql.DB, count int) error {
	sample, err := readRecord(ctx, db, "customers", "id = $1", s.customerID)
	if err != nil {
		return err
	}
	const name = "Example Customer" // as the fixture names it
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i := range count {
		next := nameNumber(i)
		to := strings.NewReplacer(s.customerID, customerNumber(i), name, next, wire.NameKey(name), wire.NameKey(next))
		if _, err := tx.ExecContext(ctx, sample.insert(), sample.with(to).values...); err != nil {
			return fmt.Errorf("copy the customer: %w", err)
		}
	}
	return tx.Commit()
}

// copyOrders makes orders as a reseller has them after some years: most are over, some wait. What the caller can see of them is in the
// documents, and what they are found by in the columns.
func copyOrders(ctx context.Context, s *fixture, db *sql.DB, count int) error {
	orderID, err := s.draft(ctx, sampleAccount)
	if err != nil {
		return err
	}
	sample, err := readRecord(ctx, db, "orders", "id = $1", orderID)
	if err != nil {
		return err
	}
	const (
		orderExpr    = "'ord_' || substr('00000000000000000000000000' || CAST(i AS TEXT), length(CAST(i AS TEXT)) + 1)"
		customerExpr = "'cus_' || substr('00000000000000000000000000' || CAST(i / 100 AS TEXT), length(CAST(i / 100 AS TEXT)) + 1)"
		stateExpr    = "CASE WHEN i % 20 < 12 THEN 'COMPLETED' WHEN i % 20 < 14 THEN 'FAILED' WHEN i % 20 < 15 THEN 'DELETED'" +
			" WHEN i % 20 < 18 THEN 'QUERYING' ELSE 'DRAFT' END"
		waits = "i % 20 IN (15, 16, 18)"
	)
	exprs := map[string]string{
		"id": orderExpr, "customer": customerExpr, "correlation": orderExpr, "state": stateExpr,
		"doc": fmt.Sprintf(`replace(replace(replace(doc, '%s', %s), '%s', %s), '"state":"DRAFT"', '"state":"' || %s || '"')`,
			orderID, orderExpr, s.customerID, customerExpr, stateExpr),
		"created_at": "created_at + i", "updated_at": "created_at + i * 7919 % 1000003",
		"waiting_owner": "CASE WHEN " + waits + " THEN 'RESELLER' ELSE '' END",
		"urgency":       "CASE WHEN " + waits + " THEN created_at + i * 7919 % 1000003 ELSE 4611686018427387904 END",
		"wake_at":       "NULL", "claimed_until": "0",
	}
	selected := make([]string, len(sample.columns))
	for i, c := range sample.columns {
		if selected[i] = c; exprs[c] != "" {
			selected[i] = exprs[c]
		}
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf(`
INSERT INTO orders (%s)
WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d)
SELECT %s FROM n, orders WHERE id = '%s'`,
		strings.Join(sample.columns, ", "), count-1, strings.Join(selected, ", "), orderID))
	if err != nil {
		return fmt.Errorf("copy the order: %w", err)
	}
	return nil
}
