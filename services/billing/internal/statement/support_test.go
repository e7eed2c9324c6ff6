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
