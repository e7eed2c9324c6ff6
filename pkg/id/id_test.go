package id_test

import (
	"regexp"
	"slices"
	"testing"

	"example.com/handover/pkg/id"
)

func TestNewIsValidUniqueAndSorted(t *testing.T) {
	pattern := regexp.MustCompile("^ord_" + id.Pattern + "$")
	made := make([]string, 5000)
	for i := range made {
		made[i] = id.New("ord")
		if !id.Valid("ord", made[i]) || !pattern.MatchString(made[i]) {
			t.Fatalf("%q is not valid", made[i])
		}
	}
	if !slices.IsSorted(made) {
		t.Error("ids do not sort by time of creation")
	}
	if n := len(slices.Compact(slices.Clone(made))); n != len(made) {
		t.Errorf("%d of %d ids are distinct", n, len(made))
	}
}

func TestValid(t *testing.T) {
	const rest = "0123456789abcdefghijklmnop"
	tests := []struct {
		name, prefix, text string
		want               bool
	}{
		{"right", "ord", "ord_" + rest, true},
		{"all digits", "ord", "ord_00000000000000000000000000", true},
		{"other prefix", "trf", "ord_" + rest, false},
		{"prefix of a prefix", "or", "ord_" + rest, false},
		{"no underscore", "ord", "ord" + rest, false},
		{"too short", "ord", "ord_" + rest[1:], false},
		{"too long", "ord", "ord_" + rest + "0", false},
		{"upper case", "ord", "ord_0123456789ABCDEFGHIJKLMNOP", false},
		{"letter outside of the alphabet, inside", "ord", "ord_0123456789abcwefghijklmnop", false},
		{"letter outside of the alphabet, at the end", "ord", "ord_0123456789abcdefghijklmnoz", false},
		{"space", "ord", "ord_0123456789abc efghijklmnop", false},
		{"prefix alone", "ord", "ord_", false},
		{"nothing", "ord", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := id.Valid(tt.prefix, tt.text); got != tt.want {
				t.Errorf("Valid(%q, %q) = %t", tt.prefix, tt.text, got)
			}
		})
	}
}
