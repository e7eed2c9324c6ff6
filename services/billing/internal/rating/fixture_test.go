package rating_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/pricebook"
	"example.com/handover/services/billing/internal/rating"
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

func charge(t failer, recordType string, entity rating.Entity, amount string) rating.Charge {
	t.Helper()
	return rating.Charge{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: recordType, Entity: entity, Amount: usd(t, amount)}
}

func plans() rating.Plans { return rating.Plans{"Unified Operations"} }

func classify(t failer, charges ...rating.Charge) []rating.Group {
	t.Helper()
	groups, err := rating.Classify(charges, plans())
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

func rule(t failer, c pricebook.Category, percent string) pricebook.Rule {
	t.Helper()
	return pricebook.Rule{Category: c, Percent: rate(t, percent), From: march()}
}

// price fails unless there is a price.
func price(t *testing.T, o rating.Order) rating.Priced {
	t.Helper()
	p, obstacle, err := rating.Price(o)
	if err != nil || obstacle != "" {
		t.Fatalf("no price: %s %v", obstacle, err)
	}
	return p
}
