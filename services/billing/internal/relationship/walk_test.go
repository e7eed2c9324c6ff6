package relationship_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing/internal/relationship"
)

// TestAnyLife: whatever a connection shows, in whatever order and however late, months open one after the other and once,
// none before the first full month and none after the end, and what has something to do wakes.
func TestAnyLife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := at("2026-03-01").AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "start"))
		c := relationship.Connection{ID: "con_00000000000000000000000001", Basis: relationship.Membership, StartAt: start}
		r, _ := relationship.Record(c)
		var opened []calendar.Month
		now := at("2026-02-20")
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days"))
			switch rapid.IntRange(0, 6).Draw(t, "event") {
			case 0:
				c.StartAt = at("2026-03-01").AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "moved"))
				observe(t, r, c)
			case 1:
				c.EndAt = at("2026-03-01").AddDate(0, rapid.IntRange(0, 12).Draw(t, "months"), rapid.IntRange(0, 27).Draw(t, "day"))
				observe(t, r, c)
			case 2:
				c.ChargesPaidBy = rapid.SampledFrom([]string{"", "UNDECIDED", "CUSTOMER", "RESELLER"}).Draw(t, "payer")
				observe(t, r, c)
			default:
				opened = goOn(t, r, now, opened)
			}
			holdsTogether(t, r, opened)
		}
	})
}

func observe(t *rapid.T, r *relationship.Relationship, c relationship.Connection) {
	before := *r
	_, err := r.Observe(c)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := r.Observe(c); len(again) > 0 {
		t.Fatalf("the same again tells %v", names(again))
	}
	before.ChargesPaidBy = c.ChargesPaidBy // is told in every state
	if before.State == relationship.Ended && !reflect.DeepEqual(*r, before) {
		t.Fatal("an end was left")
	}
	if before.State == relationship.Active && !r.StartAt.Equal(before.StartAt) {
		t.Fatal("the start has moved after it had come")
	}
}

// goOn does what is due, and returns all months that were opened.
func goOn(t *rapid.T, r *relationship.Relationship, now time.Time, opened []calendar.Month) []calendar.Month {
	for range 100 {
		if relationship.NextAction(r, now) == relationship.None {
			return opened
		}
		next := relationship.NextAction(r, now)
		month, _ := advance(r, now)
		if month.IsZero() != (next != relationship.Open) {
			t.Fatalf("%s opened %s", next, month)
		}
		if !month.IsZero() {
			opened = append(opened, month)
			if month.Start().After(now) || !r.Covers(month) {
				t.Fatalf("%s was opened at %v, the end is %v", month, now, r.EndAt)
			}
		}
	}
	t.Fatal("there is always something to do")
	return nil
}

func holdsTogether(t *rapid.T, r *relationship.Relationship, opened []calendar.Month) {
	for i, m := range opened {
		if i == 0 && (m.Start().Before(r.StartAt) || !m.AddMonths(-1).Start().Before(r.StartAt)) {
			t.Fatalf("%s is not the first full month from %v", m, r.StartAt)
		}
		if i > 0 && m != opened[i-1].Next() {
			t.Fatalf("months %v", opened)
		}
	}
	news := !r.EndAt.Equal(r.BoundAt) || r.ChargesPaidBy != r.BoundFor
	if (r.State == relationship.Ended && !news) != relationship.Next(r).IsZero() {
		t.Fatalf("%s wakes at %v", r.State, relationship.Next(r))
	}
	if (len(opened) > 0) != (r.State == relationship.Active) && r.State != relationship.Ended {
		t.Fatalf("%s with the months %v", r.State, opened)
	}
}
