package relationship_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing/internal/relationship"
)

// may is a month in which the agreement comes to dollars.
func may() calendar.Month { return calendar.Month{Year: 2026, Month: time.May} }

// toDollars is in euros until April, and in dollars with the reseller's support from May on.
func toDollars(t *testing.T) *relationship.Relationship {
	t.Helper()
	r, _ := relationship.Record(seen("2026-03-01", ""))
	a := inEuros()
	a.Terms = append(a.Terms, relationship.Dated{From: may(), Terms: relationship.Terms{CurrencyCode: "USD", PartnerLedSupport: true}})
	if _, err := r.Agree(a); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestOwnPricebooks: one for each currency, prepared before its months; who had own prices before does not silently get others.
func TestOwnPricebooks(t *testing.T) {
	april := may().AddMonths(-1)
	for name, tt := range map[string]struct {
		own        map[string]string // by currency
		april, may string            // its own in these months; "none": no other one serves either
	}{
		"none":                       {nil, "", ""},
		"in euros":                   {map[string]string{"EUR": "pbk_e"}, "pbk_e", "none"},
		"in dollars, prepared":       {map[string]string{"USD": "pbk_u"}, "", "pbk_u"},
		"in both":                    {map[string]string{"EUR": "pbk_e", "USD": "pbk_u"}, "pbk_e", "pbk_u"},
		"in what is never billed in": {map[string]string{"CHF": "pbk_c"}, "", ""},
	} {
		r := toDollars(t)
		for currency, id := range tt.own {
			if facts, err := r.SetPricing(currency, id, true); err != nil || len(facts) != 1 {
				t.Fatal(facts, err)
			}
		}
		for month, want := range map[calendar.Month]string{april: tt.april, may(): tt.may} {
			got, served := r.OwnPricebook(month)
			if !served {
				got = "none"
			}
			if got != want {
				t.Errorf("%s: %s is priced by %q, want %q", name, month, got, want)
			}
		}
	}
	r := toDollars(t)
	for _, set := range [][2]string{{"EUR", "pbk_e"}, {"USD", "pbk_u"}, {"USD", ""}} {
		if _, err := r.SetPricing(set[0], set[1], true); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.Pricebooks) != 1 || r.Pricebooks["EUR"] != "pbk_e" {
		t.Errorf("it has %v", r.Pricebooks)
	}
	if facts, _ := r.SetPricing("USD", "", true); len(facts) != 0 {
		t.Errorf("taken away again tells %v", names(facts))
	}
	if _, err := r.SetPricing("", "", true); err != nil || len(r.Pricebooks) != 0 {
		t.Errorf("taken away it has %v, %v", r.Pricebooks, err)
	}
}

// TestPricesAreMissing: they are looked at when the terms or the pricebooks change, and every day while some are missing; Operations has a
// case before the month begins, is reminded when it has begun, and nothing more once there are prices.
func TestPricesAreMissing(t *testing.T) {
	r := toDollars(t)
	live(r, at("2026-04-10"))
	if changed := r.Changed(); len(changed) != 1 || changed[0].From != may() {
		t.Fatalf("changed are %v", changed)
	}
	if want := relationship.WantPrices(r); len(want) != 1 || want[0].At.After(at("2026-04-10")) {
		t.Fatalf("looked at %v", want)
	}
	missing := []relationship.Missing{{From: may(), CurrencyCode: "USD"}}
	facts := names(r.PricesSeen(r.Prices.Asked, missing, at("2026-04-10")))
	if !slices.Equal(facts, []string{relationship.FactPricesMissing}) {
		t.Errorf("told is %v", facts)
	}
	if want := relationship.WantPrices(r); len(want) != 1 || !want[0].At.Equal(at("2026-04-11")) {
		t.Errorf("looked at again %v", want)
	}
	if w := r.Waiting(); w.Escalated || !w.Until.Equal(may().Start()) || w.Text.IsZero() {
		t.Errorf("it waits %v", w)
	}
	if wishes := relationship.Wanted(r); len(wishes) != 1 || wishes[0].Name != "BILLING_PROBLEM" {
		t.Errorf("wished are %v", wishes)
	}
	live(r, may().Start())
	if wishes := relationship.Wanted(r); len(wishes) != 2 || !r.Waiting().Escalated {
		t.Errorf("in May it waits %v, wished are %v", r.Waiting(), wishes)
	}
	if _, err := r.SetPricing("USD", "pbk_u", true); err != nil {
		t.Fatal(err)
	}
	if want := relationship.WantPrices(r); len(want) != 1 || want[0].At.After(at("2026-04-10")) {
		t.Errorf("with a pricebook it is looked at %v", want)
	}
	if facts := r.PricesSeen(r.Prices.Asked, nil, may().Start()); !slices.Equal(names(facts), []string{relationship.FactPricesFound}) {
		t.Errorf("told is %v", names(facts))
	}
	if len(relationship.Wanted(r)) != 0 || len(relationship.WantPrices(r)) != 0 || !r.Waiting().Text.IsZero() {
		t.Errorf("with prices it waits %v", r.Waiting())
	}
}
