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
