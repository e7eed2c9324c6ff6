package orders

import (
	"context"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/order"
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

// HearTransfer has the service hear of a transfer, as AccountTransfer's event in this revision tells it.
func HearTransfer(ctx context.Context, db *store.DB, t *accounttransferv1.Transfer, revision int64) error {
	return hear(ctx, db, &accounttransferv1.TransferEvent{Transfer: t}, revision, observeTransfer(openTables(db, text.Bare{})))
}

// HearConnection has the service hear of a connection.
func HearConnection(ctx context.Context, db *store.DB, c *accounttransferv1.Connection, revision int64) error {
	return hear(ctx, db, &accounttransferv1.ConnectionEvent{Connection: c}, revision, observeConnection(openTables(db, text.Bare{})))
}

func hear(ctx context.Context, db *store.DB, body proto.Message, revision int64, handle func(*store.Tx, event.Message) error) error {
	raw, err := proto.Marshal(body)
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(tx *store.Tx) error {
		return handle(tx, event.Message{Revision: revision, Type: string(body.ProtoReflect().Descriptor().FullName()), Body: raw})
	})
}

// WriteUnreadably gives an order a new revision that this release cannot read.
func WriteUnreadably(ctx context.Context, db *store.DB, orderID string) error {
	t := openTables(db, text.Bare{})
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := t.orders.Update(tx, anyPage(), orderID, "", func(*order.Order) ([]fact.Fact, error) {
			return []fact.Fact{{Name: "updated"}}, nil
		})
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE orders SET doc = '[]', doc_version = doc_version + 1 WHERE id = $1", orderID)
		return err
	})
}

// PlanOrders is how the database would read a page of orders.
func PlanOrders(ctx context.Context, db *store.DB, q store.Query, req *ordersv1.ListOrdersRequest) ([]string, error) {
	t := openTables(db, text.Bare{})
	q, err := t.ordersAsked(call.With(ctx, call.Call{Scope: anyPage()}), q, req)
	if err != nil {
		return nil, err
	}
	return t.orders.Plan(ctx, anyPage(), q)
}
