package statement_test

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/statement"
)

type failer interface {
	Helper()
	Fatal(args ...any)
}

func march() calendar.Month { return calendar.Month{Year: 2026, Month: time.March} }

func usd(t failer, amount string) money.Money {
	t.Helper()
	m, err := money.Parse("USD", amount)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func rate(t failer, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func charge(t failer, recordType string, entity statement.Entity, amount string) statement.Charge {
	t.Helper()
	return statement.Charge{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: recordType, Entity: entity, Amount: usd(t, amount)}
}

func plans() statement.Plans { return statement.Plans{"Unified Operations"} }

func classify(t failer, charges ...statement.Charge) []statement.Group {
	t.Helper()
	groups, err := statement.Classify(charges, plans())
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

func rule(t failer, c pricebook.Category, percent string) pricebook.Rule {
	t.Helper()
	return pricebook.Rule{Category: c, Percent: rate(t, percent), From: march()}
}

func quote(t failer, entity statement.Entity, to, r string) statement.VendorInvoice {
	t.Helper()
	v := statement.VendorInvoice{Entity: entity, Total: usd(t, "1.00")}
	if to != "" {
		v.Quote = &statement.Quote{To: to, Rate: rate(t, r)}
	}
	return v
}

// compute returns the statement; a test that expects holds looks at them itself.
func compute(t failer, in statement.Input) statement.Statement {
	t.Helper()
	in.Month = march()
	if in.Rules.Plans == nil {
		in.Rules.Plans = plans()
	}
	if in.Rules.Enterprise == nil {
		in.Rules.Enterprise = statement.Plans{enterprise}
	}
	s, err := statement.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shown are the lines as an invoice has them, and the total.
func shown(s statement.Statement) string {
	out := ""
	for _, l := range s.Lines {
		out += string(l.Category) + " " + l.Price.Amount() + ", "
	}
	return out + "total " + s.Total.Amount() + ", margin " + s.Margin.Amount()
}

func codes(s statement.Statement) string {
	out := ""
	for _, h := range s.Holds {
		out += h.Code + " "
	}
	return strings.TrimSpace(out)
}
