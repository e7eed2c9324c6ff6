package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryCaseComesUpOnceBeforeAnyComesUpAgain(t *testing.T) {
	want := map[string]int{}
	all := newDeck(together, separate)
	for _, c := range all {
		want[c.String()]++
	}
	for pass := range 2 {
		got := map[string]int{}
		for i := range all {
			got[all.choose(7, pass*len(all)+i+1).String()]++
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
}

// A run of the usual size sees every kind, whatever the seed.
func TestTheUsualRunSeesAllPoints(t *testing.T) {
	deck, all, seen := newDeck(together, separate), map[string]bool{}, map[string]bool{}
	for _, c := range deck {
		all[c.kill.group] = true
	}
	for number := 1; number <= 200; number++ {
		seen[deck.choose(7, number).kill.group] = true
	}
	if diff := cmp.Diff(all, seen); diff != "" {
		t.Error(diff)
	}
}

// Ten rounds are what every change is checked with.
func TestAShortRunSeesAsManyGroupsAsRounds(t *testing.T) {
	all := newDeck(together, separate)
	for seed := range uint64(20) {
		groups := map[string]bool{}
		for number := 1; number <= 10; number++ {
			groups[all.choose(seed, number).kill.group] = true
		}
		if len(groups) != 10 {
			t.Errorf("seed %d: %v", seed, groups)
		}
	}
}

func TestARoundCanBePlayedAgain(t *testing.T) {
	all := newDeck(together, separate)
	for number := 1; number < 200; number++ {
		one, again := all.round(7, number), all.round(7, number)
		if one.String() != again.String() {
			t.Errorf("%s is not %s", again, one)
		}
		if k := one.kill; k.passes > 0 && (one.nth < 1 || one.nth > k.passes) || len(one.blows) < k.times {
			t.Errorf("%s: pass %d, moments %v", one.killCase, one.nth, one.blows)
		}
	}
}
