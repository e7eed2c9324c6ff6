package billing_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/aws/state"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/billing"
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

// TestSupportPlanGroups: the support of each account is billed by its group, which the account request or Operations has set.
func TestSupportPlanGroups(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	request := &accounttransferv1.AccountRequest{
		CustomerId: rel.GetCustomerId(), AccountId: customerAccount, State: accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_FOLLOW_UP,
		SupportPlan: accounttransferv1.SupportType_SUPPORT_TYPE_BUSINESS,
	}
	must(t, billing.HearRequest(t.Context(), r.env.DB, request, r.clock.Now()))
	for m := time.March; m <= time.May; m++ {
		r.uses(customerAccount, m, state.Usage{Service: "Amazon EC2", Amount: "1000"},
			state.Usage{Service: "AWS Support (Business)", RecordType: "Support", Amount: "80"})
	}
	march := r.period(rel.GetRelationshipId(), time.March)
	r.at(gateOf(time.March))
	margin := func(p *billingv1.Period) *billingv1.Statement {
		resp, err := r.reports.GetMargin(r.operator(t), &billingv1.GetMarginRequest{PeriodId: p.GetPeriodId()})
		must(t, err)
		return resp.GetStatement()
	}
	t.Run("BIL-035 an account without a group is held for it, and the report shows which", func(t *testing.T) {
		got := r.steps(march.GetPeriodId())
		if got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_PLAN_GROUP_MISSING || got.GetWaiting().GetWhere() == "" {
			t.Fatalf("March is %v", got)
		}
		s := margin(got)
		if len(s.GetAccounts()) != 1 || s.GetAccounts()[0].GetSupportPlanGroup() != billingv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_UNSPECIFIED {
			t.Errorf("it shows %v", s)
		}
	})
	t.Run("BIL-034 the group of the account request assigns the charges: Passthrough as AWS charges", func(t *testing.T) {
		request.SupportPlanGroup = accounttransferv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_PASSTHROUGH
		request.State = accounttransferv1.AccountRequestState_ACCOUNT_REQUEST_STATE_READY
		must(t, billing.HearRequest(t.Context(), r.env.DB, request, r.clock.Now()))
		_, err := r.billing.ReleasePeriod(r.operator(t), &billingv1.ReleasePeriodRequest{PeriodId: march.GetPeriodId(), Reason: "set"})
		must(t, err)
		got := r.steps(march.GetPeriodId())
		if got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "1080.00" {
			t.Errorf("March is %v", got)
		}
	})
	t.Run("BIL-036 Operations sets the group of any account, from a month on", func(t *testing.T) {
		set := &billingv1.SetSupportPlanGroupRequest{
			RelationshipId: rel.GetRelationshipId(), AccountId: customerAccount, FromMonth: &typev1.Month{Year: 2026, Month: 4},
			SupportPlanGroup: billingv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS,
		}
		resp, err := r.billing.SetSupportPlanGroup(r.operator(t), set)
		must(t, err)
		if g := resp.GetRelationship().GetSupportGroups(); len(g) != 1 || g[0].GetAccountId() != customerAccount {
			t.Errorf("the groups are %v", g)
		}
		customer := r.As(t, kittest.Customer("customer-1", rel.GetCustomerId()))
		_, err = r.billing.SetSupportPlanGroup(customer, set)
		refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	})
	april := r.period(rel.GetRelationshipId(), time.April)
	r.at(gateOf(time.April))
	t.Run("BIL-039 Business Support costs a tenth of the usage, and the reseller keeps what is left", func(t *testing.T) {
		got := r.steps(april.GetPeriodId())
		if got.GetState() != invoiced || got.GetPriceTotal().GetAmount() != "1100.00" {
			t.Fatalf("April is %v", got)
		}
		if s := margin(got); s.GetMargin().GetAmount() != "20.00" ||
			s.GetAccounts()[0].GetSupportPlanGroup() != billingv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS {
			t.Errorf("BIL-040 it leaves %v", s)
		}
	})
	t.Run("BIL-041 the month of a reported change is held until it is confirmed", func(t *testing.T) {
		request.SupportPlan = accounttransferv1.SupportType_SUPPORT_TYPE_DEVELOPER
		must(t, billing.HearRequest(t.Context(), r.env.DB, request, r.clock.Now()))
		may := r.period(rel.GetRelationshipId(), time.May)
		r.at(gateOf(time.May))
		got := r.steps(may.GetPeriodId())
		if got.GetHold().GetCode() != billingv1.HoldCode_HOLD_CODE_SUPPORT_MISMATCH {
			t.Fatalf("May is %v", got)
		}
		_, err := r.billing.ReleasePeriod(r.operator(t), &billingv1.ReleasePeriodRequest{
			PeriodId: may.GetPeriodId(), Reason: "both plans were used", AcceptHold: true, Etag: got.GetEtag(),
		})
		must(t, err)
		if got = r.steps(may.GetPeriodId()); got.GetState() != invoiced {
			t.Errorf("May is %v", got)
		}
	})
}

// TestUpfrontSupport: what AWS takes in advance for support is not billed to an account of the group Business.
func TestUpfrontSupport(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	t.Run("BIL-038 an upfront charge for Business Support is suppressed", func(t *testing.T) {
		b := basis()
		b.Support = []*billingv1.StatementSupport{
			{AccountId: customerAccount, SupportPlanGroup: billingv1.SupportPlanGroup_SUPPORT_PLAN_GROUP_BUSINESS},
		}
		s, err := a.previews(t, b, 10, charged(customerAccount, "Amazon EC2", "Usage", "1500"),
			charged(customerAccount, "AWS Support (Business)", "Recurring", "100"))
		must(t, err)
		if s.GetTotal().GetAmount() != "1650.00" || s.GetMargin().GetAmount() != "50.00" || len(s.GetLines()) != 2 || len(s.GetHolds()) != 0 {
			t.Errorf("it is %v", s)
		}
	})
}
