package period_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
)

type trigger struct {
	name string
	do   func(*period.Period) ([]fact.Fact, error)
}

func triggers(t *testing.T) []trigger {
	t.Helper()
	late := april.Add(11 * day)
	other := bill(t)
	other.Invoices[0].Total, other.Groups[0].Cost = usd(t, "101.00"), usd(t, "101.00")
	return []trigger{
		{"MonthEnded", func(p *period.Period) ([]fact.Fact, error) { return p.MonthEnded(april) }},
		{"NotYet", func(p *period.Period) ([]fact.Fact, error) {
			return p.NotYet(text.New("hold.vendor_invoice_missing"), 0, april.Add(day))
		}},
		{"NotYet late", func(p *period.Period) ([]fact.Fact, error) {
			return p.NotYet(text.New("hold.vendor_invoice_missing"), 0, late)
		}},
		{"Seen", func(p *period.Period) ([]fact.Fact, error) { return p.Seen(bill(t), 0, april.Add(day)) }},
		{"Seen other", func(p *period.Period) ([]fact.Fact, error) { return p.Seen(other, 0, april.Add(day)) }},
		{"Price", func(p *period.Period) ([]fact.Fact, error) {
			return p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, april.Add(day))
		}},
		{"Price other", func(p *period.Period) ([]fact.Fact, error) {
			return p.Price(priced(t, "99.00"), period.Basis{PricebookID: "pbk_1"}, april.Add(day))
		}},
		{"Obstruct", func(p *period.Period) ([]fact.Fact, error) {
			return p.Obstruct(period.CodePricebookMissing, text.New("hold.pricebook_missing"), april)
		}},
		{"Compare", func(p *period.Period) ([]fact.Fact, error) { return p.Compare(april.Add(day)) }},
		{"Invoice", func(p *period.Period) ([]fact.Fact, error) {
			return p.Invoice("inv_1", "2026-000001", priced(t, "100.00"), false, gate)
		}},
		{"AskHold", func(p *period.Period) ([]fact.Fact, error) { return p.AskHold("wait", april) }},
		{"Release", func(p *period.Period) ([]fact.Fact, error) { return p.Release("go on", april.Add(day)) }},
		{"AskLook", (*period.Period).AskLook},
		{"LookRefused", func(p *period.Period) ([]fact.Fact, error) { return p.LookRefused("ACCESS_DENIED", april.Add(day)) }},
		{"LookRefused late", func(p *period.Period) ([]fact.Fact, error) { return p.LookRefused("ACCESS_DENIED", gate) }},
		{"LookAgain", (*period.Period).LookAgain},
		{"PriceAgain", (*period.Period).PriceAgain},
		{"Bound before", func(p *period.Period) ([]fact.Fact, error) { return p.Bound(march, april) }},
		{"Bound in", func(p *period.Period) ([]fact.Fact, error) { return p.Bound(march.Add(day), march) }},
		{"Bound in late", func(p *period.Period) ([]fact.Fact, error) { return p.Bound(april, april.Add(day)) }},
	}
}

// TestEveryStateAndTrigger goes through all pairs: the state after, or the refusal. What changes nothing tells nothing.
func TestEveryStateAndTrigger(t *testing.T) {
	const (
		open       = period.Open
		waiting    = period.WaitingForVendor
		complete   = period.DataComplete
		rated      = period.Rated
		reconciled = period.Reconciled
		over       = period.Invoiced
		held       = period.Held
		void       = period.Voided
	)
	const refused, notHeld = period.State(period.ReasonStateRefuses), period.State(period.ReasonPeriodNotHeld)
	table := map[string][]period.State{ // in the order of period.States
		"MonthEnded":       {waiting, waiting, complete, rated, reconciled, over, held, void},
		"NotYet":           {open, waiting, complete, rated, waiting, over, held, void},
		"NotYet late":      {open, held, complete, rated, held, over, held, void},
		"Seen":             {open, complete, complete, rated, reconciled, over, held, void},
		"Seen other":       {open, complete, complete, rated, complete, over, held, void},
		"Price":            {open, waiting, rated, rated, reconciled, over, held, void},
		"Price other":      {open, waiting, rated, rated, rated, over, held, void},
		"Obstruct":         {open, waiting, held, rated, held, over, held, void},
		"Compare":          {open, waiting, complete, reconciled, reconciled, over, held, void},
		"Invoice":          {refused, refused, refused, refused, refused, refused, refused, refused}, // before the gate nothing was seen after it
		"AskHold":          {held, held, held, held, held, refused, refused, refused},                // the cause is kept
		"Release":          {notHeld, notHeld, notHeld, notHeld, notHeld, refused, waiting, refused},
		"AskLook":          {refused, waiting, complete, rated, reconciled, refused, refused, refused},
		"LookRefused":      {open, waiting, complete, rated, reconciled, over, held, void},
		"LookRefused late": {open, held, complete, rated, held, over, held, void},
		"LookAgain":        {open, waiting, complete, rated, reconciled, over, held, void},
		"PriceAgain":       {open, waiting, complete, rated, reconciled, over, held, void},
		"Bound before":     {void, void, void, void, void, over, void, void}, // no hold is left behind; what was invoiced stays
		"Bound in":         {open, waiting, complete, rated, reconciled, over, held, open},
		"Bound in late":    {open, waiting, complete, rated, reconciled, over, held, waiting},
	}
	for _, tr := range triggers(t) {
		for i, from := range period.States() {
			p := in(t, from)
			before, want := dump(t, p), table[tr.name][i]
			facts, err := tr.do(p)
			got := p.State
			if err != nil {
				got = period.State(errs.ReasonOf(err))
				if dump(t, p) != before {
					t.Errorf("%s in %s was refused and left a trace", tr.name, from)
				}
			}
			if got != want {
				t.Errorf("%s in %s: %s, want %s", tr.name, from, got, want)
			}
			if moved := p.State != from; moved && len(facts) == 0 || (p.State == period.Held) != (p.Hold != nil) || from == over &&
				!strings.HasPrefix(tr.name, "Bound") && dump(t, p) != before {
				t.Errorf("%s in %s: %s, hold %v, told %v", tr.name, from, p.State, p.Hold, names(facts))
			}
		}
	}
}

