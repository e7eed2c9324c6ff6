package billing

import (
	"context"
	"maps"
	"slices"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
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

// toRelationship shows a relationship as deep as its reader may look, in the reader's words.
func toRelationship(words text.Words, row store.Row[relationship.Relationship], shown depth) *billingv1.Relationship {
	r := row.Doc
	if r == nil {
		return nil
	}
	out := &billingv1.Relationship{
		RelationshipId: row.ID, CustomerId: r.CustomerID, OrderId: r.OrderID, TransferId: r.TransferID, PayerId: r.PayerID,
		ConnectionId: r.ConnectionID, AccountId: r.AccountID,
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
	addTerms(out, r)
	if shown >= handled {
		out.Waiting = toPricesWaiting(words, r.Waiting())
		for _, g := range r.Groups {
			out.SupportGroups = append(out.SupportGroups, &billingv1.RelationshipSupportGroup{
				AccountId: g.AccountID, SupportPlanGroup: wire.Value[billingv1.SupportPlanGroup](g.Group), FromMonth: wire.Month(g.From),
			})
		}
	}
	return out
}

// toPricesWaiting says who must give a relationship prices; nil: it has them.
func toPricesWaiting(words text.Words, w relationship.Waiting) *typev1.Waiting {
	if w.Text.IsZero() {
		return nil
	}
	what, where := words.Instruct(w.Text)
	return &typev1.Waiting{
		Owner: typev1.Party_PARTY_RESELLER, What: what, Where: where, UntilTime: wire.Time(w.Until), Escalated: w.Escalated,
	}
}

// addTerms shows what the months are billed on and by which pricebooks of its own, and of the month under way by itself.
func addTerms(out *billingv1.Relationship, r *relationship.Relationship) {
	for _, currency := range slices.Sorted(maps.Keys(r.Pricebooks)) {
		out.Pricebooks = append(out.Pricebooks, &billingv1.OwnPricebook{CurrencyCode: currency, PricebookId: r.Pricebooks[currency]})
	}
	if r.Agreement == nil {
		return
	}
	now := r.Agreement.In(r.UnderWay())
	out.AgreementId, out.SellerId, out.PricebookId = now.AgreementID, now.SellerID, r.Pricebooks[now.CurrencyCode]
	out.CurrencyCode, out.PartnerLedSupport = now.CurrencyCode, now.PartnerLedSupport
	for _, d := range r.Agreement.Terms {
		out.Terms = append(out.Terms, &billingv1.RelationshipTerms{
			FromMonth: wire.Month(d.From), CurrencyCode: d.CurrencyCode, PartnerLedSupport: d.PartnerLedSupport, DiscountPercent: d.Discount,
		})
	}
}
