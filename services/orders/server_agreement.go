package orders

import (
	"cmp"
	"context"
	"slices"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

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
		q.Where = append(q.Where, store.Any("state", wire.Names(states)...))
	}
	q, err := s.tables.ofCustomers(ctx, q, req.GetPartnerId(), req.GetCustomerNamePrefix())
	if err != nil {
		return nil, err
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
			return a.Revise(edit, *seller.Doc, tx.Now())
		})
		return &ordersv1.UpdateAgreementResponse{Agreement: toAgreement(row)}, wire.Taken(err, "customer_external_id", "agreement.external_id")
	})
}

// ListSubscriptions lists what the agreement itself holds: a hundred at most. A page goes on after the subscription that its token names.
func (s *agreementServer) ListSubscriptions(
	ctx context.Context, req *ordersv1.ListSubscriptionsRequest,
) (*ordersv1.ListSubscriptionsResponse, error) {
	row, err := s.tables.agreements.Get(ctx, call.From(ctx).Scope, req.GetAgreementId())
	if err != nil {
		return nil, err
	}
	all, resp := row.Doc.Subscriptions, &ordersv1.ListSubscriptionsResponse{}
	if token := req.GetPageToken(); token != "" {
		last := slices.IndexFunc(all, func(s agreement.Subscription) bool { return s.ID == token })
		if last < 0 {
			return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the list has no such page")
		}
		all = all[last+1:]
	}
	for _, sub := range all {
		shown := toSubscription(sub, row.ID)
		if len(req.GetStates()) > 0 && !slices.Contains(req.GetStates(), shown.GetState()) {
			continue
		}
		if n := len(resp.GetSubscriptions()); n == cmp.Or(int(req.GetPageSize()), 50) {
			resp.NextPageToken = resp.GetSubscriptions()[n-1].GetSubscriptionId()
			break
		}
		resp.Subscriptions = append(resp.Subscriptions, shown)
	}
	return resp, nil
}

func toAgreement(r store.Row[agreement.Agreement]) *ordersv1.Agreement {
	a := r.Doc
	if a == nil {
		return nil
	}
	return &ordersv1.Agreement{
		AgreementId: r.ID, OrderId: a.OrderID, CustomerId: a.CustomerID, SellerId: a.SellerID, ProductId: a.ProductID,
		ManagementAccountId: a.ManagementAccountID, SupportOption: wire.Value[ordersv1.SupportOption](string(a.SupportOption)),
		CurrencyCode: a.CurrencyCode, State: wire.Value[ordersv1.AgreementState](string(a.Shown())),
		MinimumTerm: toMinimumTerm(a.MinimumTerm), Terms: toTerms(a.Terms), TransferId: a.TransferID, Etag: r.ETag(),
		CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
		ConnectionId: a.Connection.ID, ActivateTime: wire.Time(a.ActivatedAt), EndTime: wire.Time(a.EndedAt),
		ExternalId: a.ExternalID, Labels: a.Labels, TerminationOrderId: a.TerminationOrderID, ReplacementOrderId: a.ReplacementOrderID,
		ChangeOrderId: a.ChangeOrderID, DiscountPercent: a.DiscountPercent, TermsHistory: toTermsHistory(a.TermsHistory),
		Contacts: toPeople(&a.Contacts.People), MinimumTermPolicy: wire.Value[ordersv1.MinimumTermPolicy](
			string(cmp.Or(a.TermPolicy, agreement.PolicyCycles))),
	}
}

func agreementEdit(a *ordersv1.Agreement, mask *fieldmaskpb.FieldMask) (e agreement.Edit, err error) {
	paths, err := wire.Mask(mask, "currency_code", "minimum_term_policy", "external_id", "labels")
	for _, path := range paths {
		switch path {
		case "currency_code":
			e.CurrencyCode = &a.CurrencyCode
		case "minimum_term_policy":
			policy := agreement.Policy(wire.Name(a.GetMinimumTermPolicy()))
			e.TermPolicy = &policy
		case "external_id":
			e.ExternalID = &a.ExternalId
		case "labels":
			e.Labels = &a.Labels
		}
	}
	return e, err
}

func toMinimumTerm(m agreement.MinimumTerm) *ordersv1.MinimumTerm {
	if m.Start.IsZero() {
		return nil
	}
	out := &ordersv1.MinimumTerm{
		PoliciesDiffer: m.Differ(),
		Policy:         wire.Value[ordersv1.MinimumTermPolicy](string(m.Policy)), Cycles: int32(m.Cycles),
		StartTime: wire.Time(m.Start), EndTime: wire.Time(m.End), ServiceTermEndTime: wire.Time(m.ServiceTermEnd),
	}
	for _, p := range agreement.Policies() {
		if end := m.EndBy(p); !end.IsZero() {
			out.Ends = append(out.Ends, &ordersv1.MinimumTermEnd{
				Policy:  wire.Value[ordersv1.MinimumTermPolicy](string(p)),
				EndTime: wire.Time(end), BillingEndTime: wire.Time(m.BilledUntil(p)),
			})
		}
	}
	return out
}

func toSubscription(s agreement.Subscription, agreementID string) *ordersv1.Subscription {
	return &ordersv1.Subscription{
		SubscriptionId: s.ID, AgreementId: agreementID, VendorId: s.VendorID,
		State:     wire.Value[ordersv1.SubscriptionState](string(s.Shown())),
		StartTime: wire.Time(s.Start), EndTime: wire.Time(s.End),
	}
}
