package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
)

// The numbered examples of the end side: a relationship that starts in March 2026 and is committed to twelve cycles.
func TestEndSide(t *testing.T) {
	start := month("2026-03")
	tests := []struct {
		name, removed string
		ends          string
		charged       string // last charged month
		final         string // month of the final invoice
		cycles        int
	}{
		{"12 inside the term", "2026-09-10T00:00:00Z", "2026-09-30T23:59:59Z", "2026-09", "2026-10", 7},
		{"13 one second early", "2027-01-31T23:59:59Z", "2027-01-31T23:59:59Z", "2027-01", "2027-02", 11},
		{"14 first instant of cycle 12", "2027-02-01T00:00:00Z", "2027-02-28T23:59:59Z", "2027-02", "2027-03", 12},
		{"14 last second of cycle 12", "2027-02-28T23:59:59Z", "2027-02-28T23:59:59Z", "2027-02", "2027-03", 12},
		{"15 before the month boundary", "2027-03-31T23:59:59Z", "2027-03-31T23:59:59Z", "2027-03", "2027-04", 13},
		{"15 at the month boundary", "2027-04-01T00:00:00Z", "2027-04-30T23:59:59Z", "2027-04", "2027-05", 14},
		{"16 order fails after the start", "2026-03-20T00:00:00Z", "2026-03-31T23:59:59Z", "2026-03", "2026-04", 1},
		{"17 removed before the start", "2026-02-24T00:00:00Z", "2026-02-28T23:59:59Z", "2026-02", "2026-03", 0},
	}
	committed := calendar.CommitmentEnd(start, 12)
	sameTime(t, "commitment end", committed, "2027-02-28T23:59:59Z")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			removed := instant(tt.removed)
			end := calendar.EndOfRemoval(removed)
			sameTime(t, "end", end, tt.ends)
			if got := calendar.MonthOf(end); got != month(tt.charged) {
				t.Errorf("last charged month is %v, want %s", got, tt.charged)
			}
			if got := calendar.FinalCycle(removed); got != month(tt.final) {
				t.Errorf("final invoice cycle is %v, want %s", got, tt.final)
			}
			if got := calendar.Cycles(start, end); got != tt.cycles {
				t.Errorf("%d cycles, want %d", got, tt.cycles)
			}
			if early := end.Before(committed); early != (tt.cycles < 12) {
				t.Errorf("earlier than committed: %t", early)
			}
		})
	}
}

func TestRemovalVectors(t *testing.T) {
	sameTime(t, "withdrawn in the last second", calendar.EndOfRemoval(instant("2027-03-31T23:59:59Z")), "2027-03-31T23:59:59Z")
	sameTime(t, "withdrawn within the last second", calendar.EndOfRemoval(instant("2027-03-31T23:59:59.999Z")), "2027-03-31T23:59:59Z")
	sameTime(t, "withdrawn a second later", calendar.EndOfRemoval(instant("2027-04-01T00:00:00Z")), "2027-04-30T23:59:59Z")
}

func TestRemovalFor(t *testing.T) {
	for end, want := range map[string]string{
		"2027-03-01T00:00:00Z": "2027-02-01T00:00:00Z",
		"2027-03-02T08:00:00Z": "2027-03-01T00:00:00Z",
		"2027-01-01T00:00:00Z": "2026-12-01T00:00:00Z",
	} {
		sameTime(t, "removal for "+end, calendar.RemovalFor(instant(end)), want)
	}
	end := instant("2027-03-01T00:00:00Z")
	for at, want := range map[string]string{
		"2027-02-10T00:00:00Z": "2027-02-13T00:00:00Z",
		"2027-02-27T00:00:00Z": "2027-02-28T00:00:00Z",
		"2027-03-02T00:00:00Z": "2027-03-05T00:00:00Z",
	} {
		sameTime(t, "early from "+at, calendar.Early(instant(at), 72*time.Hour, end), want)
	}
}

func TestCommitmentCountsItsCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := anyMonth(t)
		n := rapid.IntRange(1, 120).Draw(t, "cycles")
		end := calendar.CommitmentEnd(start, n)
		if got := calendar.Cycles(start, end); got != n {
			t.Fatalf("%d cycles from %v end at %s and count %d", n, start, end, got)
		}
		if got := calendar.Cycles(start, end.Add(time.Second)); got != n+1 {
			t.Fatalf("a second after %s is still cycle %d", end, got)
		}
		if got := calendar.EndOfRemoval(end); !got.Equal(end) {
			t.Fatalf("removal in the last second %s ends at %s", end, got)
		}
	})
}
