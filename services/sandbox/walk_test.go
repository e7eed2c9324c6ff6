package sandbox

import (
	"testing"

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
