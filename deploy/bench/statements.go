package main

import (
	"fmt"
	"slices"
	"strings"
)

// statement is one of those that a SubmitOrder executes between BEGIN and COMMIT.
type statement struct {
	text  string
	reads bool
	locks bool // it does nothing else: a database whose transactions are the lock is not sent it
	args  func(submitted) []any
}

// submitted is what one SubmitOrder leaves: the order and its agreement, an event of each, and the answer's key.
type submitted struct{ order, agreement, event, agreementEvent, key record }

const (
	columnsOfRow = "id, customer, correlation, revision, doc, doc_version, wake_at, claimed_until, claim, " +
		"attempts, last_error, parked, created_at, updated_at"
	columnsOfEvent = "id, kind, aggregate, revision, n, name, customer, actor_subject, actor_role, actor_on_behalf_of, " +
		"reason, text, correlation, cause, details, audience, private, occurred_at, recorded_at, type, body, trace, published_at"
	lastEvent   = "SELECT recorded_at FROM events WHERE aggregate = $1 ORDER BY revision DESC, n DESC LIMIT 1"
	insertEvent = "INSERT INTO events (" + columnsOfEvent + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, " +
		"$15, $16, $17, $18, $19, $20, $21, $22, $23)"
)

// statements lists them in order; lock is the dialect's words for a row lock. A test holds the list against what
// PostgreSQL is sent, and the rows they leave against the suite's, on both databases.
func statements(lock string) []statement {
	all := []statement{
		{
			text: "INSERT INTO idempotency (owner, method, idempotency_key, request_hash, response_type, created_at) " +
				"VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (owner, method, idempotency_key) DO NOTHING",
			args: func(s submitted) []any {
				return s.key.get("owner", "method", "idempotency_key", "request_hash", "created_at")
			},
		},
		{text: selectByID("orders", ""), reads: true, args: orderID},
		{text: lockByID("agreements", lock), reads: true, locks: true, args: agreementID},
		{text: lockByID("orders", lock), reads: true, locks: true, args: orderID},
		{text: selectByID("orders", lock), reads: true, args: orderID},
		{text: selectByID("customers", ""), reads: true, args: func(s submitted) []any { return s.order.get("customer") }},
		{text: selectByID("sellers", ""), reads: true, args: func(s submitted) []any { return s.order.get("seller") }},
		{text: selectByID("payers", ""), reads: true, args: func(submitted) []any { return []any{"pay_unheard_of"} }},
		{
			text: "SELECT " + columnsOfRow + ", id FROM orders WHERE account_held = $1 ORDER BY id, id LIMIT 3", reads: true,
			args: func(s submitted) []any { return s.order.get("account_held") },
		},
		{text: selectByID("orders", lock), reads: true, args: orderID},
		{
			text: updateRow("orders", orderColumns()),
			args: func(s submitted) []any { return append(changed(s.order), s.order.get(orderColumns()...)...) },
		},
		{text: lastEvent, reads: true, args: orderID},
		{text: insertEvent, args: func(s submitted) []any { return s.event.values }},
		{text: selectByID("agreements", lock), reads: true, args: agreementID},
		{
			text: updateRow("agreements", agreementColumns()),
			args: func(s submitted) []any {
				return append(changed(s.agreement), s.agreement.get(agreementColumns()...)...)
			},
		},
		{text: lastEvent, reads: true, args: agreementID},
		{text: insertEvent, args: func(s submitted) []any { return s.agreementEvent.values }},
		{
			text: "UPDATE idempotency SET response_type = $1, response = $2 WHERE owner = $3 AND method = $4 AND idempotency_key = $5",
			args: func(s submitted) []any {
				return s.key.get("response_type", "response", "owner", "method", "idempotency_key")
			},
		},
	}
	return slices.DeleteFunc(all, func(s statement) bool { return s.locks && lock == "" })
}

func orderID(s submitted) []any { return s.order.get("id") }

func agreementID(s submitted) []any { return s.agreement.get("id") }

func selectByID(table, lock string) string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE id = $1%s", columnsOfRow, table, lock)
}

func lockByID(table, lock string) string {
	return fmt.Sprintf("SELECT id FROM %s WHERE id = $1%s", table, lock)
}

// What a service filters, orders or holds unique by, in the order of its kind.
func orderColumns() []string {
	return []string{"state", "seller", "management_account", "account_held", "technical_contact", "external_id", "labels"}
}

func agreementColumns() []string { return []string{"state", "order_id", "external_id", "labels"} }

// ofEveryRow are the columns that every table has and that an update writes, the id first.
func ofEveryRow() []string {
	return []string{
		"id", "customer", "correlation", "revision", "doc", "doc_version", "wake_at", "claimed_until", "claim", "attempts",
		"last_error", "parked", "updated_at", "waiting_owner", "waiting_until", "escalated", "urgency",
	}
}

// updateRow changes what every table has, and the columns of one.
func updateRow(table string, own []string) string {
	var set []string
	for i, column := range append(ofEveryRow(), own...) {
		set = append(set, fmt.Sprintf("%s = $%d", column, i+1))
	}
	return "UPDATE " + table + " SET " + strings.Join(set[1:], ", ") + " WHERE id = $1"
}

func changed(r record) []any { return r.get(ofEveryRow()...) }
