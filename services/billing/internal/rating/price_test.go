package rating_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/rating"
)

func TestPrices(t *testing.T) {
	aws := func(recordType, amount string) rating.Charge { return charge(t, recordType, rating.AWS, amount) }
	withheld := func(c pricebook.Category) pricebook.Rule {
		return pricebook.Rule{Category: c, Withheld: true, From: march()}
	}
	rates := []pricebook.ExchangeRate{{SourceCurrencyCode: "USD", Rate: rate(t, "0.92"), From: march()}}
	quote := func(to, r string) rating.Quote { return rating.Quote{To: to, Rate: rate(t, r)} }
	for name, tt := range map[string]struct {
		currency string
		charges  []rating.Charge
		rules    []pricebook.Rule
		rates    []pricebook.ExchangeRate
		quotes   []rating.Quote
		support  bool
		lines    []string
		total    string
		margin   string
	}{
		"at cost": {charges: []rating.Charge{aws("Usage", "100.005")}, lines: []string{"USAGE 100.01"}, total: "100.01", margin: "0.00"},
		"a tie away from zero, both ways": {
			charges: []rating.Charge{aws("Usage", "0.005"), aws("Credit", "-0.005")},
			lines:   []string{"USAGE 0.01", "CREDIT -0.01"}, total: "0.00", margin: "0.00",
		},
		"the reseller's discount and the tax on its purchase are its own": {
			charges: []rating.Charge{aws("Usage", "1000"), aws("Solution Provider Program Discount", "-30"), aws("Tax", "77")},
			lines:   []string{"USAGE 1000.00"}, total: "1000.00", margin: "30.00",
		},
		"passed on by rule": {
			charges: []rating.Charge{aws("Usage", "1000"), aws("SppDiscount", "-30"), aws("Tax", "77")},
			rules:   []pricebook.Rule{rule(t, pricebook.PartnerDiscount, "-50"), rule(t, pricebook.Tax, "0")},
			lines:   []string{"USAGE 1000.00", "PARTNER_DISCOUNT -15.00", "TAX 77.00"}, total: "1062.00", margin: "15.00",
		},
		"percent and withheld": {
			charges: []rating.Charge{aws("Usage", "200"), aws("Bundled Discount", "-20"), charge(t, "Usage", rating.Marketplace, "50")},
			rules:   []pricebook.Rule{rule(t, pricebook.Usage, "-3.5"), rule(t, pricebook.Marketplace, "2"), withheld(pricebook.Discount)},
			lines:   []string{"USAGE 193.00", "MARKETPLACE 51.00"}, total: "244.00", margin: "14.00",
		},
		"both sellers in one line": {
			charges: []rating.Charge{aws("Credit", "-1.004"), charge(t, "Refund", rating.Marketplace, "-1.004")},
			lines:   []string{"CREDIT -2.01"}, total: "-2.01", margin: "0.00",
		},
		"partner-led support on the usage alone": {
			charges: []rating.Charge{aws("Usage", "300"), aws("Recurring", "100")}, support: true,
			rules: []pricebook.Rule{rule(t, pricebook.PartnerLedSupport, "10")},
			lines: []string{"USAGE 300.00", "COMMITMENT 100.00", "PARTNER_LED_SUPPORT 30.00"}, total: "430.00", margin: "30.00",
		},
		"partner-led support on the usage as it is billed": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "1000")}, rates: rates, support: true,
			rules: []pricebook.Rule{rule(t, pricebook.Usage, "-2"), rule(t, pricebook.PartnerLedSupport, "10")},
			lines: []string{"USAGE 901.60", "PARTNER_LED_SUPPORT 90.16"}, total: "991.76", margin: "71.76",
		},
		"no partner-led support on usage that is not billed": {
			charges: []rating.Charge{aws("Usage", "1000")}, support: true,
			rules: []pricebook.Rule{withheld(pricebook.Usage), rule(t, pricebook.PartnerLedSupport, "10")},
			lines: []string{"PARTNER_LED_SUPPORT 0.00"}, total: "0.00", margin: "-1000.00",
		},
		"AWS's own rate comes first": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "100")}, rates: rates,
			quotes: []rating.Quote{quote("EUR", "0.9"), quote("EUR", "0.9")},
			lines:  []string{"USAGE 90.00"}, total: "90.00", margin: "0.00",
		},
		"its rates differ": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "100")}, rates: rates,
			quotes: []rating.Quote{quote("EUR", "0.9"), quote("EUR", "0.91")},
			lines:  []string{"USAGE 92.00"}, total: "92.00", margin: "0.00",
		},
		"its rate is to another currency": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "100")}, rates: rates, quotes: []rating.Quote{quote("CHF", "0.9")},
			lines: []string{"USAGE 92.00"}, total: "92.00", margin: "0.00",
		},
		"a rate of zero is none": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "100")}, rates: rates,
			quotes: []rating.Quote{quote("EUR", "0"), quote("EUR", "0.00")}, lines: []string{"USAGE 92.00"}, total: "92.00", margin: "0.00",
		},
		"nor is one below zero": {
			currency: "EUR", charges: []rating.Charge{aws("Usage", "100")}, rates: rates, quotes: []rating.Quote{quote("EUR", "-0.9")},
			lines: []string{"USAGE 92.00"}, total: "92.00", margin: "0.00",
		},
		"support gets no discount on usage, whatever the plan is called": {
			currency: "EUR", quotes: []rating.Quote{quote("EUR", "0.9215")}, rules: []pricebook.Rule{rule(t, pricebook.Usage, "-3")},
			charges: []rating.Charge{
				aws("Usage", "100"), {Service: "AWS Business Support+", RecordType: "Usage", Entity: rating.AWS, Amount: usd(t, "29")},
			},
			lines: []string{"USAGE 89.39", "SUPPORT 26.72"}, total: "116.11", margin: "-2.76",
		},
		"rounded once, after the conversion": {
			currency: "JPY", charges: []rating.Charge{aws("Usage", "0.333"), aws("Usage", "0.333")}, quotes: []rating.Quote{quote("JPY", "150.5")},
			lines: []string{"USAGE 100"}, total: "100", margin: "0",
		},
		"nothing": {total: "0.00", margin: "0.00"},
	} {
		t.Run(name, func(t *testing.T) {
			book := &pricebook.Pricebook{CurrencyCode: "USD", Rules: tt.rules, Rates: tt.rates}
			if tt.currency != "" {
				book.CurrencyCode = tt.currency
			}
			p := price(t, rating.Order{
				Month: march(), Currency: "USD", Groups: classify(t, tt.charges...), Quotes: tt.quotes, Book: book, PartnerLedSupport: tt.support,
			})
			var lines []string
			for _, l := range p.Lines {
				lines = append(lines, fmt.Sprintf("%s %s", l.Category, l.Price.Amount()))
			}
			if fmt.Sprint(lines) != fmt.Sprint(tt.lines) || p.Total.Amount() != tt.total || p.Margin.Amount() != tt.margin {
				t.Errorf("lines %v, total %s, margin %s", lines, p.Total, p.Margin)
			}
		})
	}
}

