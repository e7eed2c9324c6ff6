package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
)

// insertCharges begins the statement that the suite keeps charges with; columnsOfCharge is how many values a row has.
const (
	insertCharges   = "INSERT INTO charges (collection, n, account, service, record_type, entity, currency, amount) VALUES "
	columnsOfCharge = 8
	rowsAtOnce      = 100 // of one statement, as in the suite
)

// insert is the yardstick: the charges that the suite has just kept are inserted once more, under other numbers, one
// transaction for each with the suite's statement, and taken away again.
func (m *months) insert(ctx context.Context) ([]float64, error) {
	args, err := m.lastCharges(ctx)
	if err != nil {
		return nil, err
	}
	began := clock.Machine{}.Now()
	cpu, err := measure.CPUOf(func() error {
		_, err := measure.Times(ctx, len(args), claimed, func(ctx context.Context, i int) error { return m.insertOne(ctx, args[i]) })
		return err
	})
	took := clock.Machine{}.Now().Sub(began)
	if err != nil {
		return nil, err
	}
	for _, statements := range args {
		if _, err := m.db.ExecContext(ctx, "DELETE FROM charges WHERE collection = $1", statements[0][0]); err != nil {
			return nil, fmt.Errorf("take the copies away: %w", err)
		}
	}
	return billed(len(args), took, cpu), nil
}

// lastCharges are the charges of the last month that was billed: the values of each statement, by collection.
func (m *months) lastCharges(ctx context.Context) ([][][]any, error) {
	rows, err := m.db.QueryContext(
		ctx, "SELECT * FROM charges WHERE collection IN (SELECT number FROM collections "+
			"WHERE collected_at = (SELECT MAX(collected_at) FROM collections)) ORDER BY collection, n",
	)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out [][][]any
	copied, count := int64(0), 0
	for rows.Next() {
		row := make([]any, columnsOfCharge)
		if err := rows.Scan(pointers(row)...); err != nil {
			return nil, err
		}
		if count%chargesEach == 0 {
			out, copied = append(out, nil), copied-1 // the suite's are positive
		}
		of := &out[len(out)-1]
		if count%rowsAtOnce == 0 {
			*of = append(*of, nil)
		}
		row[0] = copied
		(*of)[len(*of)-1] = append((*of)[len(*of)-1], row...)
		count++
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if want := len(m.accounts) * chargesEach; count != want {
		return nil, fmt.Errorf("%d charges were kept, not %d", count, want)
	}
	return out, nil
}

// insertOne inserts the charges of one period.
func (m *months) insertOne(ctx context.Context, statements [][]any) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, values := range statements {
		if _, err := tx.ExecContext(ctx, insertCharges+marks(len(values), columnsOfCharge), values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// marks is "($1, $2), ($3, $4)" for four values, two in a row.
func marks(values, inRow int) string {
	var b strings.Builder
	for n := range values {
		switch {
		case n == 0:
			b.WriteString("($")
		case n%inRow == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(n + 1))
	}
	return b.String() + ")"
}
