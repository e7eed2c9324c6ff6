package orders

import (
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
)

func toAgreement(r store.Row[agreement.Agreement]) *ordersv1.Agreement {
	a := r.Doc
	if a == nil {
		return nil
	}
	return &ordersv1.Agreement{
		AgreementId: r.ID, OrderId: a.OrderID, CustomerId: a.CustomerID, SellerId: a.SellerID, ProductId: a.ProductID,
		ManagementAccountId: a.ManagementAccountID, SupportOption: wire.Value[ordersv1.SupportOption](string(a.SupportOption)),
		CurrencyCode: a.CurrencyCode, State: wire.Value[ordersv1.AgreementState](string(a.State)),
		MinimumTerm: toMinimumTerm(a.MinimumTerm), Terms: toTerms(a.Terms), TransferId: a.TransferID, Etag: r.ETag(),
		CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
		ConnectionId: a.Connection.ID, ActivateTime: wire.Time(a.ActivatedAt), EndTime: wire.Time(a.EndedAt),
		ExternalId: a.ExternalID, Labels: a.Labels, TerminationOrderId: a.TerminationOrderID, ReplacementOrderId: a.ReplacementOrderID,
		ChangeOrderId: a.ChangeOrderID, DiscountPercent: a.DiscountPercent, TermsHistory: toTermsHistory(a.TermsHistory),
	}
}

func agreementEdit(a *ordersv1.Agreement, mask *fieldmaskpb.FieldMask) (e agreement.Edit, err error) {
	paths, err := wire.Mask(mask, "currency_code", "external_id", "labels")
	for _, path := range paths {
		switch path {
		case "currency_code":
			e.CurrencyCode = &a.CurrencyCode
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
	return &ordersv1.MinimumTerm{
		Policy: wire.Value[ordersv1.MinimumTermPolicy](string(m.Policy)), Cycles: int32(m.Cycles),
		StartTime: wire.Time(m.Start), EndTime: wire.Time(m.End), ServiceTermEndTime: wire.Time(m.ServiceTermEnd),
	}
}

func toSubscription(s agreement.Subscription, agreementID string) *ordersv1.Subscription {
	return &ordersv1.Subscription{
		SubscriptionId: s.ID, AgreementId: agreementID, VendorId: s.VendorID,
		State:     wire.Value[ordersv1.SubscriptionState](string(s.State)),
		StartTime: wire.Time(s.Start), EndTime: wire.Time(s.End),
	}
}
