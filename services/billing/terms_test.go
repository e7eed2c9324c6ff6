package billing_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
)

// TestTermsAtIssue: prices are issued only while all that they rest on holds.
func TestTermsAtIssue(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for name, change := range map[string]func(
		*accounttransferv1.Connection, *ordersv1.Agreement, *pricebook.Edit, *billingv1.SetPricingRequest,
	){
		"": nil,
		"another currency": func(_ *accounttransferv1.Connection, g *ordersv1.Agreement, _ *pricebook.Edit, _ *billingv1.SetPricingRequest) {
			g.CurrencyCode = "CHF"
		},
		"support by somebody else": func(
			_ *accounttransferv1.Connection, g *ordersv1.Agreement, _ *pricebook.Edit, _ *billingv1.SetPricingRequest,
		) {
			g.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_UNSPECIFIED
		},
		"a discount from its month on": func(
			_ *accounttransferv1.Connection, g *ordersv1.Agreement, _ *pricebook.Edit, _ *billingv1.SetPricingRequest,
		) {
			before := &ordersv1.AgreementTerms{SupportOption: g.GetSupportOption(), CurrencyCode: g.GetCurrencyCode()}
			g.TermsHistory = []*ordersv1.AgreementTerms{before, {
				FromMonth: &typev1.Month{Year: 2026, Month: 3}, SupportOption: g.GetSupportOption(), CurrencyCode: g.GetCurrencyCode(),
				DiscountPercent: "5",
			}}
		},
		"void": func(_ *accounttransferv1.Connection, g *ordersv1.Agreement, _ *pricebook.Edit, _ *billingv1.SetPricingRequest) {
			g.State = ordersv1.AgreementState_AGREEMENT_STATE_FAILED
		},
		"the reseller pays": func(f *accounttransferv1.Connection, _ *ordersv1.Agreement, _ *pricebook.Edit, _ *billingv1.SetPricingRequest) {
			f.ChargesPaidBy = accounttransferv1.ChargesPayer_CHARGES_PAYER_RESELLER
		},
		"other prices": func(_ *accounttransferv1.Connection, _ *ordersv1.Agreement, e *pricebook.Edit, _ *billingv1.SetPricingRequest) {
			e.Rules = &[]pricebook.Rule{}
		},
		"another pricebook": func(_ *accounttransferv1.Connection, _ *ordersv1.Agreement, _ *pricebook.Edit, s *billingv1.SetPricingRequest) {
			s.PricebookId = ""
		},
	} {
		connection, agreement := journey()
		a.hearAgreement(t, agreement)
		a.hearConnection(t, connection)
		book := pricebook.Pricebook{ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Own", CurrencyCode: "EUR"}
		relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
		month := calendar.Month{Year: 2026, Month: time.March}
		p, _ := period.New(
			period.Subject{RelationshipID: relationshipID, CustomerID: connection.GetCustomerId(), OrderID: connection.GetOrderId()}, month,
			period.Policy{GateDay: 5},
		)
		p.Basis = period.Basis{
			PricebookID: book.ID, PricebookRevision: 1, AgreementID: agreement.GetAgreementId(), SellerID: agreement.GetSellerId(),
			CurrencyCode: "EUR", PartnerLedSupport: true,
		}
		must(t, billing.Store(t.Context(), a.env.DB, book, *p))
		pricing := &billingv1.SetPricingRequest{RelationshipId: relationshipID, PricebookId: book.ID}
		_, err := a.billing.SetPricing(a.operator(t), pricing)
		must(t, err)
		if change != nil {
			var edit pricebook.Edit
			change(connection, agreement, &edit, pricing)
			a.hearAgreement(t, agreement)
			a.hearConnection(t, connection)
			if edit.Rules != nil {
				must(t, billing.Revise(t.Context(), a.env.DB, book.ID, edit))
			}
			if pricing.GetPricebookId() == "" {
				_, err = a.billing.SetPricing(a.operator(t), pricing)
				must(t, err)
			}
		}
		if holds, err := billing.StillHolds(t.Context(), a.env.DB, *p); holds != (change == nil) || err != nil {
			t.Errorf("%q: holds %t, %v", name, holds, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
