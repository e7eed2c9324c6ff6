package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestCurrencyWithoutPrices: a change to a currency in which nobody has prices is told before its month begins; the month is held when
// nobody sees to it, and invoiced once somebody has.
func TestCurrencyWithoutPrices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Sellers.UpdateSeller(w.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: w.sellerID, Seller: &ordersv1.Seller{FurtherCurrencyCodes: []string{"USD"}},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"further_currency_codes"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.op(t).CreatePricebook(t.Context(), w.sellerID, actors.Prices{Usage: "-2", Rate: "0.5"}); err != nil {
		t.Fatal(err)
	}
	c := &changer{leaver: leaver{customer: w.newCustomer(t)}}
	c.order = c.rejectsTerm(t, c.accepted(t))
	c.finish(t, c.order)
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	c.currency = c.orders(t, c.hands(t).Person, c.dollars())
	if _, err := w.op(t).AcceptChange(t.Context(), c.currency, calendar.Month{}); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	t.Run("BIL-016 Billing knows the terms before their month, and Operations that there are no prices", c.hasNoPrices)
	c.usesUntil(t, time.March, "2026-04-06T12:00:00Z")
	c.usesUntil(t, time.April, "2026-05-06T12:00:00Z")
	t.Run("a month without prices in its currency is held, and the one before is invoiced", c.isHeldForPrices)
	t.Run("with a pricebook the month is invoiced in its currency", c.getsPrices)
}

func (c *changer) relationship(t *testing.T) *billingv1.Relationship {
	t.Helper()
	resp, err := c.w.Billing.ListRelationships(c.w.operator(t), &billingv1.ListRelationshipsRequest{OrderId: c.order.GetOrderId()})
	if err != nil || len(resp.GetRelationships()) != 1 {
		t.Fatalf("the relationships are %v, %v", resp, err)
	}
	return resp.GetRelationships()[0]
}

func (c *changer) hasNoPrices(t *testing.T) {
	rel := c.relationship(t)
	if all := rel.GetTerms(); rel.GetCurrencyCode() != "EUR" || len(all) != 2 || all[1].GetCurrencyCode() != "USD" ||
		all[1].GetFromMonth().GetMonth() != 4 {
		t.Errorf("it is billed on %v", rel)
	}
	if w := rel.GetWaiting(); w.GetOwner() != byReseller || w.GetEscalated() || !mentions(w.GetWhat(), "USD", "April 2026") {
		t.Errorf("it waits %v", w)
	}
	cases := c.w.openCases(t, c.customer, supportv1.CaseKind_CASE_KIND_BILLING_PROBLEM)
	if len(cases) != 1 || !mentions(cases[0].GetDescription(), "USD", "no pricebook", "held") {
		t.Errorf("the cases are %v", cases)
	}
}

func (c *changer) isHeldForPrices(t *testing.T) {
	if all := c.invoices(t); len(all) != 1 || all[0].GetTotal().GetCurrencyCode() != "EUR" {
		t.Errorf("the invoices are %v", all)
	}
	p := c.april(t)
	if p.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_PRICEBOOK_MISSING || !mentions(p.GetHold().GetMessage(), "USD") {
		t.Errorf("April is %v", p)
	}
	if w := c.relationship(t).GetWaiting(); !w.GetEscalated() {
		t.Errorf("the relationship waits %v", w)
	}
}

func (c *changer) april(t *testing.T) *billingv1.Period {
	t.Helper()
	resp, err := c.w.Billing.ListPeriods(c.w.operator(t), &billingv1.ListPeriodsRequest{RelationshipId: c.relationship(t).GetRelationshipId()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range resp.GetPeriods() {
		if p.GetMonth().GetMonth() == 4 {
			return p
		}
	}
	t.Fatalf("there is no April in %v", resp)
	return nil
}

func (c *changer) getsPrices(t *testing.T) {
	if err := c.w.op(t).CreatePricebook(t.Context(), c.w.sellerID, actors.Prices{Currency: "USD", Usage: "-2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.w.Billing.ReleasePeriod(c.w.operator(t), &billingv1.ReleasePeriodRequest{
		PeriodId: c.april(t).GetPeriodId(), Reason: "There are prices.",
	}); err != nil {
		t.Fatal(err)
	}
	c.w.Advance(t, c.w.Now(t).Add(26*time.Hour))
	if all := c.invoices(t); len(all) != 2 || all[1].GetTotal().GetCurrencyCode() != "USD" {
		t.Errorf("the invoices are %v", all)
	}
	if w := c.relationship(t).GetWaiting(); w != nil || len(c.w.openCases(t, c.customer, supportv1.CaseKind_CASE_KIND_BILLING_PROBLEM)) != 0 {
		t.Errorf("the relationship waits %v", w)
	}
}
