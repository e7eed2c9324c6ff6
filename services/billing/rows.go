package billing

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/statement"
)

// nextNumber gives the seller's next number of a year. It locks the seller's row until the transaction ends: invoices
// of a seller are issued one after the other, and a transaction that is undone gives its number back.
func nextNumber(tx *store.Tx, sellerID string, year int) (string, error) {
	last, found, err := numbered(tx, "INSERT INTO invoice_numbers (seller, year, last) VALUES ($1, $2, 1) "+
		"ON CONFLICT (seller, year) DO UPDATE SET last = invoice_numbers.last + 1 RETURNING last", sellerID, year)
	if err == nil && !found {
		err = errors.New("the seller has no next number")
	}
	return invoice.Number(year, last), err
}

// chargeColumns is how many values a row of charges has.
const chargeColumns = 8

// batch is how many rows one statement inserts: far below the number of values that both databases take.
const batch = 100

// replaceCharges keeps the charges of a period in place of those it had. The caller holds the period's row.
func replaceCharges(tx *store.Tx, periodID string, charges []statement.Charge, at time.Time) error {
	number, err := collect(tx, periodID, at)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM charges WHERE collection = $1", number); err != nil {
		return err
	}
	for from := 0; from < len(charges); from += batch {
		to := min(from+batch, len(charges))
		values := make([]any, 0, (to-from)*chargeColumns)
		for n := from; n < to; n++ {
			c := charges[n]
			values = append(values, number, n+1, c.Account, c.Service, c.RecordType, string(c.Entity), c.Amount.Currency(), c.Amount.Amount())
		}
		_, err := tx.Exec("INSERT INTO charges (collection, n, account, service, record_type, entity, currency, amount) VALUES "+
			rowMarks(to-from), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// chargesOf returns the charges that are kept of a period.
func (t *tables) chargesOf(ctx context.Context, periodID string) (all []statement.Charge, err error) {
	err = t.db.InTx(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query("SELECT account, service, record_type, entity, currency, amount FROM charges "+
			"JOIN collections ON number = collection WHERE period = $1 ORDER BY n", periodID)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		all = nil
		for rows.Next() {
			var c statement.Charge
			var currency, amount string
			if err := rows.Scan(&c.Account, &c.Service, &c.RecordType, &c.Entity, &currency, &amount); err != nil {
				return err
			}
			if c.Amount, err = money.Parse(currency, amount); err != nil {
				return err
			}
			all = append(all, c)
		}
		return rows.Err()
	})
	return all, err
}

// collect notes when the charges of a period are collected, and returns the number that they are kept under.
func collect(tx *store.Tx, periodID string, at time.Time) (int64, error) {
	again := "UPDATE collections SET collected_at = $1 WHERE period = $2 RETURNING number"
	if number, found, err := numbered(tx, again, at.UnixMicro(), periodID); err != nil || found {
		return number, err
	}
	// A transaction that takes the same number is waited for; then its number is seen.
	next := "INSERT INTO collections (number, period, collected_at) SELECT COALESCE(MAX(number), 0) + 1, CAST($1 AS TEXT), " +
		"CAST($2 AS BIGINT) FROM collections WHERE true ON CONFLICT (number) DO NOTHING RETURNING number"
	for {
		if number, found, err := numbered(tx, next, periodID, at.UnixMicro()); err != nil || found {
			return number, err
		}
	}
}

// numbered runs a statement that returns at most one number.
func numbered(tx *store.Tx, query string, args ...any) (number int64, found bool, err error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = rows.Close() }()
	if found = rows.Next(); found {
		err = rows.Scan(&number)
	}
	return number, found, errors.Join(err, rows.Err())
}

// rowMarks is "($1, …, $8), ($9, …" for so many rows.
func rowMarks(rows int) string {
	var b strings.Builder
	for n := range rows * chargeColumns {
		switch {
		case n == 0:
			b.WriteString("($")
		case n%chargeColumns == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(n + 1))
	}
	b.WriteString(")")
	return b.String()
}
