package billing_test

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/money"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
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

// dated are terms that hold from a month of 2026 on.
func dated(from time.Month, currency string, by ordersv1.SupportOption) *ordersv1.AgreementTerms {
	return &ordersv1.AgreementTerms{FromMonth: &typev1.Month{Year: 2026, Month: int32(from)}, SupportOption: by, CurrencyCode: currency}
}

// TestPricesBeforeTheMonth: other terms without prices are Operations' to see to before their month begins; whoever reads the relationship
// sees on what each month is billed.
func TestPricesBeforeTheMonth(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	byUs := agreement.GetSupportOption()
	agreement.TermsHistory = []*ordersv1.AgreementTerms{
		{CurrencyCode: "EUR", SupportOption: byUs}, dated(time.May, "USD", byUs),
	}
	a.hearAgreement(t, agreement)
	a.hearConnection(t, connection)
	read := func() *billingv1.Relationship { return a.relationships(t, connection.GetOrderId())[0] }
	kittest.Until(t, "Operations is asked for prices", func() bool { return read().GetWaiting().GetOwner() == typev1.Party_PARTY_RESELLER })
	rel := read()
	if w := rel.GetWaiting(); w.GetWhere() != "BillingService.SetPricing" || w.GetEscalated() ||
		w.GetUntilTime().AsTime().Month() != time.May {
		t.Errorf("it waits %v", w)
	}
	if all := rel.GetTerms(); rel.GetCurrencyCode() != "EUR" || len(all) != 2 || all[1].GetCurrencyCode() != "USD" ||
		all[1].GetFromMonth().GetMonth() != 5 || !all[1].GetPartnerLedSupport() {
		t.Errorf("it is billed on %v", rel)
	}
	urgent, err := a.billing.ListRelationships(a.operator(t), &billingv1.ListRelationshipsRequest{
		WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER},
	})
	if err != nil || len(urgent.GetRelationships()) != 1 {
		t.Errorf("what waits is %v, %v", urgent, err)
	}
	listed := a.actions(t, &opsv1.ListActionsRequest{Kinds: []typev1.ActionKind{typev1.ActionKind_ACTION_KIND_RELATIONSHIP}})
	if len(listed) != 1 || listed[0].GetWaiting().GetWhere() != "BillingService.SetPricing" {
		t.Errorf("what needs us is %v", listed)
	}
	shown, err := a.billing.GetRelationship(
		a.As(t, kittest.Customer("customer-1", connection.GetCustomerId())),
		&billingv1.GetRelationshipRequest{RelationshipId: rel.GetRelationshipId()},
	)
	if err != nil || shown.GetRelationship().GetWaiting() != nil || len(shown.GetRelationship().GetTerms()) != 2 {
		t.Errorf("the customer sees %v, %v", shown, err)
	}

	book := pricebook.Pricebook{ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Own", CurrencyCode: "USD"}
	must(t, billing.Keep(t.Context(), a.env.DB, book))
	if _, err = a.billing.SetPricing(a.operator(t), &billingv1.SetPricingRequest{
		RelationshipId: rel.GetRelationshipId(), PricebookId: book.ID,
	}); err != nil {
		t.Fatal(err)
	}
	kittest.Until(t, "the price of the support is missing", func() bool {
		return read().GetWaiting().GetWhere() == "PricebookService.UpdatePricebook"
	})
	must(t, billing.Revise(t.Context(), a.env.DB, book.ID, pricebook.Edit{Rules: &[]pricebook.Rule{
		{Category: pricebook.PartnerLedSupport, From: calendar.Month{Year: 2026, Month: time.May}},
	}}))
	a.pass(t, a.env.Business.Now().Add(25*time.Hour))
	kittest.Until(t, "there are prices", func() bool { return read().GetWaiting() == nil })
}

// TestTermsAfterTheInvoice: a month that was invoiced before its terms were known keeps its invoice, and says so.
func TestTermsAfterTheInvoice(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	a.hearAgreement(t, agreement)
	a.hearConnection(t, connection)
	relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
	of := period.Subject{RelationshipID: relationshipID, CustomerID: connection.GetCustomerId(), OrderID: connection.GetOrderId()}
	p, _ := period.New(of, calendar.Month{Year: 2026, Month: time.March}, period.Policy{GateDay: 5})
	total, err := money.Parse("EUR", "100.00")
	must(t, err)
	p.State, p.InvoiceID, p.Priced = period.Invoiced, id.New("inv"), &statement.Statement{Total: total}
	p.Basis = period.Basis{CurrencyCode: "EUR", PartnerLedSupport: true}
	must(t, billing.Store(t.Context(), a.env.DB, pricebook.Pricebook{
		ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Other", CurrencyCode: "EUR",
	}, *p))
	late := func() bool {
		resp, err := a.billing.GetPeriod(a.operator(t), &billingv1.GetPeriodRequest{PeriodId: p.ID})
		must(t, err)
		return resp.GetPeriod().GetTermsLate()
	}
	if late() {
		t.Error("its terms are late already")
	}
	byUs := agreement.GetSupportOption()
	agreement.TermsHistory = []*ordersv1.AgreementTerms{{CurrencyCode: "EUR", SupportOption: byUs}, dated(time.March, "USD", byUs)}
	a.hearAgreement(t, agreement)
	kittest.Until(t, "Operations is told", late)
	resp, err := a.billing.GetPeriod(a.operator(t), &billingv1.GetPeriodRequest{PeriodId: p.ID})
	if err != nil || resp.GetPeriod().GetState() != billingv1.PeriodState_PERIOD_STATE_INVOICED ||
		resp.GetPeriod().GetInvoiceId() != p.InvoiceID || resp.GetPeriod().GetPriceTotal().GetCurrencyCode() != "EUR" {
		t.Errorf("the month is %v, %v", resp, err)
	}
}

