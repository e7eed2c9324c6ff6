package period_test

import (
	"testing"
	"time"

	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

func TestCompare(t *testing.T) {
	aws := func(c pricebook.Category, cost string) statement.Group { return group(t, c, statement.AWS, cost) }
	market := func(cost string) statement.Group { return group(t, pricebook.Marketplace, statement.Marketplace, cost) }
	for name, tt := range map[string]struct {
		invoices []statement.VendorInvoice
		groups   []statement.Group
		agrees   bool
	}{
		"to the cent": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00")},
			[]statement.Group{aws(pricebook.Usage, "100"), aws(pricebook.PartnerDiscount, "-30")},
			true,
		},
		"rounded by AWS": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.01")}, []statement.Group{aws(pricebook.Usage, "70.0051")}, true,
		},
		"tax is not of it": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00")},
			[]statement.Group{aws(pricebook.Usage, "70"), aws(pricebook.Tax, "5.39")},
			true,
		},
		"a cent": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.01")}, []statement.Group{aws(pricebook.Usage, "70")}, false,
		},
		"a cent less": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "69.99")}, []statement.Group{aws(pricebook.Usage, "70")}, false,
		},
		"with a credit memo": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00"), invoiced(t, "2", statement.AWS, "-5.00")},
			[]statement.Group{aws(pricebook.Usage, "65")},
			true,
		},
		"seller by seller": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00"), invoiced(t, "2", statement.Marketplace, "20.00")},
			[]statement.Group{aws(pricebook.Usage, "70"), market("20")},
			true,
		},
		"equal in sum alone": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "69.00"), invoiced(t, "2", statement.Marketplace, "21.00")},
			[]statement.Group{aws(pricebook.Usage, "70"), market("20")},
			false,
		},
		"not invoiced": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00")}, []statement.Group{aws(pricebook.Usage, "70"), market("20")}, false,
		},
		"not collected": {
			[]statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00"), invoiced(t, "2", statement.Marketplace, "20.00")},
			[]statement.Group{aws(pricebook.Usage, "70")},
			false,
		},
	} {
		p := in(t, period.WaitingForVendor)
		must(t)(p.Seen(period.Bill{Invoices: tt.invoices, Groups: tt.groups}, 0, april))
		must(t)(p.Price(priced(t, "1.00"), period.Basis{PricebookID: "pbk_1"}, april))
		must(t)(p.Compare(gate))
		switch {
		case tt.agrees && p.State != period.Reconciled:
			t.Errorf("%s: %s %v", name, p.State, p.Hold)
		case !tt.agrees && (p.State != period.Held || p.Hold.Code != period.CodeVendorMismatch || p.Waiting().Owner != period.Reseller):
			t.Errorf("%s: %s %v", name, p.State, p.Hold)
		}
	}
}

// TestOneByOne: AWS's invoices come hours apart. Before the gate a difference is looked at again on the beat; the same
// difference at the gate holds the month.
func TestOneByOne(t *testing.T) {
	first := period.Bill{
		Invoices: []statement.VendorInvoice{invoiced(t, "1", statement.AWS, "70.00")},
		Groups:   []statement.Group{group(t, pricebook.Usage, statement.AWS, "70"), group(t, pricebook.Marketplace, statement.Marketplace, "20")},
	}
	both := first
	both.Invoices = append([]statement.VendorInvoice{}, first.Invoices[0], invoiced(t, "2", statement.Marketplace, "20.00"))
	for name, tt := range map[string]struct {
		then period.Bill
		at   time.Time
		want period.State
	}{
		"the other one came":  {both, april.Add(12 * time.Hour), period.Reconciled},
		"not yet":             {first, april.Add(12 * time.Hour), period.Rated},
		"still not, the gate": {first, gate, period.Held},
	} {
		p, morning := in(t, period.WaitingForVendor), april.Add(6*time.Hour)
		must(t)(p.Seen(first, 0, morning))
		must(t)(p.Price(priced(t, "90.00"), period.Basis{PricebookID: "pbk_1"}, morning))
		if facts := must(t)(p.Compare(morning)); len(facts) > 0 || p.State != period.Rated || !wakes(p).Equal(morning.Add(6*time.Hour)) {
			t.Fatalf("%s: told %v, %s, wakes at %v", name, names(facts), p.State, wakes(p))
		}
		for step := 0; step < 5 && period.NextAction(p, tt.at) != period.None; step++ {
			switch period.NextAction(p, tt.at) {
			case period.Look:
				must(t)(p.Seen(tt.then, 0, tt.at))
			case period.Rate:
				must(t)(p.Price(priced(t, "90.00"), period.Basis{PricebookID: "pbk_1"}, tt.at))
			case period.Compare:
				must(t)(p.Compare(tt.at))
			}
		}
		if p.State != tt.want {
			t.Errorf("%s: %s %v", name, p.State, p.Hold)
		}
	}
}

// TestReconciliation: the rows add up to what was collected and priced.
func TestReconciliation(t *testing.T) {
	if _, err := in(t, period.WaitingForVendor).Reconcile(); err == nil {
		t.Error("compared before anything was collected")
	}
	r, err := in(t, period.Reconciled).Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	if r.Vendor.Amount() != "100.00" || r.Cost.Amount() != "100.00" || !r.Difference.IsZero() || len(r.Rows) != 2 {
		t.Errorf("got %+v", r)
	}
	usage, tax := r.Rows[0], r.Rows[1]
	if usage.Price.Amount() != "100.00" || usage.Charges != 1 || tax.Cost.Amount() != "7.70" || !tax.Price.IsZero() {
		t.Errorf("rows %+v", r.Rows)
	}
}
