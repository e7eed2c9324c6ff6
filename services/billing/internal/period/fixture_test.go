package period_test

import (
	"encoding/json"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/period"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

const day = 24 * time.Hour

var (
	march = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	april = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	gate  = april.Add(4 * day)
)

// failer is a test, or a property of one.
type failer interface {
	Helper()
	Fatal(args ...any)
}

func usd(t failer, amount string) money.Money {
	t.Helper()
	m, err := money.Parse("USD", amount)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func invoiced(t failer, id string, entity statement.Entity, total string) statement.VendorInvoice {
	t.Helper()
	return statement.VendorInvoice{ID: id, Entity: entity, Total: usd(t, total), Tax: usd(t, "7.70"), IssuedAt: april}
}

func group(t failer, c pricebook.Category, entity statement.Entity, cost string) statement.Group {
	t.Helper()
	return statement.Group{Category: c, Entity: entity, Cost: usd(t, cost), Charges: 1}
}

func bill(t failer) period.Bill {
	t.Helper()
	return period.Bill{
		Invoices: []statement.VendorInvoice{invoiced(t, "1", statement.AWS, "100.00")},
		Groups:   []statement.Group{group(t, pricebook.Usage, statement.AWS, "100.004"), group(t, pricebook.Tax, statement.AWS, "7.7")},
	}
}

func priced(t failer, total string) statement.Statement {
	t.Helper()
	return statement.Statement{
		Lines: []statement.Line{{Category: pricebook.Usage, Description: "AWS usage", Price: usd(t, total)}}, Total: usd(t, total),
		Margin: usd(t, "0.00"),
	}
}

// in returns a period of March in a state, as it comes to be before the gate.
func in(t failer, s period.State) *period.Period {
	t.Helper()
	p, _ := period.New(period.Subject{
		RelationshipID: "rel_1", CustomerID: "cus_1", OrderID: "ord_1",
	}, calendar.Month{Year: 2026, Month: time.March},
		period.Policy{FirstLook: 6 * time.Hour, LookEvery: 6 * time.Hour, GateDay: 5, MissingAfter: 10 * day})
	looked := april.Add(6 * time.Hour)
	if s == period.Held {
		p = in(t, period.Reconciled)
		must(t)(p.AskHold("wait", looked))
		return p
	}
	if s == period.Voided {
		p = in(t, period.Open)
		must(t)(p.Bound(p.Month.Start(), looked))
		return p
	}
	if s == period.Invoiced {
		looked = gate
	}
	for _, step := range []struct {
		from period.State
		do   func() ([]fact.Fact, error)
	}{
		{period.Open, func() ([]fact.Fact, error) { return p.MonthEnded(april) }},
		{period.WaitingForVendor, func() ([]fact.Fact, error) { return p.Seen(bill(t), 0, looked) }},
		{period.DataComplete, func() ([]fact.Fact, error) {
			return p.Price(priced(t, "100.00"), period.Basis{PricebookID: "pbk_1"}, looked)
		}},
		{period.Rated, func() ([]fact.Fact, error) { return p.Compare(looked) }},
		{period.Reconciled, func() ([]fact.Fact, error) {
			return p.Invoice("inv_1", "2026-000001", priced(t, "100.00"), false, gate)
		}},
	} {
		if p.State == s {
			return p
		}
		must(t)(step.do())
	}
	return p
}

func must(t failer) func([]fact.Fact, error) []fact.Fact {
	t.Helper()
	return func(facts []fact.Fact, err error) []fact.Fact {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return facts
	}
}

func dump(t failer, p *period.Period) string {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func names(facts []fact.Fact) (out []string) {
	for _, f := range facts {
		out = append(out, f.Name)
	}
	return out
}

// wakes is when a period has something to do; zero for never by itself.
func wakes(p *period.Period) time.Time {
	if at := period.Date(p); !at.IsZero() {
		return at
	}
	for _, a := range []period.Action{period.Look, period.Rate, period.Issue} {
		if want := p.Want(a); len(want) > 0 {
			return want[0].At
		}
	}
	return time.Time{}
}
