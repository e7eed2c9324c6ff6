package main

import (
	"fmt"
	"strings"
)

// statement is one of those that a SubmitOrder executes between BEGIN and COMMIT.
type statement struct {
	text  string
	reads bool
	args  func(submitted) []any
}

// submitted is what one SubmitOrder leaves: the order and its agreement, of each an event and what goes out, and the
// answer's key.
type submitted struct{ order, agreement, event, agreementEvent, out, agreementOut, key record }

const (
	columnsOfRow = "id, customer, correlation, revision, doc, doc_version, wake_at, claimed_until, claim, " +
		"attempts, last_error, parked, created_at, updated_at, recorded_at"
	columnsOfEvent = "id, kind, aggregate, revision, n, name, customer, actor_subject, actor_role, actor_on_behalf_of, " +
		"reason, text, correlation, cause, details, audience, private, occurred_at, recorded_at"
	columnsOfOut = "id, kind, aggregate, revision, facts, customer, actor_subject, actor_role, actor_on_behalf_of, " +
		"correlation, cause, occurred_at, recorded_at, type, body, trace"
	ofCustomer = " AND customer <> '' AND customer IN ($2)" // what the caller's scope adds
	changing   = "customer, correlation, revision, doc, doc_version, wake_at, claimed_until, claim, " +
		"attempts, last_error, parked, updated_at, recorded_at, waiting_owner, waiting_until, escalated, urgency"
)

func insert(table, columns string) string {
	marks := make([]string, len(list(columns)))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + strings.Join(marks, ", ") + ")"
}

func list(columns string) []string { return strings.Split(columns, ", ") }

// statements lists them in order; lock is the dialect's words for a row lock. A test holds the list against what
// PostgreSQL is sent, and the rows they leave against the suite's, on both databases.
func statements(lock string) []statement {
	insertOut := insert("revisions", columnsOfOut) + " ON CONFLICT (aggregate, revision) DO NOTHING"
	return []statement{
		{
			text: "INSERT INTO idempotency (id, request_hash, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
			args: func(s submitted) []any { return s.key.get("id", "request_hash", "created_at") },
		},
		{text: selectByID("orders", ofCustomer), reads: true, args: func(s submitted) []any { return s.order.get("id", "customer") }},
		{text: selectByID("agreements", lock), reads: true, args: agreementID},
		{text: selectByID("customers", lock), reads: true, args: func(s submitted) []any { return s.order.get("customer") }},
		{text: selectByID("orders", lock), reads: true, args: orderID},
		{text: selectByID("sellers", ""), reads: true, args: func(s submitted) []any { return s.order.get("seller") }},
		{text: selectByID("payers", ""), reads: true, args: func(submitted) []any { return []any{"pay_unheard_of"} }},
		{
			text: "SELECT " + columnsOfRow + ", id AS ordered_by FROM sale_windows WHERE product = $1 ORDER BY id, id LIMIT 2", reads: true,
			args: func(submitted) []any { return []any{"aws-billing-transfer-essentials"} },
		},
		{
			text: "SELECT " + columnsOfRow +
				", id AS ordered_by FROM eligibility_rules WHERE rule IN ($1, $2, $3, $4, $5, $6, $7, $8, $9) ORDER BY id, id LIMIT 101",
			reads: true, args: func(submitted) []any { return []any{"a", "b", "c", "d", "e", "f", "g", "h", "i"} },
		},
		{
			text: "SELECT " + columnsOfRow + ", id AS ordered_by FROM payers WHERE account = $1 ORDER BY id, id LIMIT 2", reads: true,
			args: func(s submitted) []any { return s.order.get("account_held") },
		},
		{
			text: "SELECT " + columnsOfRow + ", id AS ordered_by FROM orders WHERE account_held = $1 ORDER BY id, id LIMIT 3", reads: true,
			args: func(s submitted) []any { return s.order.get("account_held") },
		},
		{text: updateRow("orders", computedOfOrder), args: func(s submitted) []any { return changed(s.order, computedOfOrder) }},
		{text: insert("events", columnsOfEvent), args: func(s submitted) []any { return s.event.get(list(columnsOfEvent)...) }},
		{text: insertOut, args: func(s submitted) []any { return s.out.get(list(columnsOfOut)...) }},
		{
			text: updateRow("agreements", computedOfAgreement),
			args: func(s submitted) []any { return changed(s.agreement, computedOfAgreement) },
		},
		{text: insert("events", columnsOfEvent), args: func(s submitted) []any { return s.agreementEvent.get(list(columnsOfEvent)...) }},
		{text: insertOut, args: func(s submitted) []any { return s.agreementOut.get(list(columnsOfOut)...) }},
		{
			text: "UPDATE idempotency SET response = $1, customers = $2 WHERE id = $3",
			args: func(s submitted) []any { return s.key.get("response", "customers", "id") },
		},
	}
}

func orderID(s submitted) []any { return s.order.get("id") }

func agreementID(s submitted) []any { return s.agreement.get("id") }

func selectByID(table, lock string) string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE id = $1%s", columnsOfRow, table, lock)
}

const (
	computedOfOrder     = "state, type, own_wait, cut_off, seller, management_account, account_held, technical_contact, external_id, labels"
	computedOfAgreement = "state, order_id, external_id, labels"
)

// updateRow changes what every table has and its own columns; changed are its values.
func updateRow(table, computed string) string {
	var set []string
	for i, column := range list(changing + ", " + computed) {
		set = append(set, fmt.Sprintf("%s = $%d", column, i+2))
	}
	return "UPDATE " + table + " SET " + strings.Join(set, ", ") + " WHERE id = $1"
}

func changed(r record, computed string) []any {
	return r.get(list("id, " + changing + ", " + computed)...)
}
