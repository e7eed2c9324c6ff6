package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPatternsAreJavaScript reads the committed documents: a pattern that only Go understands would be read wrongly.
func TestPatternsAreJavaScript(t *testing.T) {
	paths, err := filepath.Glob("../../../../proto/gen/openapi/*.json")
	if err != nil || len(paths) != 3 {
		t.Fatalf("documents %v, %v", paths, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`"pattern": ("(?:[^"\\]|\\.)*")`).FindAllSubmatch(raw, -1) {
			var pattern string
			if err := json.Unmarshal(found[1], &pattern); err != nil {
				t.Fatal(err)
			}
			for _, foreign := range []string{"[:", `\A`, `\z`, `\p`, `\Q`, "(?i", "(?s", "(?P"} {
				if strings.Contains(pattern, foreign) {
					t.Errorf("%s: JavaScript reads %s of %s otherwise", filepath.Base(path), foreign, pattern)
				}
			}
		}
	}
}

// TestExamplesFollowTheirPattern would not catch a wrong rule, but an example that a caller copies and is refused for.
func TestExamplesFollowTheirPattern(t *testing.T) {
	for pattern, name := range map[string]string{
		`^ord_[0-9a-v]{26}$`:    "order_id",
		`^(cus_[0-9a-v]{26})?$`: "customer_id",
		`^[0-9]{12}$`:           "management_account_id", `^[A-Z]{3}$`: "currency_code",
	} {
		example, ok := exampleOf(object{"pattern": pattern}, name)
		if !ok || !regexp.MustCompile(pattern).MatchString(example) {
			t.Errorf("the example of %s with %s is %q", name, pattern, example)
		}
	}
}
