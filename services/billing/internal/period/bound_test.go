package period_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/services/billing/internal/period"
)

// TestFinal: the month that the end closes, or that it lies in, is the final one, once, and no other.
func TestFinal(t *testing.T) {
	for end, want := range map[time.Time]struct {
		final bool
		facts string
	}{
		march:                        {false, "[voided]"},
		march.Add(time.Microsecond):  {true, "[final]"},
		april:                        {true, "[final]"},
		april.Add(time.Microsecond):  {false, "[]"},
		march.AddDate(0, -1, 0):      {false, "[voided]"},
		time.Unix(1<<40, 0).UTC():    {false, "[]"},
		april.Add(-time.Microsecond): {true, "[final]"},
	} {
		p := in(t, period.WaitingForVendor)
		facts := names(must(t)(p.Bound(end, april)))
		if p.Final != want.final || fmt.Sprint(facts) != want.facts {
			t.Errorf("end %v: final %t, told %v", end, p.Final, facts)
		}
		before := dump(t, p)
		if again := must(t)(p.Bound(end, april)); len(again) > 0 || dump(t, p) != before {
			t.Errorf("end %v, once more: told %v", end, names(again))
		}
	}
}

// TestVoidedWithoutAHold: a hold that an end makes pointless does not stay behind, and nothing wakes the period again.
func TestVoidedWithoutAHold(t *testing.T) {
	p := in(t, period.Held)
	must(t)(p.Bound(march, april))
	if p.State != period.Voided || p.Hold != nil || !wakes(p).IsZero() {
		t.Errorf("%s, hold %v, wakes at %v", p.State, p.Hold, wakes(p))
	}
	if _, err := p.Reconcile(); err == nil {
		t.Error("a voided month is compared")
	}
}

// TestEndMovesLater: a month that was voided is billed after all, from the beginning.
func TestEndMovesLater(t *testing.T) {
	p := in(t, period.Reconciled)
	must(t)(p.Bound(march, april))
	must(t)(p.Bound(april, april.Add(day)))
	if p.State != period.WaitingForVendor || !p.Final || period.NextAction(p, april.Add(day)) != period.Look {
		t.Errorf("%s, final %t, next %q", p.State, p.Final, period.NextAction(p, april.Add(day)))
	}
}

// TestPayerKnown: what stood still because nobody had said who pays goes on when that is known, and nothing else does.
func TestPayerKnown(t *testing.T) {
	for _, code := range []string{period.CodeAgreementMissing, period.CodeVendorMismatch, period.CodeRequested} {
		p := in(t, period.Reconciled)
		p.State, p.Hold = period.Held, &period.Hold{Code: code}
		facts := p.PayerKnown(april.Add(day))
		if goes := code == period.CodeAgreementMissing; goes != (p.State == period.WaitingForVendor) || goes != (len(facts) == 1) {
			t.Errorf("held for %s: %s, told %v", code, p.State, names(facts))
		}
	}
	for _, s := range period.States() {
		p := in(t, s)
		if s == period.Held {
			continue
		}
		if facts := p.PayerKnown(april.Add(day)); len(facts) > 0 || p.State != s {
			t.Errorf("%s became %s, told %v", s, p.State, names(facts))
		}
	}
}

// TestForgone: a month that the reseller pays is closed without an invoice, its costs can still be read, and it is billed after
// all when that is decided anew.
func TestForgone(t *testing.T) {
	for _, s := range period.States() {
		p := in(t, s)
		facts := must(t)(p.Forgo())
		if s == period.Invoiced || s == period.Voided {
			if len(facts) > 0 || p.State != s {
				t.Errorf("%s became %s", s, p.State)
			}
			continue
		}
		if p.State != period.Voided || p.Hold != nil || !wakes(p).IsZero() || fmt.Sprint(names(facts)) != "[voided]" {
			t.Errorf("%s became %s, wakes at %v, told %v", s, p.State, wakes(p), names(facts))
		}
	}
	p := in(t, period.Reconciled)
	must(t)(p.Forgo())
	if _, err := p.Reconcile(); err != nil {
		t.Errorf("its costs: %v", err)
	}
	must(t)(p.Bound(april, april.Add(day)))
	if p.State != period.WaitingForVendor || p.Forgone {
		t.Errorf("decided anew it is %s", p.State)
	}
}
