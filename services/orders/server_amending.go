package orders

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
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

type changeServer struct {
	ordersv1.UnimplementedChangeServiceServer
	orders   *orderServer // shows and changes them
	patience order.Patience
}

func (s *changeServer) RequestChange(
	ctx context.Context, req *ordersv1.RequestChangeRequest,
) (*ordersv1.RequestChangeResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.RequestChangeResponse, error) {
		scope := tx.Call().Scope
		before, err := t.agreements.GetForUpdate(tx, scope, req.GetAgreementId())
		if err != nil {
			return nil, err
		}
		seller, err := t.sellers.GetTx(tx, anySeller(), before.Doc.SellerID)
		if err != nil {
			return nil, err
		}
		customer, err := t.customers.GetTx(tx, scope, before.Doc.CustomerID)
		if err != nil {
			return nil, err
		}
		asked := fromChange(req)
		of, err := before.Doc.Changes(asked.Kind, *seller.Doc, *customer.Doc)
		if err != nil {
			return nil, err
		}
		o, facts, err := order.NewChange(orNew(req.GetOrderId(), prefixOrder), of, asked, s.patience, tx.Call().Actor, tx.Now())
		if err != nil {
			return nil, err
		}
		if _, err := t.agreements.Update(tx, scope, before.ID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
			return a.OpenChange(o, tx.Now())
		}); err != nil {
			return nil, err
		}
		row, err := t.orders.Create(tx, o.ID, o, facts...)
		return &ordersv1.RequestChangeResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, orderTaken(err)
	})
}

func (s *changeServer) ReviewChange(ctx context.Context, req *ordersv1.ReviewChangeRequest) (*ordersv1.ReviewChangeResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.ReviewChangeResponse, error) {
		scope := tx.Call().Scope
		before, err := t.lockOrder(tx, scope, req.GetOrderId(), nothing)
		if err != nil {
			return nil, err
		}
		changes, err := t.agreements.GetForUpdate(tx, agreementOfOrder(), before.Doc.AgreementID)
		if err != nil {
			return nil, err
		}
		seller, err := t.sellers.GetTx(tx, anySeller(), changes.Doc.SellerID)
		if err != nil {
			return nil, err
		}
		decided := change.Decision{
			Outcome: change.Outcome(wire.Name(req.GetOutcome())), Reason: req.GetReason(), DecidedBy: tx.Call().Actor, DecidedAt: tx.Now(),
		}
		row, err := t.changeLocked(tx, scope, before.ID, req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.ReviewChange(o, decided, wire.FromMonth(req.GetFromMonth()), changes.Doc.Held(*seller.Doc, party.Customer{}), tx.Now())
		})
		return &ordersv1.ReviewChangeResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *changeServer) TakeBackChange(
	ctx context.Context, req *ordersv1.TakeBackChangeRequest,
) (*ordersv1.TakeBackChangeResponse, error) {
	return store.Write(ctx, s.orders.tables.db, req, func(tx *store.Tx) (*ordersv1.TakeBackChangeResponse, error) {
		row, err := s.orders.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBackChange(o, tx.Call().Actor, req.GetReason(), tx.Now())
		})
		return &ordersv1.TakeBackChangeResponse{Order: s.orders.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

// mailsOf are the mails and reminders that an order wants as it is.
func mailsOf(o *order.Order) (out []*ordersv1.OrderMail) {
	if o == nil {
		return nil
	}
	for _, w := range o.Notices() {
		if w.Kind == intent.Mail || w.Kind == intent.Reminder {
			out = append(out, &ordersv1.OrderMail{
				Template: w.Name, To: w.To, Reminder: w.Kind == intent.Reminder, FromTime: wire.Time(w.At), UntilTime: wire.Time(w.Until),
			})
		}
	}
	return out
}