func TestObstacles(t *testing.T) {
	groups := classify(t, charge(t, "Usage", rating.AWS, "1"))
	for _, r := range []string{"0", "-1"} { // of AWS and of the pricebook: nothing is made of everything
		o := rating.Order{
			Month: march(), Currency: "USD", Groups: groups, Quotes: []rating.Quote{{To: "EUR", Rate: rate(t, r)}},
			Book: &pricebook.Pricebook{
				CurrencyCode: "EUR", Rates: []pricebook.ExchangeRate{{SourceCurrencyCode: "USD", Rate: rate(t, r), From: march()}},
			},
		}
		if _, got, err := rating.Price(o); got != rating.NoRate || err != nil {
			t.Errorf("at a rate of %s: got %q, want %q (%v)", r, got, rating.NoRate, err)
		}
	}
	for want, o := range map[rating.Obstacle]rating.Order{
		rating.NoRate:  {Book: &pricebook.Pricebook{CurrencyCode: "EUR"}},
		rating.NoPrice: {Book: &pricebook.Pricebook{CurrencyCode: "USD"}, PartnerLedSupport: true},
	} {
		o.Month, o.Currency, o.Groups = march(), "USD", groups
		if _, got, err := rating.Price(o); got != want || err != nil {
			t.Errorf("got %q, want %q (%v)", got, want, err)
		}
	}
}

