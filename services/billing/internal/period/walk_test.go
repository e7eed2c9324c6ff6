package period_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

// walker is a period that anything happens to, in any order, at times that only go on.
type walker struct {
	t   *rapid.T
	p   *period.Period
	now time.Time
}

// moves are all that can happen to a period.
func (w *walker) moves() map[string]func() ([]fact.Fact, error) {
	p, t := w.p, w.t
	amount := func() string { return rapid.SampledFrom([]string{"100.00", "101.00", "-5.00"}).Draw(t, "amount") }
	served := p.Asked
	return map[string]func() ([]fact.Fact, error){
		"tick": func() ([]fact.Fact, error) { return period.Tick(p, "", w.now) },
		"seen": func() ([]fact.Fact, error) {
			b, total := bill(w.t), amount()
			b.Groups = []statement.Group{{Category: pricebook.Usage, Entity: statement.AWS, Cost: usd(w.t, total), Charges: 1}}
			return p.Seen(b, served, w.now)
		},
		"not yet": func() ([]fact.Fact, error) { return p.NotYet(text.New("hold.vendor_invoice_missing"), served, w.now) },
		"refused": func() ([]fact.Fact, error) { return p.LookRefused("ACCESS_DENIED", w.now) },
		"price": func() ([]fact.Fact, error) {
			return p.Price(priced(w.t, amount()), period.Basis{PricebookID: "pbk_1"}, w.now)
		},
		"obstruct": func() ([]fact.Fact, error) {
			return p.Obstruct(period.CodePricebookMissing, text.New("hold.pricebook_missing"), w.now)
		},
		"invoice": func() ([]fact.Fact, error) {
			return p.Invoice("inv_1", "2026-000001", priced(w.t, amount()), p.Final, w.now)
		},
		"look again":  func() ([]fact.Fact, error) { return p.LookAgain() },
		"price again": func() ([]fact.Fact, error) { return p.PriceAgain() },
		"ask hold":    func() ([]fact.Fact, error) { return p.AskHold("a dispute", w.now) },
		"release":     func() ([]fact.Fact, error) { return p.Release("settled", w.now) },
		"ask look":    func() ([]fact.Fact, error) { return p.AskLook() },
		"bound": func() ([]fact.Fact, error) {
			end := rapid.SampledFrom([]time.Time{march, april, april.AddDate(0, 1, 0)}).Draw(t, "end")
			return p.Bound(end, w.now)
		},
	}
}

// TestAnyLife: whatever happens to a period in whatever order, an invoice is final in its amount, a hold says why and who
// mends it, nothing is invoiced before the gate or on less than nothing, and a period that has something to do wakes.
func TestAnyLife(t *testing.T) {
	names := []string{
		"tick", "seen", "not yet", "refused", "price", "obstruct", "invoice", "look again", "price again", "ask hold", "release",
		"ask look", "bound",
	}
	rapid.Check(t, func(t *rapid.T) {
		w := &walker{t: t, p: in(t, period.Open), now: april.Add(-day)}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 36).Draw(t, "hours")) * time.Hour)
			before, was := dump(t, w.p), *w.p
			name := rapid.SampledFrom(names).Draw(t, "move")
			facts, err := w.moves()[name]()
			if err != nil && dump(t, w.p) != before {
				t.Fatalf("%s was refused in %s and left a trace", name, was.State)
			}
			w.check(name, was, facts)
		}
	})
}

func (w *walker) check(name string, was period.Period, facts []fact.Fact) {
	p, t := w.p, w.t
	switch {
	case was.State == period.Invoiced && (p.State != period.Invoiced || p.InvoiceID != was.InvoiceID || !p.Priced.Equal(*was.Priced)):
		t.Fatalf("%s changed what was invoiced", name)
	case (p.State == period.Held) != (p.Hold != nil):
		t.Fatalf("%s: %s with the hold %v", name, p.State, p.Hold)
	case p.Hold != nil && (p.Waiting().Owner == "" || p.Waiting().Text.IsZero() || p.Hold.Why.IsZero() || !p.Waiting().Escalated):
		t.Fatalf("%s: a hold without who, what or why: %+v", name, p.Waiting())
	case p.State == period.Invoiced && was.State != period.Invoiced && (w.now.Before(gate) || p.Credit() || was.SeenAt.Before(gate)):
		t.Fatalf("%s: invoiced at %v, seen at %v", name, w.now, was.SeenAt)
	case p.State != was.State && len(facts) == 0:
		t.Fatalf("%s: from %s to %s without a fact", name, was.State, p.State)
	case p.Served > p.Asked:
		t.Fatalf("%s: %d of %d requests were served", name, p.Served, p.Asked)
	}
	over := p.State == period.Invoiced || p.State == period.Voided || p.State == period.Held
	if wakes(p).IsZero() != over {
		t.Fatalf("%s: %s wakes at %v", name, p.State, wakes(p))
	}
	if len(period.Wanted(p)) > 1 || len(period.Wanted(p)) == 1 && p.State != period.Held {
		t.Fatalf("%s: %s wants %v", name, p.State, period.Wanted(p))
	}
}
