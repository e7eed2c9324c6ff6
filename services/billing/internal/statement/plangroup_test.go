package statement_test

import (
	"testing"

	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

const (
	first  = "111122223333"
	second = "444455556666"
)

// TestPlanGroups: how the support of an account is billed, and what holds where nobody has said so or AWS shows another plan.
func TestPlanGroups(t *testing.T) {
	of := func(account string, c statement.Charge) statement.Charge { c.Account = account; return c }
	usage := of(first, charge(t, "Usage", statement.AWS, "1000"))
	support := func(service, recordType, amount string) statement.Charge {
		return of(first, supported(t, service, recordType, amount))
	}
	const business, developer = "AWS Support (Business)", "AWS Developer Support"
	type charges = []statement.Charge
	for name, tt := range map[string]struct {
		charges     charges
		support     statement.AccountSupport
		supportRule string // of SUPPORT in the pricebook; empty: none
		rule        string // of Business Support in the pricebook; empty: the configured 10 %
		base        []pricebook.Category
		required    bool
		led         bool
		want        string
		holds       string
		warned      int
	}{
		"passthrough: as AWS charges": {
			charges: charges{usage, support(business, "Support", "100")}, support: statement.AccountSupport{Group: statement.Passthrough},
			want: "USAGE 1000.00, SUPPORT 100.00, total 1100.00, margin 0.00",
		},
		"business: a tenth of the usage, and what AWS charges is the reseller's": {
			charges: charges{usage, support(business, "Support", "60")}, support: statement.AccountSupport{Group: statement.BusinessSupport},
			want: "USAGE 1000.00, BUSINESS_SUPPORT 100.00, total 1100.00, margin 40.00",
		},
		"charges in advance, their refund and every plan are replaced": {
			charges: charges{
				usage, support(business, "Recurring", "100"), support(business, "Fee", "29"), support(business, "Refund", "-71"),
				support(developer, "Usage", "2"),
			},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1000.00, BUSINESS_SUPPORT 100.00, total 1100.00, margin 40.00",
		},
		"by the pricebook's percentage": {
			charges: charges{usage, support(business, "Support", "60")}, rule: "7",
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1000.00, BUSINESS_SUPPORT 70.00, total 1070.00, margin 10.00",
		},
		"of a wider base": {
			charges: charges{usage, of(first, charge(t, "Recurring", statement.AWS, "500")), support(business, "Support", "60")},
			support: statement.AccountSupport{Group: statement.BusinessSupport}, base: []pricebook.Category{pricebook.Usage, pricebook.Commitment},
			want: "USAGE 1000.00, COMMITMENT 500.00, BUSINESS_SUPPORT 150.00, total 1650.00, margin 90.00",
		},
		"another account is none of it": {
			charges: charges{usage, of(second, charge(t, "Usage", statement.AWS, "10")), support(business, "Support", "60")},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1010.00, BUSINESS_SUPPORT 100.00, total 1110.00, margin 40.00",
		},
		"business, and AWS shows no plan": {
			charges: charges{usage}, support: statement.AccountSupport{Group: statement.BusinessSupport},
			want: "USAGE 1000.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"business, and AWS shows another one": {
			charges: charges{usage, support(developer, "Support", "30")}, support: statement.AccountSupport{Group: statement.BusinessSupport},
			want: "USAGE 1000.00, SUPPORT 30.00, total 1030.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"business, and AWS takes the plan back": {
			charges: charges{usage, support(business, "Support", "60"), support(business, "Support", "-60")},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1000.00, SUPPORT 0.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"a plan that was reported and AWS does not show": {
			charges: charges{usage}, support: statement.AccountSupport{Group: statement.Passthrough, Plan: statement.DeveloperPlan},
			want: "USAGE 1000.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"of usage that is paid back there is no share": {
			charges: charges{of(first, charge(t, "Usage", statement.AWS, "-500")), support(business, "Support", "60")},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE -500.00, total -500.00, margin -60.00",
			holds:   "MARGIN_TOO_LOW",
		},
		"AWS's discount on what is replaced goes with it": {
			charges: charges{usage, support(business, "Support", "60"), support(business, "Private Rate Discount", "-6")},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1000.00, BUSINESS_SUPPORT 100.00, total 1100.00, margin 46.00",
		},
		"enterprise support is replaced by no group": {
			charges: charges{usage, support(business, "Support", "60"), support(enterprise, "Support", "15000")},
			support: statement.AccountSupport{Group: statement.BusinessSupport},
			want:    "USAGE 1000.00, SUPPORT 15000.00, BUSINESS_SUPPORT 100.00, total 16100.00, margin 40.00", holds: "SUPPORT_MISMATCH",
		},
		"passthrough knows no price of support": {
			charges: charges{usage, support(business, "Support", "80")}, support: statement.AccountSupport{Group: statement.Passthrough},
			supportRule: "10",
			want:        "USAGE 1000.00, SUPPORT 80.00, total 1080.00, margin 0.00",
		},
		"which others have": {
			charges: charges{usage, support(business, "Support", "80")}, supportRule: "10",
			want: "USAGE 1000.00, SUPPORT 88.00, total 1088.00, margin 8.00", warned: 1,
		},
		"what is taken in advance is none of the customer's under partner-led support either": {
			charges: charges{
				usage, of(second, supported(t, enterprise, "Support", "60")), support(business, "Recurring", "100"),
			},
			support: statement.AccountSupport{Group: statement.BusinessSupport}, led: true,
			want: "USAGE 1000.00, PARTNER_LED_SUPPORT 50.00, total 1050.00, margin -110.00", holds: "MARGIN_TOO_LOW",
		},
		"without a group it is passed on, with a warning": {
			charges: charges{usage, support(business, "Support", "100")},
			want:    "USAGE 1000.00, SUPPORT 100.00, total 1100.00, margin 0.00", warned: 1,
		},
		"made on request it is held": {
			charges: charges{usage, support(business, "Support", "100")}, support: statement.AccountSupport{Awaited: true},
			want: "USAGE 1000.00, SUPPORT 100.00, total 1100.00, margin 0.00", holds: "PLAN_GROUP_MISSING",
		},
		"and every one where groups are required": {
			charges: charges{usage, support(business, "Support", "100")}, required: true,
			want: "USAGE 1000.00, SUPPORT 100.00, total 1100.00, margin 0.00", holds: "PLAN_GROUP_MISSING",
		},
		"without support no group is needed": {
			charges: charges{usage}, support: statement.AccountSupport{Awaited: true}, required: true,
			want: "USAGE 1000.00, total 1000.00, margin 0.00",
		},
		"another plan at AWS than was reported": {
			charges: charges{usage, support(business, "Support", "100")},
			support: statement.AccountSupport{Group: statement.Passthrough, Plan: statement.DeveloperPlan},
			want:    "USAGE 1000.00, SUPPORT 100.00, total 1100.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"and the one that was": {
			charges: charges{usage, support(developer, "Support", "29")},
			support: statement.AccountSupport{Group: statement.Passthrough, Plan: statement.DeveloperPlan},
			want:    "USAGE 1000.00, SUPPORT 29.00, total 1029.00, margin 0.00",
		},
		"a plan where none was reported": {
			charges: charges{usage, support(developer, "Support", "29")},
			support: statement.AccountSupport{Group: statement.Passthrough, Plan: statement.BasicPlan},
			want:    "USAGE 1000.00, SUPPORT 29.00, total 1029.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"the month of a change is held once": {
			charges: charges{usage, support(developer, "Support", "9"), support(business, "Support", "70")},
			support: statement.AccountSupport{Group: statement.Passthrough, Plan: statement.BusinessPlan, Changed: true},
			want:    "USAGE 1000.00, SUPPORT 79.00, total 1079.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"under partner-led support no group bills anything": {
			charges: charges{usage, support(enterprise, "Support", "60")}, support: statement.AccountSupport{Group: statement.BusinessSupport},
			led: true, want: "USAGE 1000.00, PARTNER_LED_SUPPORT 50.00, total 1050.00, margin -10.00", holds: "MARGIN_TOO_LOW",
		},
	} {
		in := statement.Input{
			Book: &pricebook.Pricebook{CurrencyCode: "USD", Rules: []pricebook.Rule{rule(t, pricebook.PartnerLedSupport, "5")}}, Charges: tt.charges,
			Terms: statement.Terms{PartnerLedSupport: tt.led, Support: map[string]statement.AccountSupport{first: tt.support}},
			Rules: statement.Rules{
				BusinessPercent: rate(t, "10"), BusinessBase: tt.base, GroupsRequired: tt.required,
				Developer: statement.Plans{"AWS Developer Support"}, Business: statement.Plans{business},
			},
		}
		if tt.base == nil {
			in.Rules.BusinessBase = []pricebook.Category{pricebook.Usage}
		}
		if tt.supportRule != "" {
			in.Book.Rules = append(in.Book.Rules, rule(t, pricebook.Support, tt.supportRule))
		}
		if tt.rule != "" {
			in.Book.Rules = append(in.Book.Rules, rule(t, pricebook.BusinessSupport, tt.rule))
		}
		s := compute(t, in)
		if shown(s) != tt.want || codes(s) != tt.holds || len(s.Warnings) != tt.warned+1 { // AWS has not invoiced
			t.Errorf("%s:\n%s, held by %q, warned of %v, want\n%s, held by %q", name, shown(s), codes(s), s.Warnings, tt.want, tt.holds)
		}
	}
}
