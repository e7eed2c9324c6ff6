package orders

import (
	"context"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

// SubmitOrder gathers what the draft is held against, then decides under the row's lock.
func (s *orderServer) SubmitOrder(ctx context.Context, req *ordersv1.SubmitOrderRequest) (*ordersv1.SubmitOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SubmitOrderResponse, error) {
		submission, err := s.submission(ctx, tx, req)
		if err != nil {
			return nil, err
		}
		row, err := s.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return s.submit(tx, o, submission)
		})
		return &ordersv1.SubmitOrderResponse{Order: toOrder(row)}, err
	})
}

// submit asks last whether the account is free, so that only who may submit for an account learns that it is not.
func (s *orderServer) submit(tx *store.Tx, o *order.Order, submission order.Submission) ([]fact.Fact, error) {
	var err error
	if submission.PayerMissing, err = s.payerMissing(tx, o); err != nil {
		return nil, err
	}
	facts, err := o.Submit(submission, tx.Now())
	if err != nil {
		return nil, err
	}
	return facts, s.accountFree(tx, o)
}

// payerMissing reports whether AccountTransfer surely has no payer that the order could use: none of the seller, or the
// chosen one is closed or another seller's. A chosen one that nothing was heard of yet is let through, for it may be
// new: AccountTransfer refuses what it does not know, and the order then waits for Operations.
func (s *orderServer) payerMissing(tx *store.Tx, o *order.Order) (bool, error) {
	if o.PayerID == "" {
		n, err := s.tables.payers.CountTx(tx, payersAreNoSecret(), store.Eq("seller", o.SellerID), store.Eq("active", true))
		return n == 0, err
	}
	chosen, err := s.tables.payers.GetTx(tx, payersAreNoSecret(), o.PayerID)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !chosen.Doc.Active || chosen.Doc.SellerID != o.SellerID, nil
}

func (s *orderServer) submission(ctx context.Context, tx *store.Tx, req *ordersv1.SubmitOrderRequest) (order.Submission, error) {
	out := order.Submission{By: tx.Call().Actor, Terms: fromTerms(req.GetTerms()), Rules: s.rules, TransferID: newTransferID()}
	if p, ok := auth.From(ctx); ok {
		out.Binds = p.Customers
	}
	draft, err := s.tables.orders.GetTx(tx, tx.Call().Scope, req.GetOrderId())
	if err != nil {
		return out, err
	}
	customer, err := s.customer(tx, draft.Doc.CustomerID)
	if err != nil {
		return out, err
	}
	seller, err := s.tables.sellers.GetTx(tx, sellersAreNoSecret(), draft.Doc.SellerID)
	if err != nil {
		return out, err
	}
	out.Customer, out.Seller = *customer, *seller.Doc
	out.Product, err = catalogue.Find(draft.Doc.ProductID)
	return out, err
}
