package orders

import (
	"context"

	"example.com/handover/pkg/auth"
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
			return o.Submit(submission, tx.Now())
		})
		return &ordersv1.SubmitOrderResponse{Order: toOrder(row)}, err
	})
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
	payers, err := s.tables.payers.CountTx(tx, payersAreNoSecret(), store.Eq("seller", seller.ID), store.Eq("active", true))
	if err != nil {
		return out, err
	}
	out.PayerMissing = payers == 0
	if out.Product, err = catalogue.Find(draft.Doc.ProductID); err != nil {
		return out, err
	}
	return out, s.accountFree(tx, draft.Doc)
}
