package billing

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/rating"
)

// nextNumber gives the seller's next number of a year. It locks the seller's row until the transaction ends: invoices
// of a seller are issued one after the other, and a transaction that is undone gives its number back.
func nextNumber(tx *store.Tx, sellerID string, year int) (string, error) {
	rows, err := tx.Query("INSERT INTO invoice_numbers (seller, year, last) VALUES ($1, $2, 1) "+
		"ON CONFLICT (seller, year) DO UPDATE SET last = invoice_numbers.last + 1 RETURNING last", sellerID, year)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return "", errors.Join(errors.New("the seller has no next number"), rows.Err())
	}
	var last int64
	if err := rows.Scan(&last); err != nil {
		return "", err
	}
	return invoice.Number(year, last), rows.Err()
}

// chargeColumns is how many values a row of charges has.
const chargeColumns = 8

// batch is how many rows one statement inserts: far below the number of values that both databases take.
const batch = 100

// replaceCharges keeps the charges of a period in place of those it had.
func replaceCharges(tx *store.Tx, periodID string, charges []rating.Charge, at time.Time) error {
	if _, err := tx.Exec("DELETE FROM charges WHERE period = $1", periodID); err != nil {
		return err
	}
	for from := 0; from < len(charges); from += batch {
		to := min(from+batch, len(charges))
		values := make([]any, 0, (to-from)*chargeColumns)
		for n := from; n < to; n++ {
			c := charges[n]
			values = append(values, periodID, n+1, c.Service, c.RecordType, string(c.Entity),
				c.Amount.Currency(), c.Amount.Amount(), at.UnixMicro())
		}
		_, err := tx.Exec("INSERT INTO charges (period, n, service, record_type, entity, currency, amount, collected_at) VALUES "+
			rowMarks(to-from), values...)
		if err != nil {
			return err
		}
	}
	return nil
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
