package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"example.com/handover/pkg/clock"
)

func TestMovableClock(t *testing.T) {
	start := time.Date(2026, 3, 1, 1, 0, 0, 1234, time.FixedZone("CET", 3600))
	b := clock.NewMovable(start)
	want := time.Date(2026, 3, 1, 0, 0, 0, 1000, time.UTC)
	if got := b.Now(); got != want {
		t.Fatalf("starts at %v, want %v", got, want)
	}
	if b.Live() {
		t.Error("says that it is live")
	}
	steps := []struct {
		name string
		to   time.Time
		ok   bool
		now  time.Time
	}{
		{"the present instant", want, true, want},
		{"forward", want.Add(time.Hour), true, want.Add(time.Hour)},
		{"backward", want.Add(time.Minute), false, want.Add(time.Hour)},
		{"less than it can hold", want.Add(time.Hour + time.Nanosecond), true, want.Add(time.Hour)},
		{"forward again", want.AddDate(0, 14, 0), true, want.AddDate(0, 14, 0)},
	}
	for _, s := range steps {
		if err := b.Set(s.to); (err == nil) != s.ok {
			t.Errorf("%s: error %v", s.name, err)
		}
		if got := b.Now(); !got.Equal(s.now) {
			t.Errorf("%s: now %v, want %v", s.name, got, s.now)
		}
	}
}

func TestMovableClockStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		b := clock.NewMovable(start)
		if err := (clock.Machine{}).Wait(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := b.Now(); !got.Equal(start) {
			t.Errorf("business time ran to %v", got)
		}
	})
}

func TestMovedAnnouncesEveryMove(t *testing.T) {
	b := clock.NewMovable(time.Unix(0, 0))
	first := b.Moved()
	if closed(first) {
		t.Fatal("announced before any move")
	}
	if err := b.Set(time.Unix(0, 0)); err != nil || closed(first) {
		t.Fatalf("the same instant is no move: %v", err)
	}
	if err := b.Set(time.Unix(1, 0)); err != nil || !closed(first) {
		t.Fatalf("a move must be announced: %v", err)
	}
	if second := b.Moved(); closed(second) {
		t.Error("the next move is announced already")
	}
}

func TestLiveClockFollowsTheWallClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := clock.NewLive()
		before := b.Now()
		if err := (clock.Machine{}).Wait(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := b.Now().Sub(before); got != time.Hour {
			t.Errorf("ran %s in an hour", got)
		}
		if before.Location() != time.UTC || before.Nanosecond()%1000 != 0 {
			t.Errorf("%v is not UTC to the microsecond", before)
		}
		if !b.Live() {
			t.Error("says that it is not live")
		}
		if err := b.Set(before.Add(48 * time.Hour)); err == nil {
			t.Error("a live clock was set")
		}
	})
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
