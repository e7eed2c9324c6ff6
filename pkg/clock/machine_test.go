package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"example.com/handover/pkg/clock"
)

func TestInstantArithmetic(t *testing.T) {
	i := clock.Instant(1_772_323_200_000_000) // 1 March 2026
	tests := []struct {
		name string
		add  time.Duration
		want clock.Instant
	}{
		{"nothing", 0, i},
		{"a second", time.Second, i + 1_000_000},
		{"back a minute", -time.Minute, i - 60_000_000},
		{"less than it can hold", 999 * time.Nanosecond, i},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := i.Add(tt.add)
			if got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			if back := got.Sub(i); back != tt.add.Truncate(time.Microsecond) {
				t.Errorf("distance is %s", back)
			}
		})
	}
	if got := i.Time(); !got.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) || got.Location() != time.UTC {
		t.Errorf("as time: %s", got)
	}
}

func TestMachineFollowsTheWallClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		machine := clock.Machine{}
		before := machine.Now()
		if err := machine.Wait(t.Context(), 90*time.Second); err != nil {
			t.Fatal(err)
		}
		if got := machine.Now().Sub(before); got != 90*time.Second {
			t.Errorf("waited %s", got)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		machine := clock.Machine{}
		before := machine.Now()
		if err := machine.Wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if got := machine.Now().Sub(before); got != time.Second {
			t.Errorf("waited %s", got)
		}
	})
}
