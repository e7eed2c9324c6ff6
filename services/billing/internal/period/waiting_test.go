package period_test

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/statement"
)

// TestWaiting: who must act in every state, and until when.
func TestWaiting(t *testing.T) {
	for s, want := range map[period.State]struct {
		owner     period.Party
		until     time.Time
		escalated bool
	}{
		period.Open: {}, period.DataComplete: {}, period.Rated: {}, period.Reconciled: {}, period.Invoiced: {}, period.Voided: {},
		period.WaitingForVendor: {owner: period.AWS, until: april.Add(10 * day)},
		period.Held:             {owner: period.Reseller, escalated: true},
	} {
		w := in(t, s).Waiting()
		if w.Owner != want.owner || !w.Until.Equal(want.until) || w.Escalated != want.escalated || w.Text.IsZero() != (want.owner == "") {
			t.Errorf("%s waits for %+v", s, w)
		}
	}
}

// TestWhoMends: every code of a hold says who mends it and how, and all but a requested one open one case.
func TestWhoMends(t *testing.T) {
	for code, owner := range map[string]period.Party{
		period.CodeRequested: period.Reseller, period.CodeVendorMismatch: period.Reseller, period.CodePricebookMissing: period.Reseller,
		statement.CodeExchangeRateMissing: period.Reseller, period.CodeAgreementMissing: period.Reseller,
		period.CodeVendorInvoiceMissing: period.AWS, period.CodeNegativeTotal: period.Reseller, period.CodeVendorRefused: period.Reseller,
		statement.CodeExchangeRateInvalid: period.Reseller, statement.CodeCurrencyMixed: period.Reseller,
		statement.CodeDiscountUnknown: period.Reseller, statement.CodeMarginTooLow: period.Reseller,
	} {
		p := in(t, period.DataComplete)
		must(t)(p.Obstruct(code, text.New("hold.reason", "currency", "EUR"), april))
		w := p.Waiting()
		if w.Owner != owner || w.Text.Key != "remedy."+strings.ToLower(code) {
			t.Errorf("%s is mended by %s: %s", code, w.Owner, w.Text.Key)
		}
		wanted := period.Wanted(p)
		if code == period.CodeRequested {
			if len(wanted) != 0 {
				t.Errorf("Operations is told what it asked for: %v", wanted)
			}
			continue
		}
		c := wanted[0]
		if len(wanted) != 1 || c.Kind != intent.Case || c.Name != "BILLING_PROBLEM" || c.Title.Params["code"] != code ||
			c.Body.Params["why"] != "hold.reason" || c.Body.Params["currency"] != "EUR" || c.Body.Params["remedy"] != w.Text.Key+".what" ||
			c.Resolved.IsZero() {
			t.Errorf("%s wants %+v", code, wanted)
		}
		must(t)(p.Release("mended", april))
		if len(period.Wanted(p)) != 0 {
			t.Errorf("%s: the case is wanted after the release", code)
		}
	}
}

// TestRefusedLooks: a refusal before the gate is looked at again on the beat, at the gate at the latest; a reconciled
// month does not change by it.
func TestRefusedLooks(t *testing.T) {
	p := in(t, period.WaitingForVendor)
	must(t)(p.AskLook())
	must(t)(p.LookRefused("ACCESS_DENIED", april))
	if !wakes(p).Equal(april.Add(6*time.Hour)) || p.State != period.WaitingForVendor {
		t.Errorf("%s wakes at %v", p.State, wakes(p))
	}
	must(t)(p.LookRefused("ACCESS_DENIED", gate.Add(-time.Hour)))
	if !wakes(p).Equal(gate) {
		t.Errorf("it wakes at %v, the gate is at %v", wakes(p), gate)
	}
	p = in(t, period.Reconciled)
	must(t)(p.AskLook())
	must(t)(p.LookRefused("ACCESS_DENIED", april.Add(day)))
	if p.State != period.Reconciled || period.NextAction(p, april.Add(day)) != period.None {
		t.Errorf("%s, next %q", p.State, period.NextAction(p, april.Add(day)))
	}
	must(t)(p.LookRefused("ACCESS_DENIED", gate))
	if p.State != period.Held || p.Hold.Code != period.CodeVendorRefused || p.Hold.Why.Params["reason"] != "ACCESS_DENIED" {
		t.Errorf("at the gate %s %v", p.State, p.Hold)
	}
}
