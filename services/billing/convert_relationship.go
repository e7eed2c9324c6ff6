package billing

import (
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/relationship"
)

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
		StartTime: wire.Time(r.StartAt), EndTime: wire.Time(r.EndAt), NextMonth: toMonth(r.NextMonth),
		Etag: row.ETag(), CreateTime: wire.Time(row.CreatedAt), UpdateTime: wire.Time(row.UpdatedAt),
	}
	if a := r.Agreement; a != nil {
		out.AgreementId, out.SellerId, out.CurrencyCode, out.PartnerLedSupport = a.ID, a.SellerID, a.CurrencyCode, a.PartnerLedSupport
	}
	return out
}
