package orders

import (
	"context"

	"example.com/handover/pkg/store"
	"example.com/handover/services/orders/internal/party"
)

// KnowPayer has the service know an active payer, as if AccountTransfer had told of it once.
func KnowPayer(ctx context.Context, db *store.DB, payerID, sellerID string) error {
	payers := store.NewTable(db, payerKind())
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := payers.Create(tx, payerID, &party.Payer{ID: payerID, SellerID: sellerID, Active: true})
		return err
	})
}
