package period_test

import (
	"testing"

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
