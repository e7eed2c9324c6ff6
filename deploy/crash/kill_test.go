package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryCardComesUpOnceBeforeAnyComesUpAgain(t *testing.T) {
	want := map[string]int{}
	for _, c := range cards() {
		want[c.String()]++
	}
	for pass := range 2 {
		got := map[string]int{}
		for i := range cards() {
			got[draw(7, pass*len(cards())+i+1).String()]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pass %d: %s", pass, diff)
		}
	}
}

func TestARoundCanBePlayedAgain(t *testing.T) {
	for number := 1; number < 200; number++ {
		one, again := newRound(7, number), newRound(7, number)
		if one.String() != again.String() {
			t.Errorf("%s is not %s", again, one)
		}
		if k := one.kill; k.passes > 0 && (one.nth < 1 || one.nth > k.passes) || len(one.moments) != k.strikes {
			t.Errorf("%s: pass %d, moments %s", one.card, one.nth, one.moments)
		}
	}
}
