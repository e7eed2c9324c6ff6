package billing

import (
	"errors"

	"example.com/handover/pkg/store"
	"example.com/handover/services/billing/internal/invoice"
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
