package billing

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
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
		_, err := t.agreements.Update(tx, pricesAreOurs(), terms.ID, "", func(a *relationship.Agreement) ([]fact.Fact, error) {
			*a = terms
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.agreements.Create(tx, terms.ID, &terms)
		}
		if err != nil {
			return err
		}
		ours, err := t.relationships.ListTx(tx, followsAll(), store.Query{Where: []store.Cond{store.Eq("correlation", terms.OrderID)}})
		if err != nil {
			return err
		}
		for _, row := range ours.Rows {
			_, err := t.relationships.Update(tx, followsAll(), row.ID, "", func(r *relationship.Relationship) ([]fact.Fact, error) {
				return r.Agree(terms)
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// agreementOf returns the terms of an order, nil when they are not known yet. It locks them, so that they are still
// the newest when they are applied; its callers lock the relationship afterwards.
func (t *tables) agreementOf(tx *store.Tx, orderID string) (*relationship.Agreement, error) {
	page, err := t.agreements.ListTx(tx, pricesAreOurs(), store.Query{Where: []store.Cond{store.Eq("order_id", orderID)}, Size: 1})
	if err != nil || len(page.Rows) == 0 || orderID == "" {
		return nil, err
	}
	row, err := t.agreements.GetForUpdate(tx, pricesAreOurs(), page.Rows[0].ID)
	return row.Doc, err
}

func termsOf(a *ordersv1.Agreement) relationship.Agreement {
	return relationship.Agreement{
		ID: a.GetAgreementId(), OrderID: a.GetOrderId(), SellerID: a.GetSellerId(), CurrencyCode: a.GetCurrencyCode(),
		PartnerLedSupport: a.GetSupportOption() == ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED,
		Void: a.GetState() == ordersv1.AgreementState_AGREEMENT_STATE_FAILED ||
			a.GetState() == ordersv1.AgreementState_AGREEMENT_STATE_DELETED,
	}
}
