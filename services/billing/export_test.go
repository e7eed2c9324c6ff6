package billing

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
)

// HearTransfer has the service hear of a transfer, as if AccountTransfer had told of it.
func HearTransfer(ctx context.Context, db *store.DB, t *accounttransferv1.Transfer) error {
	return hear(ctx, db, observeTransfer(openTables(db, text.Bare{})), &accounttransferv1.TransferEvent{Transfer: t})
}

// HearConnection has the service hear of a connection, as if AccountTransfer had told of it.
func HearConnection(ctx context.Context, db *store.DB, c *accounttransferv1.Connection) error {
	return hear(ctx, db, observeConnection(openTables(db, text.Bare{})), &accounttransferv1.ConnectionEvent{Connection: c})
}

// HearAgreement has the service hear of an agreement, as if Orders had told of it.
func HearAgreement(ctx context.Context, db *store.DB, a *ordersv1.Agreement) error {
	return hear(ctx, db, observeAgreement(openTables(db, text.Bare{})), &ordersv1.AgreementEvent{Agreement: a})
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

// ReadTermsAfter locks a relationship and then reads the terms of its order, which locks too late.
func ReadTermsAfter(ctx context.Context, db *store.DB, relationshipID, orderID string) error {
	t := openTables(db, text.Bare{})
	return db.InTx(ctx, func(tx *store.Tx) error {
		if _, err := t.relationships.GetForUpdate(tx, anyCustomer(), relationshipID); err != nil {
			return err
		}
		_, err := t.agreementOf(tx, orderID, relationshipID)
		return err
	})
}

// PeriodFor is a period as a role sees it; the empty one stands for an event.
func PeriodFor(ctx context.Context, role auth.Role, p *period.Period) *billingv1.Period {
	if role == "" {
		event, _ := periodKind(text.Bare{}).Public(store.Meta{}, p).(*billingv1.PeriodEvent)
		return event.GetPeriod()
	}
	return toPeriod(text.Bare{}, store.Row[period.Period]{Doc: p}, depthOf(auth.With(ctx, auth.Principal{Role: role})))
}

// Store keeps a pricebook and a period.
func Store(ctx context.Context, db *store.DB, b pricebook.Pricebook, p period.Period) error {
	t := openTables(db, text.Bare{})
	return db.InTx(ctx, func(tx *store.Tx) error {
		if _, err := t.pricebooks.Create(tx, b.ID, &b); err != nil {
			return err
		}
		_, err := t.periods.Create(tx, p.ID, &p)
		return err
	})
}

// Revise changes a pricebook.
func Revise(ctx context.Context, db *store.DB, id string, e pricebook.Edit) error {
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := openTables(db, text.Bare{}).pricebooks.Update(tx, sharedTerms(), id, "", func(b *pricebook.Pricebook) ([]fact.Fact, error) { return b.Revise(e) })
		return err
	})
}

// StillHolds reports whether the prices of a period rest on what holds now.
func StillHolds(ctx context.Context, db *store.DB, p period.Period) (holds bool, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) (err error) {
		rel, err := openTables(db, text.Bare{}).stillHolds(tx, &p)
		holds = rel != nil
		return err
	})
	return holds, err
}
