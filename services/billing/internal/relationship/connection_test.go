package relationship_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/billing/internal/relationship"
)

// TestFirstFullMonth: an account that joins within a month is billed from the first full month on.
func TestFirstFullMonth(t *testing.T) {
	for name, tt := range map[string]struct {
		start, end time.Time
		months     []string
	}{
		"at the first":                {at("2026-03-01"), time.Time{}, []string{"2026-03", "2026-04", "2026-05"}},
		"a moment later":              {at("2026-03-01").Add(time.Microsecond), time.Time{}, []string{"2026-04", "2026-05"}},
		"within a month":              {at("2026-03-17"), time.Time{}, []string{"2026-04", "2026-05"}},
		"left within a month":         {at("2026-03-17"), at("2026-04-20"), []string{"2026-04"}},
		"left before the first full":  {at("2026-03-17"), at("2026-03-29"), nil},
		"left with the first full":    {at("2026-03-17"), at("2026-04-01"), nil},
		"ended at its start":          {at("2026-03-01"), at("2026-03-01"), nil},
		"ended long before its start": {at("2026-03-01"), at("2026-01-01"), nil},
	} {
		c := relationship.Connection{ID: "con_1", Basis: relationship.Membership, StartAt: tt.start, EndAt: tt.end}
		if c.Bills() != (len(tt.months) > 0) {
			t.Errorf("%s: bills %t", name, c.Bills())
		}
		r, _ := relationship.Record(c)
		if months, _ := live(r, at("2026-05-31")); !slices.Equal(months, tt.months) {
			t.Errorf("%s: billed %v, want %v", name, months, tt.months)
		}
	}
	if (relationship.Connection{}).Bills() {
		t.Error("a connection that does not bind is billed")
	}
}

// TestLastMonth: exactly one month that is billed is the last, whatever the end.
func TestLastMonth(t *testing.T) {
	for end := at("2026-03-02"); end.Before(at("2027-02-01")); end = end.AddDate(0, 0, 3) {
		r, _ := relationship.Record(relationship.Connection{ID: "con_1", StartAt: at("2026-03-01"), EndAt: end})
		months, last := 0, 0
		for m := r.NextMonth; r.Covers(m); m = m.Next() {
			months++
			if r.IsLast(m) {
				last++
			}
		}
		if opened, _ := live(r, end); len(opened) != months || last != 1 || r.State != relationship.Ended {
			t.Errorf("end %v: %d months, %d last, opened %v, %s", end, months, last, opened, r.State)
		}
	}
}

// TestLateEnd: an end that lies in the past brings the periods to it first, and then ends the relationship.
func TestLateEnd(t *testing.T) {
	r, _ := relationship.Record(seen("2026-03-01", ""))
	live(r, at("2026-06-10"))
	if _, err := r.Observe(seen("2026-03-01", "2026-05-01")); err != nil {
		t.Fatal(err)
	}
	now := at("2026-06-10")
	if got := relationship.NextAction(r, now); got != relationship.Bound {
		t.Fatalf("next is %q", got)
	}
	if _, err := r.Bounded(relationship.Bounds{End: at("2026-07-01")}); err != nil || relationship.NextAction(r, now) != relationship.Bound {
		t.Error("periods that were brought to another end are thought to be at this one")
	}
	_, err := r.Bounded(relationship.Bounds{End: r.EndAt, Pay: "CUSTOMER"})
	if err != nil || relationship.NextAction(r, now) != relationship.Bound {
		t.Error("periods that were brought to another payer are thought to be at this one")
	}
	months, facts := live(r, now)
	if len(months) > 0 || r.State != relationship.Ended || !slices.Equal(facts, []string{relationship.FactEnded}) {
		t.Errorf("opened %v, %s, told %v", months, r.State, facts)
	}
}