// TestLinesAddUp: whatever AWS charges and the pricebook says, the total is the sum of the lines as they are shown, and
// no charge counts twice or not at all.
func TestLinesAddUp(t *testing.T) {
	types := []string{"Usage", "Recurring", "Support", "Credit", "Tax", "Bundled Discount", "SppDiscount", "Fee", "Odd", "Even"}
	rapid.Check(t, func(t *rapid.T) {
		var charges []rating.Charge
		for range rapid.IntRange(0, 30).Draw(t, "charges") {
			entity := rapid.SampledFrom([]rating.Entity{rating.AWS, rating.Marketplace}).Draw(t, "entity")
			charges = append(
				charges,
				charge(t, rapid.SampledFrom(types).Draw(t, "type"), entity, rapid.StringMatching(`-?[0-9]{1,6}\.[0-9]{1,10}`).Draw(t, "amount")),
			)
		}
		book := &pricebook.Pricebook{CurrencyCode: "EUR"}
		for _, c := range pricebook.Categories() {
			r := rule(t, c, rapid.StringMatching(`-?[0-9]{1,2}(\.[0-9]{1,3})?`).Draw(t, "percent"))
			r.Withheld = rapid.Bool().Draw(t, "withheld")
			book.Rules = append(book.Rules, r)
		}
		groups := classify(t, charges...)
		o := rating.Order{
			Month: march(), Currency: "USD", Groups: groups, Book: book, PartnerLedSupport: rapid.Bool().Draw(t, "support"),
			Quotes: []rating.Quote{{To: "EUR", Rate: rate(t, rapid.StringMatching(`[01]\.[0-9]{0,5}[1-9]`).Draw(t, "rate"))}},
		}
		p, obstacle, err := rating.Price(o)
		if err != nil || obstacle != "" {
			t.Fatal(obstacle, err)
		}
		sum, counted := zero(t, "EUR"), 0
		for _, l := range p.Lines {
			sum = add(t, sum, l.Price)
			if again, err := l.Price.Round(money.HalfUp); err != nil || again.Amount() != l.Price.Amount() {
				t.Fatalf("line %v is not rounded", l)
			}
		}
		for _, g := range groups {
			counted += g.Charges
		}
		if !sum.Equal(p.Total) || counted != len(charges) {
			t.Fatalf("lines add up to %s, total %s; %d of %d charges counted", sum, p.Total, counted, len(charges))
		}
	})
}

func zero(t failer, currency string) money.Money {
	t.Helper()
	m, err := money.Zero(currency)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func add(t failer, a, b money.Money) money.Money {
	t.Helper()
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// TestAgreedDiscount: it is off the usage as it is billed, and lessens neither what else is charged nor the reseller's support.
func TestAgreedDiscount(t *testing.T) {
	book := &pricebook.Pricebook{
		CurrencyCode: "USD", Rules: []pricebook.Rule{rule(t, pricebook.Usage, "-2"), rule(t, pricebook.PartnerLedSupport, "10")},
	}
	charges := classify(t, charge(t, "Usage", rating.AWS, "1000"), charge(t, "Usage", rating.Marketplace, "50"),
		charge(t, "Bundled Discount", rating.AWS, "-10"))
	for discount, want := range map[string]string{
		"":     "[USAGE 980.00 MARKETPLACE 50.00 PARTNER_LED_SUPPORT 98.00 DISCOUNT -10.00] 1118.00 USD 78.00 USD",
		"2.5":  "[USAGE 980.00 MARKETPLACE 50.00 PARTNER_LED_SUPPORT 98.00 DISCOUNT -10.00 DISCOUNT -24.50] 1093.50 USD 53.50 USD",
		"0.01": "[USAGE 980.00 MARKETPLACE 50.00 PARTNER_LED_SUPPORT 98.00 DISCOUNT -10.00 DISCOUNT -0.10] 1117.90 USD 77.90 USD",
	} {
		priced := price(t, rating.Order{
			Month: march(), Currency: "USD", Groups: charges, Book: book, PartnerLedSupport: true, Discount: discount,
		})
		var lines []string
		for _, l := range priced.Lines {
			lines = append(lines, string(l.Category)+" "+l.Price.Amount())
		}
		if got := fmt.Sprintf("%v %s %s", lines, priced.Total, priced.Margin); got != want {
			t.Errorf("%q: %s, want %s", discount, got, want)
		}
	}
}
