package orders

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
)

type agreementServer struct {
	ordersv1.UnimplementedAgreementServiceServer
	tables *tables
}

func (s *agreementServer) GetAgreement(ctx context.Context, req *ordersv1.GetAgreementRequest) (*ordersv1.GetAgreementResponse, error) {
	row, err := s.tables.agreements.Get(ctx, call.From(ctx).Scope, req.GetAgreementId())
	if err != nil {
		return nil, err
	}
	return &ordersv1.GetAgreementResponse{Agreement: toAgreement(row)}, nil
}

func (s *agreementServer) ListAgreements(
	ctx context.Context, req *ordersv1.ListAgreementsRequest,
) (*ordersv1.ListAgreementsResponse, error) {
	q := wire.Query(ctx, req)
	q = wire.Filter(q, "customer", req.GetCustomerId())
	q = wire.Filter(q, "order_id", req.GetOrderId())
	q = wire.Filter(q, "external_id", req.GetExternalId())
	q = wire.Labelled(q, req.GetLabels())
	if states := req.GetStates(); len(states) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(states)...))
	}
	page, err := s.tables.agreements.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	return &ordersv1.ListAgreementsResponse{Agreements: wire.Rows(page.Rows, toAgreement), NextPageToken: page.Next}, nil
}

func (s *agreementServer) UpdateAgreement(
	ctx context.Context, req *ordersv1.UpdateAgreementRequest,
) (*ordersv1.UpdateAgreementResponse, error) {
	edit, err := agreementEdit(req.GetAgreement(), req.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.UpdateAgreementResponse, error) {
		scope := tx.Call().Scope
		before, err := s.tables.agreements.GetForUpdate(tx, scope, req.GetAgreementId())
		if err != nil {
			return nil, err
		}
		seller, err := s.tables.sellers.GetTx(tx, anySeller(), before.Doc.SellerID)
		if err != nil {
			return nil, err
		}
		row, err := s.tables.agreements.Update(tx, scope, before.ID, req.GetEtag(), func(a *agreement.Agreement) ([]fact.Fact, error) {
			return a.Revise(edit, *seller.Doc)
		})
		return &ordersv1.UpdateAgreementResponse{Agreement: toAgreement(row)}, wire.Taken(err, "customer_external_id", "agreement.external_id")
	})
}

// ListSubscriptions answers in one page: an agreement has one subscription.
func (s *agreementServer) ListSubscriptions(
	ctx context.Context, req *ordersv1.ListSubscriptionsRequest,
) (*ordersv1.ListSubscriptionsResponse, error) {
	row, err := s.tables.agreements.Get(ctx, call.From(ctx).Scope, req.GetAgreementId())
	if err != nil {
		return nil, err
	}
	if req.GetPageToken() != "" {
		return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the list has one page")
	}
	resp := &ordersv1.ListSubscriptionsResponse{}
	for _, sub := range row.Doc.Subscriptions {
		resp.Subscriptions = append(resp.Subscriptions, toSubscription(sub, row.ID))
	}
	return resp, nil
}
