package measure_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/handover/deploy/bench/measure"
)

func TestSlicesAlternateAfterAWarmUp(t *testing.T) {
	var order []string
	side := func(name string, values ...float64) func(context.Context, time.Duration) ([]float64, error) {
		return func(context.Context, time.Duration) ([]float64, error) {
			order = append(order, name)
			next := values[0]
			values = values[1:]
			return []float64{next}, nil
		}
	}
	results, err := measure.Pair{
		Figure: "f", Against: "bare", Lines: []measure.Line{{Unit: "x/s", Goal: measure.AtLeast(0.5)}},
		Product: side("A", 999, 10, 30, 20), Yardstick: side("B", 1, 20, 30, 80),
	}.Run(t.Context(), measure.Plan{Slices: 3})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ""); got != "ABABABAB" {
		t.Errorf("ran %s", got)
	}
	r := results[0]
	for name, c := range map[string][2]measure.Spread{
		"product":   {r.Product, {Median: 20, Low: 10, High: 30}},
		"yardstick": {r.Yardstick, {Median: 30, Low: 20, High: 80}},
		"ratio":     {r.Ratio, {Median: 0.5, Low: 0.25, High: 1}}, // of pairs: 10/20, 30/30, 20/80
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
	var table strings.Builder
	if err := measure.Print(&table, results); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "ratio ≥ 0.5 met") {
		t.Errorf("no verdict in\n%s", table.String())
	}
}

func TestGoals(t *testing.T) {
	r := measure.Result{Product: measure.Spread{Median: 4}, Ratio: measure.Spread{Median: 1.2}}
	for text, c := range map[string]struct {
		goal *measure.Goal
		met  bool
	}{
		"at least, met": {measure.AtLeast(1.2), true}, "at least, missed": {measure.AtLeast(1.3), false},
		"at most, met": {measure.AtMost(1.2), true}, "at most, missed": {measure.AtMost(1.1), false},
		"below, met": {measure.Below(5), true}, "below, missed": {measure.Below(4), false},
	} {
		if got := c.goal.Met(r); got != c.met {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestCallersShareTheCalls(t *testing.T) {
	var seen [100]atomic.Int32
	load, err := measure.Times(t.Context(), len(seen), 8, func(_ context.Context, i int) error {
		seen[i].Add(1)
		return nil
	})
	if err != nil || load.Calls != len(seen) {
		t.Fatalf("%d calls, %v", load.Calls, err)
	}
	for i := range seen {
		if n := seen[i].Load(); n != 1 {
			t.Errorf("call %d was made %d times", i, n)
		}
	}
}

func TestAFailureEndsTheLoad(t *testing.T) {
	broken := errors.New("broken")
	_, err := measure.For(t.Context(), time.Hour, 4, func(_ context.Context, i int) error {
		if i == 17 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestQuantile(t *testing.T) {
	var ms []time.Duration
	for i := range 100 {
		ms = append(ms, time.Duration(i+1)*time.Millisecond)
	}
	slices.Sort(ms)
	if p50, p99 := measure.Quantile(ms, 0.5), measure.Quantile(ms, 0.99); p50 != 50 || p99 != 99 {
		t.Errorf("p50 %v, p99 %v", p50, p99)
	}
}
