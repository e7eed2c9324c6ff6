package statement_test

import (
	"testing"

	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

const enterprise = "AWS Support (Enterprise)"

func supported(t failer, service, recordType, amount string) statement.Charge {
	t.Helper()
	c := charge(t, recordType, statement.AWS, amount)
	c.Service = service
	return c
}

// TestPartnerLedSupport: it is charged where the terms and AWS say so, AWS's own line is then none of the customer's, and a difference
// holds the statement.
func TestPartnerLedSupport(t *testing.T) {
	usage := charge(t, "Usage", statement.AWS, "1000")
	type charges = []statement.Charge
	for name, tt := range map[string]struct {
		charges  charges
		resold   bool
		discount string
		want     string
		holds    string
	}{
		"both say so": {
			charges: charges{usage, supported(t, enterprise, "Support", "60")},
			want:    "USAGE 1000.00, PARTNER_LED_SUPPORT 100.00, total 1100.00, margin 40.00",
		},
		"AWS spells the plan in another way": {
			charges: charges{usage, supported(t, "AWSSupportEnterprise", "Usage", "60")},
			want:    "USAGE 1000.00, PARTNER_LED_SUPPORT 100.00, total 1100.00, margin 40.00",
		},
		"another plan beside it is passed on": {
			charges: charges{usage, supported(t, enterprise, "Support", "60"), supported(t, "AWS Support (Developer)", "Support", "29")},
			want:    "USAGE 1000.00, SUPPORT 29.00, PARTNER_LED_SUPPORT 100.00, total 1129.00, margin 40.00",
		},
		"a refund of what is hidden is hidden, a credit is the customer's": {
			charges: charges{
				usage, supported(t, enterprise, "Support", "60"), supported(t, enterprise, "Refund", "-5"), supported(t, enterprise, "Credit", "-1"),
			},
			want: "USAGE 1000.00, PARTNER_LED_SUPPORT 100.00, CREDIT -1.00, total 1099.00, margin 45.00",
		},
		"the discount counts with the charge": {
			charges: charges{usage, supported(t, enterprise, "Support", "60")}, discount: "-2.5",
			want: "USAGE 1000.00, PARTNER_LED_SUPPORT 100.00, PARTNER_LED_SUPPORT_DISCOUNT -25.00, total 1075.00, margin 15.00",
		},
		"and not without it": {
			charges: charges{usage}, discount: "-2.5",
			want: "USAGE 1000.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"AWS has not set it up": {
			charges: charges{usage, supported(t, "AWS Support (Enterprise On-Ramp)", "Support", "60")},
			want:    "USAGE 1000.00, SUPPORT 60.00, total 1060.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"what nets to nothing in a row is not shown": {
			charges: charges{usage, supported(t, enterprise, "Support", "0.00")},
			want:    "USAGE 1000.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"what AWS takes back in the month is not shown either": {
			charges: charges{usage, supported(t, enterprise, "Support", "60"), supported(t, enterprise, "Support", "-60")},
			want:    "USAGE 1000.00, SUPPORT 0.00, total 1000.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"AWS's discount on what is hidden is hidden": {
			charges: charges{usage, supported(t, enterprise, "Support", "60"), supported(t, enterprise, "Private Rate Discount", "-6")},
			want:    "USAGE 1000.00, PARTNER_LED_SUPPORT 100.00, total 1100.00, margin 46.00",
		},
		"a late refund of an earlier month shows nothing": {
			charges: charges{usage, supported(t, enterprise, "Refund", "-60")},
			want:    "USAGE 1000.00, CREDIT -60.00, total 940.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"the order has AWS's support": {
			charges: charges{usage, supported(t, enterprise, "Support", "60")}, resold: true,
			want: "USAGE 1000.00, SUPPORT 60.00, total 1060.00, margin 0.00", holds: "SUPPORT_MISMATCH",
		},
		"AWS's support, as ordered": {
			charges: charges{usage, supported(t, "AWS Support (Business)", "Support", "60")}, resold: true,
			want: "USAGE 1000.00, SUPPORT 60.00, total 1060.00, margin 0.00",
		},
	} {
		book := &pricebook.Pricebook{CurrencyCode: "USD", Rules: []pricebook.Rule{rule(t, pricebook.PartnerLedSupport, "10")}}
		if tt.discount != "" {
			book.Rules = append(book.Rules, rule(t, pricebook.PartnerLedSupportDiscount, tt.discount))
		}
		s := compute(t, statement.Input{Book: book, Charges: tt.charges, Terms: statement.Terms{PartnerLedSupport: !tt.resold}})
		if shown(s) != tt.want || codes(s) != tt.holds {
			t.Errorf("%s:\n%s, held by %q, want\n%s, held by %q", name, shown(s), codes(s), tt.want, tt.holds)
		}
	}
}

// TestNoAccountPaysForAllOfTheSupport: what stands behind partner-led support is a cost of all accounts, and lowers the margin of none.
func TestNoAccountPaysForAllOfTheSupport(t *testing.T) {
	of := func(account string, c statement.Charge) statement.Charge { c.Account = account; return c }
	s := compute(t, statement.Input{
		Book: &pricebook.Pricebook{CurrencyCode: "USD", Rules: []pricebook.Rule{rule(t, pricebook.PartnerLedSupport, "5")}},
		Charges: []statement.Charge{
			of(first, charge(t, "Usage", statement.AWS, "1000")), of(first, supported(t, enterprise, "Support", "10000")),
			of(second, charge(t, "Usage", statement.AWS, "209000")),
		},
		Terms: statement.Terms{PartnerLedSupport: true},
	})
	if got, want := shown(s), "USAGE 210000.00, PARTNER_LED_SUPPORT 10500.00, total 220500.00, margin 500.00"; got != want || codes(s) != "" {
		t.Errorf("%s, held by %q, want %s", got, codes(s), want)
	}
}
