package wire_test

import (
	"testing"

	"example.com/handover/pkg/wire"
)

// A name is found by its beginning, however it is written, and by nothing else.
func TestNameBegins(t *testing.T) {
	for name, tt := range map[string]struct {
		name, prefix string
		found        bool
	}{
		"itself":             {"Example AG", "Example AG", true},
		"its beginning":      {"Example AG", "exa", true},
		"spaces":             {"Example  AG", " example a", true},
		"other letters":      {"Zürich Söhne", "ZÜR", true},
		"the end of it":      {"Example AG", "AG", false},
		"another":            {"Exemplar AG", "exa", false},
		"what is after":      {"Exb", "exa", false},
		"longer than it is":  {"Exa", "example", false},
		"the last character": {"\U0010ffff", "\U0010ffff", true},
	} {
		key, conds := wire.NameKey(tt.name), wire.NameBegins("name_key", tt.prefix)
		from, until := conds[0].Values[0].(string), conds[1].Values[0].(string)
		if got := key >= from && key < until; got != tt.found {
			t.Errorf("%s: %q is found by %q: %t", name, tt.name, tt.prefix, got)
		}
	}
}
