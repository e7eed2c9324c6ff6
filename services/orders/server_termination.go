package orders

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

type terminationServer struct {
	ordersv1.UnimplementedTerminationServiceServer
	orders   *orderServer // shows and changes them
	reviewIn time.Duration
}

func (s *terminationServer) RequestTermination(
	ctx context.Context, req *ordersv1.RequestTerminationRequest,
) (*ordersv1.RequestTerminationResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.RequestTerminationResponse, error) {
		scope := tx.Call().Scope
		before, err := t.agreements.GetForUpdate(tx, scope, req.GetAgreementId())
		if err != nil {
			return nil, err
		}
		o, facts := order.NewTermination(
			orNew(req.GetOrderId(), prefixOrder), before.Doc.Ends(), req.GetReason(), s.reviewIn, tx.Call().Actor, tx.Now())
		if _, err := t.agreements.Update(tx, scope, before.ID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
			return a.OpenTermination(o)
		}); err != nil {
			return nil, err
		}
		row, err := t.orders.Create(tx, o.ID, o, facts...)
		return &ordersv1.RequestTerminationResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, orderTaken(err)
	})
}

func (s *terminationServer) ReviewTermination(
	ctx context.Context, req *ordersv1.ReviewTerminationRequest,
) (*ordersv1.ReviewTerminationResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.ReviewTerminationResponse, error) {
		scope := tx.Call().Scope
		before, err := t.lockOrder(tx, scope, req.GetOrderId(), nothing)
		if err != nil {
			return nil, err
		}
		ends, err := t.agreements.GetForUpdate(tx, agreementOfOrder(), before.Doc.AgreementID)
		if err != nil {
			return nil, err
		}
		row, err := t.changeLocked(tx, scope, before.ID, req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.Review(o, termination.Decision{
				Outcome: termination.Outcome(wire.Name(req.GetOutcome())), Reason: req.GetReason(), DecidedBy: tx.Call().Actor, DecidedAt: tx.Now(),
			}, ends.Doc.Term(), tx.Now())
		})
		return &ordersv1.ReviewTerminationResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *terminationServer) TakeBackTermination(
	ctx context.Context, req *ordersv1.TakeBackTerminationRequest,
) (*ordersv1.TakeBackTerminationResponse, error) {
	return store.Write(ctx, s.orders.tables.db, req, func(tx *store.Tx) (*ordersv1.TakeBackTerminationResponse, error) {
		row, err := s.orders.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBack(o, tx.Call().Actor, req.GetReason(), tx.Now())
		})
		return &ordersv1.TakeBackTerminationResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}