// TestPricesOfTheProvider: a pricebook of the customer's provider that had the prices before the currency changed is not replaced by the
// seller's standard one; one that never had them is passed over.
func TestPricesOfTheProvider(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for name, tt := range map[string]struct {
		from  time.Month // first month in dollars; 0: all are
		holds bool
	}{
		"in euros before": {time.April, false}, "in dollars from the beginning": {0, true},
		"in dollars from the first month on": {time.March, true},
	} {
		connection, agreement := journey()
		byUs := agreement.GetSupportOption()
		agreement.CurrencyCode = "USD"
		if tt.from != 0 {
			agreement.TermsHistory = []*ordersv1.AgreementTerms{{CurrencyCode: "EUR", SupportOption: byUs}, dated(tt.from, "USD", byUs)}
		}
		negotiated := pricebook.Pricebook{ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Negotiated", CurrencyCode: "EUR"}
		standard := pricebook.Pricebook{
			ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Standard", CurrencyCode: "USD", Standard: true,
		}
		must(t, billing.Keep(t.Context(), a.env.DB, negotiated))
		must(t, billing.Keep(t.Context(), a.env.DB, standard))
		must(t, billing.HearCustomer(t.Context(), a.env.DB, &ordersv1.Customer{
			CustomerId: connection.GetCustomerId(), Provider: &ordersv1.Provider{PricebookId: negotiated.ID},
		}))
		a.hearAgreement(t, agreement)
		a.hearConnection(t, connection)
		p, _ := period.New(period.Subject{
			RelationshipID: a.relationships(t, connection.GetOrderId())[0].GetRelationshipId(), CustomerID: connection.GetCustomerId(),
			OrderID: connection.GetOrderId(),
		}, calendar.Month{Year: 2026, Month: time.May}, period.Policy{GateDay: 5})
		p.Basis = period.Basis{
			PricebookID: standard.ID, PricebookRevision: 1, AgreementID: agreement.GetAgreementId(), SellerID: agreement.GetSellerId(),
			CurrencyCode: "USD", PartnerLedSupport: true,
		}
		must(t, billing.Store(t.Context(), a.env.DB, pricebook.Pricebook{
			ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Other", CurrencyCode: "USD",
		}, *p))
		if holds, err := billing.StillHolds(t.Context(), a.env.DB, *p); holds != tt.holds || err != nil {
			t.Errorf("%s: the standard prices hold %t, %v", name, holds, err)
		}
		if tt.holds {
			continue
		}
		kittest.Until(t, name+": Operations is told", func() bool {
			w := a.relationships(t, connection.GetOrderId())[0].GetWaiting()
			return w.GetWhere() == "BillingService.SetPricing" && strings.Contains(w.GetWhat(), "standard one, by its id")
		})
	}
}

// TestBoundsAreReadUnderTheLock: an end that has moved since the attempt began is not put over by the one that the attempt read.
func TestBoundsAreReadUnderTheLock(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	connection, agreement := journey()
	a.hearAgreement(t, agreement)
	a.hearConnection(t, connection)
	relationshipID := a.relationships(t, connection.GetOrderId())[0].GetRelationshipId()
	p, _ := period.New(
		period.Subject{RelationshipID: relationshipID, CustomerID: connection.GetCustomerId(), OrderID: connection.GetOrderId()},
		calendar.Month{Year: 2026, Month: time.March}, period.Policy{GateDay: 5},
	)
	must(t, billing.Store(t.Context(), a.env.DB, pricebook.Pricebook{
		ID: id.New("pbk"), SellerID: agreement.GetSellerId(), DisplayName: "Other", CurrencyCode: "EUR",
	}, *p))
	must(t, billing.BoundLate(t.Context(), a.env.DB, relationshipID, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)))
	resp, err := a.billing.GetPeriod(a.operator(t), &billingv1.GetPeriodRequest{PeriodId: p.ID})
	if err != nil || resp.GetPeriod().GetState() != billingv1.PeriodState_PERIOD_STATE_OPEN {
		t.Errorf("the month is %v, %v", resp, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
