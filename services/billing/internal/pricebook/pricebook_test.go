package pricebook_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
)

func month(m time.Month) calendar.Month { return calendar.Month{Year: 2026, Month: m} }

func rate(t *testing.T, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestValidityMonths(t *testing.T) {
	b := pricebook.Pricebook{
		Rules: []pricebook.Rule{
			{Category: pricebook.Usage, Percent: rate(t, "5"), From: month(time.June)},
			{Category: pricebook.Usage, Percent: rate(t, "3"), From: month(time.March)},
			{Category: pricebook.Tax, From: month(time.May)},
		},
		Rates: []pricebook.ExchangeRate{
			{SourceCurrencyCode: "USD", Rate: rate(t, "0.92"), From: month(time.March)},
			{SourceCurrencyCode: "USD", Rate: rate(t, "0.95"), From: month(time.April)},
		},
	}
	for _, tt := range []struct {
		category pricebook.Category
		month    time.Month
		percent  string
		withheld bool
		known    bool
	}{
		{pricebook.Usage, time.February, "0", false, false},
		{pricebook.Usage, time.March, "3", false, true},
		{pricebook.Usage, time.May, "3", false, true},
		{pricebook.Usage, time.June, "5", false, true},
		{pricebook.Support, time.June, "0", false, false},
		{pricebook.PartnerDiscount, time.June, "0", true, false},
		{pricebook.Tax, time.April, "0", true, false},
		{pricebook.Tax, time.May, "0", false, true},
	} {
		r, known := b.Rule(tt.category, month(tt.month))
		if r.Percent.String() != tt.percent || r.Withheld != tt.withheld || known != tt.known {
			t.Errorf("%s in %s: %+v, %t", tt.category, tt.month, r, known)
		}
	}
	for m, want := range map[time.Month]string{time.February: "", time.March: "0.92", time.December: "0.95"} {
		if r, known := b.Rate("USD", month(m)); known != (want != "") || known && r.Rate.String() != want {
			t.Errorf("rate of %s: %v, %t", m, r, known)
		}
	}
	if _, known := b.Rate("GBP", month(time.March)); known {
		t.Error("a rate of a currency that nobody named")
	}
}

// TestValues: what can only be a slip of the pen is refused, and the refusal names the field.
func TestValues(t *testing.T) {
	for _, tt := range []struct {
		category                pricebook.Category
		percent, rate, currency string
		field, reason           string
	}{
		{pricebook.Usage, "-100", "0.000001", "USD", "", ""},
		{pricebook.Usage, "1000", "9", "USD", "", ""},
		{pricebook.Usage, "-100.01", "1", "USD", "pricebook.rules[0].percent", "PERCENT_INVALID"},
		{pricebook.Usage, "1000.5", "1", "USD", "pricebook.rules[0].percent", "PERCENT_INVALID"},
		{pricebook.PartnerLedSupport, "-1", "1", "USD", "pricebook.rules[0].percent", "PERCENT_INVALID"},
		{pricebook.Usage, "0", "0", "USD", "pricebook.exchange_rates[0].rate", "RATE_INVALID"},
		{pricebook.Usage, "0", "0.000", "USD", "pricebook.exchange_rates[0].rate", "RATE_INVALID"},
		{pricebook.Usage, "0", "-1", "USD", "pricebook.exchange_rates[0].rate", "RATE_INVALID"},
		{pricebook.Usage, "0", "1", "QQQ", "pricebook.exchange_rates[0].source_currency_code", "CURRENCY_UNKNOWN"},
	} {
		b := pricebook.Pricebook{ID: "pbk_1", SellerID: "sel_1", DisplayName: "Standard", CurrencyCode: "EUR"}
		b.Rules = []pricebook.Rule{{Category: tt.category, Percent: rate(t, tt.percent), From: month(time.March)}}
		b.Rates = []pricebook.ExchangeRate{{SourceCurrencyCode: tt.currency, Rate: rate(t, tt.rate), From: month(time.March)}}
		_, _, err := pricebook.New(b)
		refusal, _ := errs.As(err)
		if errs.ReasonOf(err) != tt.reason || tt.field != "" && (refusal == nil || refusal.Fields[0].Path != tt.field) {
			t.Errorf("%s %s %s: %v", tt.percent, tt.rate, tt.currency, err)
		}
	}
	b := pricebook.Pricebook{ID: "pbk_1", SellerID: "sel_1", DisplayName: "Standard", CurrencyCode: "EUX"}
	if _, _, err := pricebook.New(b); errs.ReasonOf(err) != "CURRENCY_UNKNOWN" {
		t.Errorf("prices in %s: %v", b.CurrencyCode, err)
	}
}

func TestRefusals(t *testing.T) {
	good := pricebook.Pricebook{ID: "pbk_1", SellerID: "sel_1", DisplayName: "Standard", CurrencyCode: "EUR", Standard: true}
	twice := []pricebook.Rule{{Category: pricebook.Usage, From: month(time.March)}, {Category: pricebook.Usage, From: month(time.March)}}
	rates := []pricebook.ExchangeRate{
		{SourceCurrencyCode: "USD", Rate: rate(t, "0.9"), From: month(time.March)},
		{SourceCurrencyCode: "USD", Rate: rate(t, "0.9"), From: month(time.March)},
	}
	for name, tt := range map[string]struct {
		change func(*pricebook.Pricebook)
		reason string
	}{
		"fine":             {func(*pricebook.Pricebook) {}, ""},
		"no seller":        {func(b *pricebook.Pricebook) { b.SellerID = "" }, "FIELD_REQUIRED"},
		"no currency":      {func(b *pricebook.Pricebook) { b.CurrencyCode = "" }, "FIELD_REQUIRED"},
		"two rules begin":  {func(b *pricebook.Pricebook) { b.Rules = twice }, "RULE_DUPLICATE"},
		"two rates begin":  {func(b *pricebook.Pricebook) { b.Rates = rates }, "RULE_DUPLICATE"},
		"one of each kind": {func(b *pricebook.Pricebook) { b.Rules, b.Rates = twice[:1], rates[:1] }, ""},
	} {
		b := good
		tt.change(&b)
		if _, _, err := pricebook.New(b); errs.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
		kept := good
		if _, err := kept.Revise(pricebook.Edit{Rules: &b.Rules, Rates: &b.Rates}); (err != nil) != (tt.reason == "RULE_DUPLICATE") ||
			err != nil && len(kept.Rules)+len(kept.Rates) > 0 {
			t.Errorf("%s, as a change: %v", name, err)
		}
	}
	if err := good.Fits("sel_2", "EUR"); errs.ReasonOf(err) != "PRICEBOOK_UNKNOWN" {
		t.Errorf("another seller's: %v", err)
	}
	if err := good.Fits("sel_1", "CHF"); errs.ReasonOf(err) != "CURRENCY_MISMATCH" {
		t.Errorf("another currency: %v", err)
	}
}
