package orders

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

// An order and its agreement change in one transaction, and with them the agreement that it replaces. Which agreements these are never
// changes, and is read without a lock.

// rowsOf are the rows that change together with an order.
func (t *tables) rowsOf(o *order.Order) []store.Locked {
	rows := []store.Locked{t.orders.Row(o.ID), t.agreements.Row(o.AgreementID)}
	if o.Replaces != nil {
		rows = append(rows, t.agreements.Row(o.Replaces.AgreementID))
	}
	return rows
}

// changeOrder changes an order, and its agreement with it.
func (t *tables) changeOrder(
	tx *store.Tx, scope call.Scope, orderID, etag string, decide func(*order.Order) ([]fact.Fact, error),
) (store.Row[order.Order], error) {
	before, err := t.orders.GetTx(tx, scope, orderID)
	if err != nil {
		return before, err
	}
	if err := tx.Lock(t.rowsOf(before.Doc)...); err != nil {
		return before, err
	}
	return t.changeLocked(tx, scope, orderID, etag, decide)
}

// lockOrder reads an order, locked together with its agreement and the customer whose people it names, for changeLocked to
// decide on the same documents. What is read next without a lock may be foreseen.
func (t *tables) lockOrder(
	tx *store.Tx, scope call.Scope, orderID string, foreseen func(*order.Order) []store.Locked,
) (store.Row[order.Order], error) {
	before, err := t.orders.GetTx(tx, scope, orderID)
	if err != nil {
		return before, err
	}
	tx.Foresee(foreseen(before.Doc)...)
	if err := tx.Lock(append(t.rowsOf(before.Doc), t.customers.Row(before.Doc.CustomerID))...); err != nil {
		return before, err
	}
	return t.orders.GetForUpdate(tx, scope, orderID)
}

func nothing(*order.Order) []store.Locked { return nil }

func (t *tables) changeLocked(
	tx *store.Tx, scope call.Scope, orderID, etag string, decide func(*order.Order) ([]fact.Fact, error),
) (store.Row[order.Order], error) {
	row, err := t.orders.Update(tx, scope, orderID, etag, decide)
	if err != nil {
		return row, err
	}
	return row, t.follow(tx, row.Doc)
}

// saveOrder saves what came of an effect of a claimed order, as changeOrder does.
func (t *tables) saveOrder(ctx context.Context, c *store.Claim[order.Order], s kit.Saving[order.Order]) error {
	return t.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(t.rowsOf(c.Doc)...); err != nil {
			return err
		}
		var after *order.Order
		err := c.SettleTx(tx, func(o *order.Order) ([]fact.Fact, error) {
			after = o
			return s.Apply(o)
		}, s.Then)
		if err != nil {
			return err
		}
		return t.follow(tx, after)
	})
}

// followTransfer brings an order to where its transfer is. Who has an account is AccountTransfer's decision: another order that holds
// it loses it in the same transaction.
func (t *tables) followTransfer(tx *store.Tx, orderID string, v order.TransferView) error {
	before, err := t.orders.GetTx(tx, followedOrder(), orderID)
	if err != nil {
		return err
	}
	rows, loser, held := t.rowsOf(before.Doc), "", order.Takes(before.Doc, v)
	if held != "" {
		page, err := t.orders.ListTx(tx, ordersOfAccount(), store.Query{Where: []store.Cond{store.Eq("account_held", held)}, Size: 1})
		if err != nil {
			return err
		}
		for _, other := range page.Rows {
			loser, rows = other.ID, append(rows, t.rowsOf(other.Doc)...)
		}
	}
	if err := tx.Lock(rows...); err != nil {
		return err
	}
	if loser != "" {
		if _, err := t.changeLocked(tx, followedOrder(), loser, "", func(o *order.Order) ([]fact.Fact, error) {
			return order.LoseAccount(o, held), nil
		}); err != nil {
			return err
		}
	}
	_, err = t.changeLocked(tx, followedOrder(), orderID, "", func(o *order.Order) ([]fact.Fact, error) {
		return o.ObserveTransfer(v, tx.Now())
	})
	if accountTaken(err) { // by an order that was submitted meanwhile: the event is brought again
		err = errs.New(errs.Unavailable, "TRANSFER_UNAVAILABLE", "another order has taken the account of order %s meanwhile", orderID)
	}
	return err
}

// accountTaken reports whether the unique index refused what an order holds.
func accountTaken(err error) bool {
	e, ok := errs.As(err)
	return ok && e.Kind == errs.Exists && e.Meta["unique"] == "account_held"
}

// heldAlready is the refusal of an account that another order has come to hold in the same instant.
func heldAlready(err error, accountID string) error {
	if !accountTaken(err) {
		return err
	}
	return order.Free(accountID, "", &order.Taken{})
}

func (t *tables) follow(tx *store.Tx, o *order.Order) error {
	_, err := t.agreements.Update(tx, agreementOfOrder(), o.AgreementID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
		return a.Follow(o, tx.Now()), nil
	})
	if err != nil || o.Replaces == nil {
		return err
	}
	_, err = t.agreements.Update(tx, agreementOfOrder(), o.Replaces.AgreementID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
		return a.FollowReplacement(o, tx.Now()), nil
	})
	return err
}
