package billing

import (
	"context"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing/internal/relationship"
)

// toMoney is nil for an amount that nobody has begun.
func toMoney(m money.Money) *typev1.Money {
	if m.Currency() == "" {
		return nil
	}
	return &typev1.Money{CurrencyCode: m.Currency(), Amount: m.Amount()}
}

// depthOf is how deep the caller may look into a period. Who knows what AWS charges and the price, knows the margin.
func depthOf(ctx context.Context) depth {
	switch p, _ := auth.From(ctx); p.Role {
	case auth.Operator:
		return costed
	case auth.SupportReader, auth.Service:
		return handled
	default:
		return billed
	}
}

func toRelationship(row store.Row[relationship.Relationship]) *billingv1.Relationship {
	r := row.Doc
	if r == nil {
		return nil
	}
	out := &billingv1.Relationship{
		RelationshipId: row.ID, CustomerId: r.CustomerID, OrderId: r.OrderID, TransferId: r.TransferID, PayerId: r.PayerID,
		ConnectionId: r.ConnectionID, AccountId: r.AccountID, PricebookId: r.PricebookID,
		Basis: wire.Value[billingv1.RelationshipBasis](string(r.Basis)), ChargesPaidBy: wire.Value[billingv1.ChargesPayer](r.ChargesPaidBy),
		State:     wire.Value[billingv1.RelationshipState](string(r.State)),
		StartTime: wire.Time(r.StartAt), EndTime: wire.Time(r.EndAt), NextMonth: wire.Month(r.NextMonth),
		Etag: row.ETag(), CreateTime: wire.Time(row.CreatedAt), UpdateTime: wire.Time(row.UpdatedAt),
	}
	for _, a := range r.Accounts {
		out.Accounts = append(out.Accounts, &billingv1.RelationshipAccount{
			AccountId: a.ID, StartTime: wire.Time(a.StartAt), LeaveTime: wire.Time(a.LeftAt),
			Closed: a.Closed,
		})
	}
	if a := r.Agreement; a != nil {
		out.AgreementId, out.SellerId, out.CurrencyCode, out.PartnerLedSupport = a.ID, a.SellerID, a.CurrencyCode, a.PartnerLedSupport
	}
	return out
}
