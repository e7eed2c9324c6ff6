package actors

import (
	"context"

	"example.com/handover/pkg/auth"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// Customer is a person who buys for its company.
type Customer struct{ Person }

// PersonOf is who calls for these customers.
func PersonOf(subject string, customers ...string) auth.Principal {
	return auth.Principal{Subject: subject, Role: auth.Customer, Customers: customers}
}

// BothTerms are what a customer accepts to submit an order.
func BothTerms() []*ordersv1.AcceptedTerm {
	const version = "2026-02"
	return []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: version},
		{Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: version},
	}
}

// SubmitOrder accepts both terms and submits a draft.
func (c Customer) SubmitOrder(ctx context.Context, orderID string) (*ordersv1.Order, error) {
	resp, err := c.Orders.SubmitOrder(c.Once(ctx), &ordersv1.SubmitOrderRequest{OrderId: orderID, Terms: BothTerms()})
	return resp.GetOrder(), err
}

// ProcessOrder presses "Process": the suite looks now what the customer has done.
func (c Customer) ProcessOrder(ctx context.Context, orderID string) error {
	_, err := c.Orders.ProcessOrder(c.Once(ctx), &ordersv1.ProcessOrderRequest{OrderId: orderID})
	return err
}

// CorrectAccount names another account in place of one that was named by mistake.
func (c Customer) CorrectAccount(ctx context.Context, transferID, accountID string) error {
	_, err := c.Transfers.CorrectAccount(c.Once(ctx), &accounttransferv1.CorrectAccountRequest{
		TransferId: transferID, SourceAccountId: accountID,
	})
	return err
}

// CorrectLinkedAccount names another linked account in place of one that was named by mistake.
func (c Customer) CorrectLinkedAccount(ctx context.Context, transferID, wrong, right string) error {
	_, err := c.Transfers.CorrectLinkedAccount(c.Once(ctx), &accounttransferv1.CorrectLinkedAccountRequest{
		TransferId: transferID, AccountId: wrong, RightAccountId: right,
	})
	return err
}
