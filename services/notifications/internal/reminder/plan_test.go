package reminder_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/services/notifications/internal/reminder"
)

const day = 24 * time.Hour

var start = time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)

func TestTimes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan  string
		until time.Duration // after start; 0: none
		want  []float64     // days after start
	}{
		"a step of the customer, without an end": {"customer-action", 0, []float64{
			2, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46, 49, 52, 55, 58,
		}},
		"a step of the customer, and once more a day before it is too late": {"customer-action", 12 * day, []float64{2, 4, 7, 10, 11}},
		"no two mails within a day":                                         {"customer-action", 11*day + 12*time.Hour, []float64{2, 4, 7, 10.5}},
		"the last one is kept when there are too many": {
			"customer-action", 90 * day, []float64{2, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46, 49, 52, 55, 89},
		},
		"little time":                      {"customer-action", 30 * time.Hour, []float64{0.25}},
		"too little time":                  {"customer-action", 20 * time.Hour, nil},
		"a draft":                          {"order-draft", 0, []float64{1, 3, 7, 14, 21, 28, 35, 42}},
		"a draft, and none when it is due": {"order-draft", 21 * day, []float64{1, 3, 7, 14}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var until time.Time
			if c.until > 0 {
				until = start.Add(c.until)
			}
			var got []float64
			for _, at := range planOf(t, c.plan).Times(start, until) {
				got = append(got, at.Sub(start).Hours()/24)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTimesHold: whatever the plan, mails are in order, few, and in time.
func TestTimesHold(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 2000 {
		p := reminder.Plan{Limit: 1 + random.IntN(20), Every: time.Duration(random.IntN(4)) * day}
		for range random.IntN(4) {
			p.After = append(p.After, time.Duration(1+random.IntN(200))*time.Hour)
		}
		slices.Sort(p.After)
		for range random.IntN(3) {
			p.BeforeUntil = append(p.BeforeUntil, time.Duration(1+random.IntN(100))*time.Hour)
		}
		until := start.Add(time.Duration(1+random.IntN(2000)) * time.Hour)
		times := p.Times(start, until)
		switch {
		case len(times) > p.Limit:
			t.Fatalf("%d mails of %+v", len(times), p)
		case !slices.IsSortedFunc(times, time.Time.Compare) || len(slices.Compact(slices.Clone(times))) != len(times):
			t.Fatalf("out of order or twice: %v of %+v", times, p)
		case slices.ContainsFunc(times, func(at time.Time) bool { return !at.After(start) || !at.Before(until) }):
			t.Fatalf("out of time: %v of %+v until %s", times, p, until)
		}
	}
}

func planOf(t *testing.T, key string) reminder.Plan {
	t.Helper()
	p, err := reminder.FindPlan(key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
