package orders

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/link"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

func (s *orderServer) SendOrder(ctx context.Context, req *ordersv1.SendOrderRequest) (*ordersv1.SendOrderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SendOrderResponse, error) {
		row, err := s.changeFor(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order, c party.Customer) ([]fact.Fact, error) {
			return o.SendLink(req.GetPersonId(), c, s.linkLife, tx.Call().Actor, tx.Now())
		})
		return &ordersv1.SendOrderResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *orderServer) ResendLink(ctx context.Context, req *ordersv1.ResendLinkRequest) (*ordersv1.ResendLinkResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.ResendLinkResponse, error) {
		row, err := s.changeFor(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order, c party.Customer) ([]fact.Fact, error) {
			return o.ResendLink(c, s.linkLife, tx.Call().Actor, tx.Now())
		})
		return &ordersv1.ResendLinkResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

func (s *orderServer) RevokeLink(ctx context.Context, req *ordersv1.RevokeLinkRequest) (*ordersv1.RevokeLinkResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.RevokeLinkResponse, error) {
		row, err := s.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return o.RevokeLink(req.GetReason(), tx.Now())
		})
		return &ordersv1.RevokeLinkResponse{Order: s.shown(ctx, row), Mails: mailsOf(row.Doc)}, err
	})
}

// OpenLink is a read, but for the first time that a link is opened: that is recorded, in a transaction of its own. A
// repetition finds it done, so that the call may be repeated as any read.
func (s *orderServer) OpenLink(ctx context.Context, req *ordersv1.OpenLinkRequest) (*ordersv1.OpenLinkResponse, error) {
	named, err := s.signer.Read(req.GetToken())
	if err != nil {
		return nil, order.LinkInvalid()
	}
	row, err := s.tables.orders.Get(ctx, orderOfLink(), named.OrderID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, order.LinkInvalid()
	}
	if err != nil {
		return nil, err
	}
	told, err := row.Doc.OpenLink(named.Number, named.ExpiresAt, s.env.Business.Now())
	if err == nil && len(told) > 0 {
		row, err = s.recordOpening(ctx, named)
	}
	if err != nil {
		return nil, err
	}
	return &ordersv1.OpenLinkResponse{
		OrderId: row.ID, State: wire.Value[ordersv1.OrderState](string(row.Doc.State)), ProductId: row.Doc.ProductID,
		ExpireTime: wire.Time(named.ExpiresAt), NextStep: s.env.Say(ctx, row.Doc.NextStep()),
	}, nil
}

func (s *orderServer) recordOpening(ctx context.Context, n link.Named) (row store.Row[order.Order], err error) {
	err = s.tables.db.InTx(ctx, func(tx *store.Tx) (err error) {
		row, err = s.tables.orders.Update(tx, orderOfLink(), n.OrderID, "", func(o *order.Order) ([]fact.Fact, error) {
			return o.OpenLink(n.Number, n.ExpiresAt, tx.Now())
		})
		return err
	})
	return row, err
}
