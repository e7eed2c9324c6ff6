package main

import "testing"

func TestMeetsOnce(t *testing.T) {
	c := agenda{}
	after := answer{days: 2}
	for day, want := range []bool{false, false, true, false} {
		if got := c.meets("a step", after, now.AddDate(0, 0, day)); got != want {
			t.Errorf("day %d: %t", day, got)
		}
	}
	if !c.done("a step") || c.done("another") {
		t.Error("it does not know what it has done")
	}
	if c.meets("another", answer{days: never}, now) || c.meets("another", answer{days: never}, now.AddDate(1, 0, 0)) {
		t.Error("what is never done was done")
	}
}

// Who has nothing before it looks less and less often, and who has something is there in time.
func TestPlan(t *testing.T) {
	c := agenda{}
	today := now
	for _, want := range []int{1, 2, 4, laziest, laziest} {
		next := c.plan(today)
		if days := int(next.Sub(today).Hours() / 24); days != want {
			t.Errorf("it looks again in %d days, want %d", days, want)
		}
		today = next
	}
	after := answer{days: 3}
	c.meets("a step", after, today)
	if next := c.plan(today); !next.Equal(today.AddDate(0, 0, 1)) {
		t.Errorf("with news it looks again at %s", next)
	}
	for range 2 {
		if c.meets("a step", after, today) {
			t.Fatal("it did it too early")
		}
		c.plan(today)
	}
	c.meets("a step", after, today)
	if next := c.plan(today); !next.Equal(today.AddDate(0, 0, 3)) {
		t.Errorf("it looks again at %s, and has something to do in 3 days", next)
	}
}
