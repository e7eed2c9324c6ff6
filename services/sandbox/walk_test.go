package sandbox

import (
	"testing"
	"time"

	"example.com/handover/pkg/kit"
)

// TestFingerprint: processes answer in any order, and a world in which nobody commits has one fingerprint.
func TestFingerprint(t *testing.T) {
	a, b := kit.Status{Instance: "ins_a", Commits: 1}, kit.Status{Instance: "ins_b", Commits: 2}
	if fingerprint([]kit.Status{a, b}) != fingerprint([]kit.Status{b, a}) {
		t.Error("the order of answers counts")
	}
	moved := b
	moved.Commits++
	if fingerprint([]kit.Status{a, b}) == fingerprint([]kit.Status{a, moved}) {
		t.Error("a commit does not count")
	}
}

// A walk stops where something is due, but neither later than its step nor, until its end, earlier than its stride.
func TestStop(t *testing.T) {
	now := time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)
	at := now.Add
	for name, c := range map[string]struct {
		walk walk
		due  time.Time
		want time.Time
	}{
		"where something is due":       {due: at(time.Minute), want: at(time.Minute)},
		"at the end":                   {want: at(24 * time.Hour)},
		"before what is due after it":  {due: at(25 * time.Hour), want: at(24 * time.Hour)},
		"no earlier than a stride":     {walk: walk{stride: time.Hour}, due: at(time.Minute), want: at(time.Hour)},
		"what is due after the stride": {walk: walk{stride: time.Hour}, due: at(3 * time.Hour), want: at(3 * time.Hour)},
		"no stride passes the end":     {walk: walk{stride: 48 * time.Hour}, due: at(time.Minute), want: at(24 * time.Hour)},
		"no later than a step":         {walk: walk{step: time.Hour}, due: at(3 * time.Hour), want: at(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			c.walk.now, c.walk.to = now, at(24*time.Hour)
			if got := c.walk.stop(c.due); !got.Equal(c.want) {
				t.Errorf("it stops at %s, want %s", got, c.want)
			}
		})
	}
}
