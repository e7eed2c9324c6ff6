package billing

import (
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/rating"
)

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
