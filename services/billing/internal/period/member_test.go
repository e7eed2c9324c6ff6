package period_test

import (
	"testing"

	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// TestMember: a member of the payer's organization pays for its own charges, and AWS's invoices are compared with the
// charges of the whole organization.
func TestMember(t *testing.T) {
	for name, tt := range map[string]struct {
		whole string
		want  period.State
	}{
		"the bill agrees":                 {"100.004", period.Reconciled},
		"the bill differs":                {"101", period.Held},
		"only the member's charges agree": {"40", period.Held},
	} {
		p, b := in(t, period.WaitingForVendor), bill(t)
		b.Groups = []statement.Group{group(t, pricebook.Usage, statement.AWS, "40")}
		b.Whole = []statement.Group{group(t, pricebook.Usage, statement.AWS, tt.whole)}
		must(t)(p.Seen(b, 0, april))
		must(t)(p.Price(priced(t, "40.00"), period.Basis{PricebookID: "pbk_1"}, april))
		must(t)(p.Compare(gate))
		if p.State != tt.want {
			t.Errorf("%s: %s", name, p.State)
		}
		if cost, err := p.CostTotal(); err != nil || cost.Amount() != "40.00" {
			t.Errorf("%s: its cost is %v, %v", name, cost, err)
		}
		if r, err := p.Reconcile(); err != nil || r.Difference.IsZero() != (tt.want == period.Reconciled) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestMemberSeenAgain: what others in the organization use is no news for the member, but that the bill has moved is.
func TestMemberSeenAgain(t *testing.T) {
	b := bill(t)
	b.Whole = []statement.Group{group(t, pricebook.Usage, statement.AWS, "100")}
	p := in(t, period.WaitingForVendor)
	must(t)(p.Seen(b, 0, april))
	must(t)(p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, april))
	must(t)(p.Compare(april))
	if facts := must(t)(p.Seen(b, 0, gate)); len(facts) > 0 {
		t.Errorf("the same again tells %v", names(facts))
	}
	b.Whole = []statement.Group{group(t, pricebook.Usage, statement.AWS, "101")}
	if must(t)(p.Seen(b, 0, gate)); p.State != period.DataComplete {
		t.Errorf("another bill leaves it %s", p.State)
	}
}
