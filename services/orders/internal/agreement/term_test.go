package agreement_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestTermDates are the worked examples of the start side: from the start that AWS said to the last day of the twelfth
// cycle.
func TestTermDates(t *testing.T) {
	for _, tt := range []struct{ example, start, lastDay string }{
		{"1 the seed's", "2026-03-01", "2027-02-28"},
		{"2 accepted in the first instant of a month", "2026-04-01", "2027-03-31"},
		{"3 accepted in the last allowed second", "2026-05-01", "2027-04-30"},
		{"4 accepted on the last day of a month", "2026-06-01", "2027-05-31"},
		{"5 over the year's end", "2027-01-01", "2027-12-31"},
		{"6 into a leap year", "2027-03-01", "2028-02-29"},
		{"7 in another time zone", "2026-07-01", "2027-06-30"},
		{"11 today", "2026-12-01", "2027-11-30"},
		{"out of a leap year", "2028-03-01", "2029-02-28"},
	} {
		t.Run("ORD-053 "+tt.example, func(t *testing.T) {
			term := agreement.TermFrom(at(t, tt.start), time.Time{})
			if end := at(t, tt.lastDay).AddDate(0, 0, 1); !term.End.Equal(end) || !term.Start.Equal(at(t, tt.start)) {
				t.Errorf("from %s to before %s, want %s", term.Start, term.End, end)
			}
			if term.Policy != agreement.PolicyCycles || term.Cycles != 12 {
				t.Errorf("got %+v", term)
			}
		})
	}
}

// TestTermIsSet: as soon as AWS's start is known, whenever the order is completed, and again when the start moves.
func TestTermIsSet(t *testing.T) {
	a, o, c := in(t, agreement.Provisioning), placed(order.Querying), proposed()
	if facts := a.ObserveConnection(c, now()); facts != nil || !a.MinimumTerm.Start.IsZero() {
		t.Fatalf("a term without a start: %+v %v", a.MinimumTerm, names(facts))
	}
	c.Start = at(t, "2026-03-01")
	facts := a.ObserveConnection(c, now())
	if !slices.Equal(names(facts), []string{"term_set"}) || facts[0].Details["start"] != "2026-03-01T00:00:00Z" ||
		facts[0].Details["end"] != "2027-03-01T00:00:00Z" {
		t.Fatalf("got %v", facts)
	}
	c.Start = at(t, "2026-04-01") // the first invitation expired, a new one was accepted
	if facts := a.ObserveConnection(c, now()); !slices.Equal(names(facts), []string{"term_set"}) || !a.Subscriptions[0].Start.Equal(c.Start) {
		t.Fatalf("got %v %+v", names(facts), a.Subscriptions)
	}
	c.ServiceTermEnd = at(t, "2027-03-12") // AWS enforces another date, which is shown beside ours
	facts = a.ObserveConnection(c, now())
	if len(facts) != 1 || facts[0].Details["service_term_end"] != "2027-03-12T00:00:00Z" || !a.MinimumTerm.End.Equal(at(t, "2027-04-01")) {
		t.Fatalf("got %v %+v", facts, a.MinimumTerm)
	}
	o.State = order.Completed
	facts = a.Follow(o, at(t, "2026-04-20")) // example 10: finished after the start
	if !slices.Equal(names(facts), []string{"activated"}) || facts[0].Details["end"] != "2027-04-01T00:00:00Z" ||
		!a.ActivatedAt.Equal(at(t, "2026-04-20")) {
		t.Fatalf("got %v", facts)
	}
}
