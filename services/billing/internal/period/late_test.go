package period_test

import (
	"strings"
	"testing"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/billing/internal/period"
)

// TestTermsThatComeLate: the invoice stays as it is, and Operations has one case of what was to be billed; of a month that is not invoiced
// there is none, because it is priced again.
func TestTermsThatComeLate(t *testing.T) {
	dollars := period.Basis{CurrencyCode: "USD", PricebookID: "pbk_other"}
	for _, s := range period.States() {
		p := in(t, s)
		p.Basis = period.Basis{CurrencyCode: "EUR", PricebookID: "pbk_1", PricebookRevision: 3, AgreementID: "agr_1"}
		same := p.Basis
		same.PricebookRevision = 4
		if facts := p.TermsKnown(same); len(facts) != 0 || p.Due != nil {
			t.Errorf("%s, the same terms: %v", s, facts)
		}
		before := len(period.Wanted(p))
		facts := p.TermsKnown(dollars)
		if late := s == period.Invoiced; late != (len(facts) == 1) || late != (p.Due != nil) || late != (len(period.Wanted(p)) == before+1) {
			t.Errorf("%s, other terms: %v, due is %v", s, facts, p.Due)
		}
		if again := p.TermsKnown(dollars); len(again) != 0 {
			t.Errorf("%s, once more: %v", s, again)
		}
		if p.TermsKnown(same); p.Due != nil || len(period.Wanted(p)) != before {
			t.Errorf("%s, taken back it is due %v", s, p.Due)
		}
	}
}

// TestTermsThatComeLateAgain: each terms have a case of their own, and the one of those that do not hold any more does not say
// that they are settled.
func TestTermsThatComeLateAgain(t *testing.T) {
	p := in(t, period.Invoiced)
	p.Basis = period.Basis{CurrencyCode: "EUR"}
	var keys []string
	for _, due := range []period.Basis{{CurrencyCode: "USD"}, {CurrencyCode: "USD", Discount: "5"}, {CurrencyCode: "EUR"}} {
		p.TermsKnown(due)
		for _, w := range period.Wanted(p) {
			if strings.HasPrefix(w.Key, "case/terms/") {
				keys = append(keys, w.Key)
				p.Wishes.Granted(w.Key, intent.Wished{ID: "cas_1", Kind: intent.Case, Over: w.Resolved})
			}
		}
	}
	if len(keys) != 2 || keys[0] == keys[1] {
		t.Fatalf("the cases are %v", keys)
	}
	for _, key := range keys {
		if got := p.Wishes[key].Over.Key; got != "case.terms_late.replaced" {
			t.Errorf("%s closes with %s", key, got)
		}
	}
}

// TestRemedyOfOwnPrices: where the seller's standard prices do not serve, nobody is told to set some.
func TestRemedyOfOwnPrices(t *testing.T) {
	for why, remedy := range map[string]string{
		period.WhyOwnPrices: "remedy.own_pricebook_missing", "hold.pricebook_missing": "remedy.pricebook_missing",
	} {
		p := in(t, period.Held)
		p.Hold.Code, p.Hold.Why.Key = period.CodePricebookMissing, why
		if got := p.Waiting().Text.Key; got != remedy {
			t.Errorf("%s is mended by %s", why, got)
		}
	}
}
