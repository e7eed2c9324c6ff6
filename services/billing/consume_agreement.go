package billing

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/relationship"
)

// observeAgreement keeps the terms, and tells the order's relationship of them when it is there already.
func observeAgreement(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.AgreementEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		terms := termsOf(body.GetAgreement())
		relationships, err := t.lockTerms(tx, terms)
		if err != nil {
			return err
		}
		_, err = t.agreements.Update(tx, sharedTerms(), terms.ID, "", func(a *relationship.Agreement) ([]fact.Fact, error) {
			*a = terms
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.agreements.Create(tx, terms.ID, &terms)
		}
		if err != nil {
			return err
		}
		for _, id := range relationships {
			_, err := t.relationships.Update(tx, anyCustomer(), id, "", func(r *relationship.Relationship) ([]fact.Fact, error) {
				return r.Agree(terms)
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// lockTerms locks an agreement and the relationships of its order, and returns the ids of these. A relationship that
// begins at the same moment is seen at the next try.
func (t *tables) lockTerms(tx *store.Tx, terms relationship.Agreement) ([]string, error) {
	ofOrder := store.Query{Where: []store.Cond{store.Eq("correlation", terms.OrderID)}}
	before, err := t.relationships.ListTx(tx, anyCustomer(), ofOrder)
	if err != nil {
		return nil, err
	}
	rows, ids := []store.Locked{t.agreements.Row(terms.ID)}, []string(nil)
	for _, row := range before.Rows {
		rows, ids = append(rows, t.relationships.Row(row.ID)), append(ids, row.ID)
	}
	if err := tx.Lock(rows...); err != nil {
		return nil, err
	}
	after, err := t.relationships.ListTx(tx, anyCustomer(), ofOrder)
	if err == nil && len(after.Rows) != len(before.Rows) {
		return nil, errs.New(errs.Conflict, "CONFLICT", "a relationship of order %s has just begun", terms.OrderID)
	}
	return ids, err
}

// agreementOf returns the terms of an order, nil when they are not known yet. It locks them together with the
// relationship they are for, so that they are still the newest when they are applied.
func (t *tables) agreementOf(tx *store.Tx, orderID, relationshipID string) (*relationship.Agreement, error) {
	page, err := t.agreements.ListTx(tx, sharedTerms(), store.Query{Where: []store.Cond{store.Eq("order_id", orderID)}, Size: 1})
	if err != nil || len(page.Rows) == 0 || orderID == "" {
		return nil, err
	}
	id := page.Rows[0].ID
	if err := tx.Lock(t.agreements.Row(id), t.relationships.Row(relationshipID)); err != nil {
		return nil, err
	}
	row, err := t.agreements.GetForUpdate(tx, sharedTerms(), id)
	return row.Doc, err
}

func termsOf(a *ordersv1.Agreement) relationship.Agreement {
	out := relationship.Agreement{
		ID: a.GetAgreementId(), OrderID: a.GetOrderId(), TransferID: a.GetTransferId(), CustomerID: a.GetCustomerId(),
		SellerID: a.GetSellerId(),
		Void: a.GetState() == ordersv1.AgreementState_AGREEMENT_STATE_FAILED ||
			a.GetState() == ordersv1.AgreementState_AGREEMENT_STATE_DELETED,
	}
	for _, d := range a.GetTermsHistory() {
		out.Terms = append(out.Terms, relationship.Dated{From: wire.FromMonth(d.GetFromMonth()), Terms: billedOn(d)})
	}
	if len(out.Terms) == 0 { // they never changed
		out.Terms = []relationship.Dated{{Terms: billedOn(a)}}
	}
	return out
}

// billedOn are the terms of an agreement, or of its history.
func billedOn(t interface {
	GetCurrencyCode() string
	GetSupportOption() ordersv1.SupportOption
	GetDiscountPercent() string
},
) relationship.Terms {
	return relationship.Terms{
		CurrencyCode: t.GetCurrencyCode(), Discount: t.GetDiscountPercent(),
		PartnerLedSupport: t.GetSupportOption() == ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED,
	}
}

// observeRequest keeps how the support of an account that was made on request is billed, and the plan that it has.
func observeRequest(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.AccountRequestEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		r := body.GetAccountRequest()
		if r.GetAccountId() == "" {
			return nil
		}
		seen := relationship.Reported{
			AccountID: r.GetAccountId(), Group: wire.Name(r.GetSupportPlanGroup()), Plan: wire.Name(r.GetSupportPlan()),
			Ready: r.GetState() == accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_READY,
		}
		return t.keepBuyer(tx, r.GetCustomerId(), func(b relationship.Buyer) relationship.Buyer { return b.Supported(seen, m.OccurredAt) })
	}
}

// keepBuyer changes what is kept of a customer.
func (t *tables) keepBuyer(tx *store.Tx, customerID string, change func(relationship.Buyer) relationship.Buyer) error {
	_, err := t.buyers.Update(tx, anyCustomer(), customerID, "", func(b *relationship.Buyer) ([]fact.Fact, error) {
		*b = change(*b)
		return nil, nil
	})
	if errs.KindOf(err) == errs.NotFound {
		seen := change(relationship.Buyer{CustomerID: customerID})
		_, err = t.buyers.Create(tx, customerID, &seen)
	}
	return err
}

// observeCustomer keeps which pricebook a customer has. Months that are not invoiced are priced by it.
func observeCustomer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.CustomerEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		customerID, pricebookID := body.GetCustomer().GetCustomerId(), body.GetCustomer().GetProvider().GetPricebookId()
		return t.keepBuyer(tx, customerID, func(b relationship.Buyer) relationship.Buyer { return b.Seen(pricebookID, m.OccurredAt) })
	}
}
