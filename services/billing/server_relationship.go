package billing

import (
	"context"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/relationship"
	"example.com/handover/services/billing/internal/statement"
)

type billingServer struct {
	billingv1.UnimplementedBillingServiceServer
	tables *tables
	words  func(context.Context) text.Words
	rules  statement.Rules
}

func (s *billingServer) GetRelationship(
	ctx context.Context, req *billingv1.GetRelationshipRequest,
) (*billingv1.GetRelationshipResponse, error) {
	row, err := s.tables.relationships.Get(ctx, call.From(ctx).Scope, req.GetRelationshipId())
	if err != nil {
		return nil, err
	}
	return &billingv1.GetRelationshipResponse{Relationship: s.shown(ctx, row)}, nil
}

func (s *billingServer) ListRelationships(
	ctx context.Context, req *billingv1.ListRelationshipsRequest,
) (*billingv1.ListRelationshipsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetOrderId())
	q = wire.Filter(q, "transfer", req.GetTransferId())
	q = wire.Filter(q, "connection", req.GetConnectionId())
	if depthOf(ctx) >= handled { // otherwise the filter would tell what the relationship does not
		asked := wire.Attention{WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked()}
		var err error
		if q, err = asked.Add(ctx, q); err != nil {
			return nil, err
		}
	}
	page, err := s.tables.relationships.List(ctx, call.From(ctx).Scope, q)
	if err != nil {
		return nil, err
	}
	to := func(row store.Row[relationship.Relationship]) *billingv1.Relationship { return s.shown(ctx, row) }
	return &billingv1.ListRelationshipsResponse{Relationships: wire.Rows(page.Rows, to), NextPageToken: page.Next}, nil
}

func (s *billingServer) SetPricing(ctx context.Context, req *billingv1.SetPricingRequest) (*billingv1.SetPricingResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.SetPricingResponse, error) {
		book, err := s.named(tx, req.GetPricebookId())
		if err != nil {
			return nil, err
		}
		open, err := s.notInvoiced(tx, req.GetRelationshipId())
		if err != nil {
			return nil, err
		}
		row, err := s.tables.relationships.Update(tx, tx.Call().Scope, req.GetRelationshipId(), req.GetEtag(), func(
			r *relationship.Relationship,
		) ([]fact.Fact, error) {
			currency := req.GetCurrencyCode()
			if book != nil {
				var err error
				if currency, err = pricedIn(book, r, currency, open); err != nil {
					return nil, err
				}
			}
			return r.SetPricing(currency, req.GetPricebookId(), len(open) > 0)
		})
		return &billingv1.SetPricingResponse{Relationship: s.shown(ctx, row)}, err
	})
}

func (s *billingServer) SetSupportPlanGroup(
	ctx context.Context, req *billingv1.SetSupportPlanGroupRequest,
) (*billingv1.SetSupportPlanGroupResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*billingv1.SetSupportPlanGroupResponse, error) {
		g := relationship.Grouped{
			AccountID: req.GetAccountId(), Group: wire.Name(req.GetSupportPlanGroup()), From: wire.FromMonth(req.GetFromMonth()),
		}
		row, err := s.tables.relationships.Update(tx, tx.Call().Scope, req.GetRelationshipId(), req.GetEtag(), func(
			r *relationship.Relationship,
		) ([]fact.Fact, error) {
			return r.SetGroup(g)
		})
		return &billingv1.SetSupportPlanGroupResponse{Relationship: s.shown(ctx, row)}, err
	})
}

// pricedIn is the currency of the months that a pricebook is to price. One in which no month is left to invoice has to be named: it is
// prepared for a change, and nobody means it by mistake. Refused with PRICEBOOK_UNKNOWN and CURRENCY_MISMATCH.
func pricedIn(book *pricebook.Pricebook, r *relationship.Relationship, named string, open []calendar.Month) (string, error) {
	if r.Agreement == nil {
		return "", pricebook.Unknown(book.ID) // whose it would have to be is not known yet
	}
	currency := named
	if currency == "" {
		if currency = r.Agreement.In(r.UnderWay()).CurrencyCode; r.BillsStill(book.CurrencyCode, open) {
			currency = book.CurrencyCode
		}
	}
	return currency, book.Fits(r.Agreement.SellerID, currency)
}

// shown is a relationship as the caller may see it.
func (s *billingServer) shown(ctx context.Context, row store.Row[relationship.Relationship]) *billingv1.Relationship {
	return toRelationship(s.words(ctx), row, depthOf(ctx))
}

// notInvoiced are the months, read under the relationship's lock, which whoever issues takes too, that have a period and no invoice.
func (s *billingServer) notInvoiced(tx *store.Tx, relationshipID string) ([]calendar.Month, error) {
	if _, err := s.tables.relationships.GetForUpdate(tx, tx.Call().Scope, relationshipID); err != nil {
		return nil, err
	}
	return openMonths(func(q store.Query) (store.Page[period.Period], error) {
		return s.tables.periods.ListTx(tx, tx.Call().Scope, q)
	}, relationshipID)
}

// named reads a pricebook; nil for none.
func (s *billingServer) named(tx *store.Tx, pricebookID string) (*pricebook.Pricebook, error) {
	if pricebookID == "" {
		return nil, nil
	}
	row, err := s.tables.pricebooks.GetTx(tx, sharedTerms(), pricebookID)
	if errs.KindOf(err) == errs.NotFound {
		return nil, pricebook.Unknown(pricebookID)
	}
	return row.Doc, err
}
