package billing_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/sim/aws/state"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func partnerLed(a *ordersv1.Agreement) {
	a.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED
}

// byCategory is a rule from January on.
func byCategory(c billingv1.ChargeCategory, percent string) *billingv1.PriceRule {
	return &billingv1.PriceRule{Category: c, Percent: percent, FromMonth: &typev1.Month{Year: 2026, Month: 1}}
}

// TestPartnerLedSupport: the reseller's own support is billed in the months in which AWS shows the one behind it, and a difference between
// the agreement and AWS holds the month until somebody has mended or accepted it.
func TestPartnerLedSupport(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound(), partnerLed)
	_, err := r.books.UpdatePricebook(r.operator(t), r.revised(t, rel, &billingv1.Pricebook{Rules: []*billingv1.PriceRule{
		byCategory(billingv1.ChargeCategory_CHARGE_CATEGORY_PARTNER_LED_SUPPORT, "10"),
		byCategory(billingv1.ChargeCategory_CHARGE_CATEGORY_PARTNER_LED_SUPPORT_DISCOUNT, "-1"),
	}}, "rules"))
	must(t, err)
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "100"})
	r.uses(customerAccount, time.April, state.Usage{Service: "Amazon EC2", Amount: "100"},
		state.Usage{Service: "AWS Support (Enterprise)", RecordType: "Support", Amount: "6"})
	march := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	t.Run("BIL-033 without AWS's enterprise support the reseller's own is not charged, and the month is held", func(t *testing.T) {
		got := r.steps(march.GetPeriodId())
		if got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_SUPPORT_MISMATCH || got.GetPriceTotal().GetAmount() != "100.00" ||
			got.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER || got.GetWaiting().GetWhat() == "" {
			t.Fatalf("March is %v", got)
		}
		_, err := r.billing.ReleasePeriod(r.operator(t), &billingv1.ReleasePeriodRequest{
			PeriodId: march.GetPeriodId(), Reason: "AWS sets it up in April", AcceptHold: true, Etag: got.GetEtag(),
		})
		must(t, err)
		if got = r.steps(march.GetPeriodId()); got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "100.00" {
			t.Errorf("March is %v", got)
		}
	})
	t.Run("BIL-033 with it AWS's line is hidden, and the reseller's is billed with its discount", func(t *testing.T) {
		april := r.period(rel.GetRelationshipId(), time.April)
		r.at(gateOf(time.April))
		got := r.steps(april.GetPeriodId())
		if got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "109.00" || got.GetMargin().GetAmount() != "3.00" {
			t.Fatalf("April is %v", got)
		}
		for _, i := range r.invoices(rel.GetRelationshipId()) {
			for _, l := range i.GetLines() {
				if l.GetCategory() == billingv1.ChargeCategory_CHARGE_CATEGORY_SUPPORT {
					t.Errorf("the customer pays %v, too", l)
				}
			}
		}
	})
}
