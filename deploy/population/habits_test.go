package main

import (
	"slices"
	"testing"

	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// A seed says what everybody does, and every habit occurs in a population.
func TestHabits(t *testing.T) {
	const many = 1000
	seen := map[string]int{}
	for n := range uint64(many) {
		h, again := newHabits(chance(7, n)), newHabits(chance(7, n))
		if h.invitation != again.invitation || h.leaves != again.leaves || h.refused.String() != again.refused.String() {
			t.Fatalf("customer %d has two habits: %+v, %+v", n, h, again)
		}
		for _, a := range []answer{h.invitation, h.term, h.role, h.decision, h.leaves} {
			if a.days == never {
				seen["never"]++
			} else {
				seen[a.what]++
			}
		}
		if h.refused != nil {
			seen["refused"]++
		}
		if h.failed.days != never {
			seen["failed"]++
		}
	}
	for _, want := range []string{
		"never", "refused", "failed", accepts, declines, safely, carelessly, keeps, withdraws, byCustomer, byReseller, byContract, byClosing,
	} {
		if seen[want] < many/100 {
			t.Errorf("%q occurs %d times in %d", want, seen[want], many)
		}
	}
}

// Who is asked the same twice answers the same, whatever it was asked between; who is asked something else, or is somebody else, may
// answer otherwise.
func TestNature(t *testing.T) {
	const many = 1000
	seen := map[string]int{}
	for n := range uint64(many) {
		one := nature{seed: 7, number: n}
		a := one.draw("answer", 14, 80, accepts, declines)
		other := one.draw("leave", 14, 80, accepts, declines)
		if again := one.draw("answer", 14, 80, accepts, declines); a != again {
			t.Fatalf("customer %d answers %v and %v", n, a, again)
		}
		if a == other {
			seen["the same"]++
		}
		if a.days == never {
			a.what = "never"
		}
		seen[a.what]++
		if one.seldom("fail", 5, 60).days != never {
			seen["seldom"]++
		}
	}
	for what, between := range map[string][2]int{
		"the same": {0, many / 4}, accepts: {many / 2, many}, declines: {many / 10, many / 4},
		"never": {many / 20, many / 5}, "seldom": {many / 50, many / 10},
	} {
		if n := seen[what]; n < between[0] || n > between[1] {
			t.Errorf("%q occurs %d times in %d", what, n, many)
		}
	}
}

// A population of eight, which is what CI plays, has a bit of everything.
func TestLives(t *testing.T) {
	few, all := lives()[:8], lives()
	for name, is := range map[string]func(life) bool{
		"a billing transfer": func(l life) bool { return l == life{} },
		"a request":          func(l life) bool { return l.request },
		"a consent":          func(l life) bool { return l.public },
		"an invitation":      func(l life) bool { return l.template == "ecam-unused" },
		"a hand-over":        func(l life) bool { return l.template == "ecam-used" },
	} {
		if !slices.ContainsFunc(few, is) {
			t.Errorf("%v has not %s", few, name)
		}
	}
	for _, template := range []string{"spam-unused", "spam-used", "ecam-unused", "ecam-used"} {
		for _, public := range []bool{false, true} {
			if !slices.Contains(all, life{template: template, public: public}) {
				t.Errorf("nobody comes by %s, public sector %t", template, public)
			}
		}
	}
}

// Of a wait that has changed or was escalated somebody else may take care.
func TestTask(t *testing.T) {
	shown := func(what string, escalated bool) *typev1.Action {
		return &typev1.Action{Waiting: &typev1.Waiting{What: what, Escalated: escalated}}
	}
	first := task{}.shows(nature{seed: 7}, shown("Decide.", false), now)
	if again := first.shows(nature{seed: 7}, shown("Decide.", false), now.AddDate(0, 0, 5)); again != first {
		t.Errorf("the same wait is %+v, then %+v", first, again)
	}
	for _, other := range []*typev1.Action{shown("Decide.", true), shown("Sign.", false)} {
		if got := first.shows(nature{seed: 7}, other, now); got.visits != 2 {
			t.Errorf("%v is %+v", other, got)
		}
	}
	none := 0
	for n := range uint64(100) {
		if (task{}).shows(nature{seed: 7, number: n}, shown("Decide.", false), now).at.IsZero() {
			none++
		}
	}
	if none == 0 || none > 30 {
		t.Errorf("nobody cares for %d of 100", none)
	}
}