// TestCalendar is a life by the clock: when it wakes, and for what.
func TestCalendar(t *testing.T) {
	p := in(t, period.Open)
	step := func(at time.Time, want period.Action) {
		t.Helper()
		if got := period.NextAction(p, at.Add(-time.Microsecond)); !wakes(p).IsZero() && wakes(p).Unix() > 0 && got != period.None {
			t.Fatalf("%s before %v", got, at)
		}
		if got := period.NextAction(p, at); got != want {
			t.Fatalf("at %v: %q, want %q (%s)", at, got, want, p.State)
		}
	}
	step(april, period.Begin)
	must(t)(p.MonthEnded(april))
	first := april.Add(6 * time.Hour)
	step(first, period.Look)
	must(t)(p.NotYet(text.New("hold.vendor_invoice_missing"), 0, first))
	second := april.Add(12 * time.Hour)
	step(second, period.Look)
	must(t)(p.Seen(bill(t), 0, second))
	step(second, period.Rate)
	must(t)(p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, second))
	step(second, period.Compare)
	must(t)(p.Compare(second))
	step(gate, period.Look) // what is invoiced was seen after the gate
	if facts := must(t)(p.Seen(bill(t), 0, gate)); len(facts) > 0 {
		t.Errorf("the same again tells %v", names(facts))
	}
	step(gate, period.Rate)
	if facts := must(t)(p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, gate)); len(facts) > 0 {
		t.Errorf("the same prices again tell %v", names(facts))
	}
	step(gate, period.Issue)
	must(t)(p.Invoice("inv_1", "2026-000001", priced(t, "100.00"), false, gate))
	if !wakes(p).IsZero() {
		t.Error("it wakes after its invoice")
	}
}

// TestLateCharges: a bill that AWS changed before the gate is collected, priced and compared anew.
func TestLateCharges(t *testing.T) {
	p := in(t, period.Reconciled)
	late := bill(t)
	late.Invoices[0].Total, late.Groups[0].Cost = usd(t, "130.00"), usd(t, "130.00")
	facts := names(must(t)(p.Seen(late, 0, gate)))
	facts = append(facts, names(must(t)(p.Price(priced(t, "130.00"), period.Basis{PricebookID: "pbk_1"}, gate)))...)
	facts = append(facts, names(must(t)(p.Compare(gate)))...)
	if _, err := p.Invoice("inv_1", "2026-000001", priced(t, "100.00"), false, gate); errs.ReasonOf(err) != period.ReasonStateRefuses {
		t.Errorf("an invoice over other prices: %v", err)
	}
	facts = append(facts, names(must(t)(p.Invoice("inv_1", "2026-000001", priced(t, "130.00"), false, gate)))...)
	if fmt.Sprint(facts) != "[collected rated reconciled invoiced]" {
		t.Errorf("told %v", facts)
	}
}

// TestIssueOnAFreshLook: what is issued was seen not long before, however long the prices took.
func TestIssueOnAFreshLook(t *testing.T) {
	p := in(t, period.Reconciled)
	must(t)(p.Seen(bill(t), 0, gate))
	must(t)(p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, gate))
	late := gate.Add(7 * time.Hour)
	if got := period.NextAction(p, late); got != period.Look {
		t.Fatalf("next is %q", got)
	}
	if _, err := p.Invoice("inv_1", "2026-000001", priced(t, "100.00"), false, late); errs.ReasonOf(err) != period.ReasonStateRefuses {
		t.Errorf("an invoice on an old look: %v", err)
	}
	must(t)(p.Seen(bill(t), 0, late))
	if got := period.NextAction(p, late); got != period.Issue {
		t.Errorf("next is %q", got)
	}
}

// TestCreditIsNoInvoice: a negative total is not issued, and the hold says who can mend it.
func TestCreditIsNoInvoice(t *testing.T) {
	p := in(t, period.Reconciled)
	must(t)(p.Price(priced(t, "-5.00"), period.Basis{PricebookID: "pbk_1"}, gate))
	must(t)(p.Compare(gate))
	must(t)(p.Seen(bill(t), 0, gate))
	if _, err := p.Invoice("inv_1", "2026-000001", priced(t, "-5.00"), false, gate); !p.Credit() ||
		errs.ReasonOf(err) != period.ReasonStateRefuses {
		t.Errorf("issued over less than nothing: %v", err)
	}
	must(t)(p.Obstruct(period.CodeNegativeTotal, text.New("hold.pricebook_missing"), gate))
	if p.State != period.Held || p.Waiting().Owner != period.Reseller {
		t.Errorf("held: %+v", p.Hold)
	}
}

// TestAskedDuringALook: who asks while a look is under way is served by the next one.
func TestAskedDuringALook(t *testing.T) {
	p := in(t, period.Reconciled)
	must(t)(p.AskLook())
	served := p.Asked
	must(t)(p.AskLook())
	must(t)(p.Seen(bill(t), served, april.Add(day)))
	if got := period.NextAction(p, april.Add(day)); got != period.Look {
		t.Errorf("next is %q", got)
	}
	must(t)(p.Seen(bill(t), p.Asked, april.Add(day)))
	if got := period.NextAction(p, april.Add(day)); got != period.None {
		t.Errorf("next is %q: the gate is closed", got)
	}
}
