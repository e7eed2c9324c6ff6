package relationship_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/intent"
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

// priced is the own pricebook of a month; "none": no other one serves either.
func priced(r *relationship.Relationship, m calendar.Month) string {
	own, served := r.OwnPricebook(m)
	if !served {
		return "none"
	}
	return own
}

// TestOwnPricesCountFromTheirMonthOn: what is prepared or set later stops no month that standard prices were for, and what was in use is
// not forgotten with its pricebook.
func TestOwnPricesCountFromTheirMonthOn(t *testing.T) {
	april, july := may().AddMonths(-1), may().AddMonths(2)
	set := func(r *relationship.Relationship, currency, id string) {
		t.Helper()
		if _, err := r.SetPricing(currency, id, true); err != nil {
			t.Fatal(err)
		}
	}
	r := toDollars(t)
	live(r, may().Next().Start())
	set(r, "EUR", "pbk_e") // for months before, and for a change that is to come
	for m := april; m.Compare(july) <= 0; m = m.Next() {
		if want := map[bool]string{true: "pbk_e"}[m == april]; priced(r, m) != want {
			t.Errorf("prepared in June, %s is priced by %q", m, priced(r, m))
		}
	}

	r = toDollars(t)
	a := *r.Agreement
	a.Terms = append(slices.Clone(a.Terms), relationship.Dated{From: may(), Terms: relationship.Terms{CurrencyCode: "CHF"}})
	if _, err := r.Agree(a); err != nil {
		t.Fatal(err)
	}
	set(r, "USD", "pbk_u")
	if got := priced(r, may()); got != "" {
		t.Errorf("on terms that replaced the dollars May is priced by %q", got)
	}

	r = toDollars(t)
	live(r, april.Start())
	set(r, "EUR", "pbk_e")
	live(r, may().Start())
	set(r, "EUR", "")
	if got := priced(r, may()); got != "none" || r.OwnSince != april {
		t.Errorf("without the euros May is priced by %q, since %s", got, r.OwnSince)
	}
	set(r, "", "")
	if got := priced(r, may()); got != "" {
		t.Errorf("without any May is priced by %q", got)
	}

	r, _ = relationship.Record(seen("2026-03-01", ""))
	if _, err := r.Agree(inEuros()); err != nil {
		t.Fatal(err)
	}
	live(r, april.Start())
	set(r, "EUR", "pbk_e")
	set(r, "EUR", "")
	if got := priced(r, april); got != "" {
		t.Errorf("billed in euros alone, and without their pricebook, April is priced by %q", got)
	}
}

// TestTermsThatAreStillToBeInvoiced: terms count until their last month is invoiced, though others hold by now or the relationship has
// ended; those that others replaced before their month count for nothing.
func TestTermsThatAreStillToBeInvoiced(t *testing.T) {
	r := toDollars(t)
	a := *r.Agreement
	a.Terms = append(slices.Clone(a.Terms),
		relationship.Dated{From: may().Next(), Terms: relationship.Terms{CurrencyCode: "CHF"}},
		relationship.Dated{From: may().Next(), Terms: relationship.Terms{CurrencyCode: "EUR"}})
	if _, err := r.Agree(a); err != nil {
		t.Fatal(err)
	}
	held := []calendar.Month{may()}
	firsts := func(open []calendar.Month) (out []string) {
		for _, d := range r.Changed(open) {
			out = append(out, d.CurrencyCode+" "+d.First.String())
		}
		return out
	}
	if live(r, at("2026-07-10")); !slices.Equal(firsts(held), []string{"USD 2026-05", "EUR 2026-08"}) {
		t.Errorf("in July it is %v", firsts(held))
	}
	if _, err := r.Observe(seen("2026-03-01", "2026-08-01")); err != nil {
		t.Fatal(err)
	}
	if live(r, at("2026-08-01")); !slices.Equal(firsts(held), []string{"USD 2026-05"}) || len(firsts(nil)) != 0 {
		t.Errorf("ended it is %v, all invoiced %v", firsts(held), firsts(nil))
	}
	if !r.BillsStill("USD", held) || r.BillsStill("USD", nil) || r.BillsStill("CHF", held) {
		t.Error("it bills in dollars without a month, or in francs")
	}
}

// TestPricesAreNotNeeded: where the terms are taken back, nobody has found prices, and the case says so.
func TestPricesAreNotNeeded(t *testing.T) {
	r := toDollars(t)
	missing := []relationship.Missing{{From: may(), CurrencyCode: "USD", Own: true}}
	r.PricesSeen(relationship.Look{Due: r.Changed(nil), Missing: missing}, at("2026-04-10"))
	if got := r.Waiting().Text.Key; got != "wait.own_prices" {
		t.Errorf("Operations is told %s", got)
	}
	opened := relationship.Wanted(r)[0]
	r.Wishes.Granted(opened.Key, intent.Wished{ID: "cas_1", Kind: intent.Case, Over: opened.Resolved})
	if _, err := r.Agree(inEuros()); err != nil {
		t.Fatal(err)
	}
	facts := names(r.PricesSeen(relationship.Look{Due: r.Changed(nil)}, at("2026-04-11")))
	if !slices.Equal(facts, []string{relationship.FactPricesNotNeeded}) || r.Wishes[opened.Key].Over.Key != "case.prices.not_needed" {
		t.Errorf("told is %v, the case closes with %v", facts, r.Wishes)
	}
}

// TestPricesAreMissing: they are looked at when the terms or the pricebooks change, and every day while some are missing; Operations has a
// case before the month begins, is reminded when it has begun, and nothing more once there are prices.
func TestPricesAreMissing(t *testing.T) {
	r := toDollars(t)
	live(r, at("2026-04-10"))
	due := r.Changed([]calendar.Month{may().AddMonths(-1)})
	if len(due) != 1 || due[0].From != may() || due[0].First != may() {
		t.Fatalf("changed are %v", due)
	}
	if want := relationship.WantPrices(r); len(want) != 1 || want[0].At.After(at("2026-04-10")) {
		t.Fatalf("looked at %v", want)
	}
	missing := []relationship.Missing{{From: may(), CurrencyCode: "USD"}}
	facts := names(r.PricesSeen(relationship.Look{Served: r.Prices.Asked, Due: due, Missing: missing}, at("2026-04-10")))
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
	look := relationship.Look{Served: r.Prices.Asked, Due: due}
	if facts := r.PricesSeen(look, may().Start()); !slices.Equal(names(facts), []string{relationship.FactPricesFound}) {
		t.Errorf("told is %v", names(facts))
	}
	if len(relationship.Wanted(r)) != 0 || len(relationship.WantPrices(r)) != 0 || !r.Waiting().Text.IsZero() {
		t.Errorf("with prices it waits %v", r.Waiting())
	}
}
