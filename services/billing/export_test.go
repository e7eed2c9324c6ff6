package billing

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// HearTransfer has the service hear of a transfer, as if AccountTransfer had told of it.
func HearTransfer(ctx context.Context, db *store.DB, t *accounttransferv1.Transfer) error {
	return hear(ctx, db, observeTransfer(openTables(db)), &accounttransferv1.TransferEvent{Transfer: t})
}

// HearAgreement has the service hear of an agreement, as if Orders had told of it.
func HearAgreement(ctx context.Context, db *store.DB, a *ordersv1.Agreement) error {
	return hear(ctx, db, observeAgreement(openTables(db)), &ordersv1.AgreementEvent{Agreement: a})
}

func hear(ctx context.Context, db *store.DB, handle func(*store.Tx, event.Message) error, state proto.Message) error {
	body, err := proto.Marshal(state)
	if err != nil {
		return err
	}
	m := event.Message{Type: string(state.ProtoReflect().Descriptor().FullName()), Body: body}
	return db.InTx(ctx, func(tx *store.Tx) error { return handle(tx, m) })
}

// ErrUndone ends a transaction that gave a number, and undoes it.
var ErrUndone = errors.New("undone")

// GiveNumber gives a seller's next number and commits, or undoes it.
func GiveNumber(ctx context.Context, db *store.DB, sellerID string, year int, undo bool) (number string, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) error {
		if number, err = nextNumber(tx, sellerID, year); err != nil || !undo {
			return err
		}
		return ErrUndone
	})
	return number, err
}
