package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryCaseComesUpOnceBeforeAnyComesUpAgain(t *testing.T) {
	want := map[string]int{}
	for _, c := range killCases() {
		want[c.String()]++
	}
	for pass := range 2 {
		got := map[string]int{}
		for i := range killCases() {
			got[choose(7, pass*len(killCases())+i+1).String()]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pass %d: %s", pass, diff)
		}
	}
}

func TestEveryCaseIsPlayed(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range killCases() {
		if seen[c.String()] {
			t.Errorf("two cases are called %s", c)
		}
		seen[c.String()] = true
		if c.kill.step != "" && !slices.ContainsFunc(c.scenario.steps, func(a step) bool { return a.name == c.kill.step }) {
			t.Errorf("%s: there is no step %q", c, c.kill.step)
		}
	}
	if len(seen) > 200 {
		t.Errorf("%d cases: a run of the usual size does not play all of them", len(seen))
	}
}

// Ten rounds are what every change is checked with.
func TestAShortRunSeesMostGroups(t *testing.T) {
	for seed := range uint64(20) {
		groups := map[string]bool{}
		for number := 1; number <= 10; number++ {
			groups[choose(seed, number).kill.group] = true
		}
		if len(groups) < 9 {
			t.Errorf("seed %d: %v", seed, groups)
		}
	}
}

func TestARoundCanBePlayedAgain(t *testing.T) {
	for number := 1; number < 200; number++ {
		one, again := newRound(7, number), newRound(7, number)
		if one.String() != again.String() {
			t.Errorf("%s is not %s", again, one)
		}
		if k := one.kill; k.passes > 0 && (one.nth < 1 || one.nth > k.passes) || len(one.moments) != k.times {
			t.Errorf("%s: pass %d, moments %s", one.killCase, one.nth, one.moments)
		}
	}
}
