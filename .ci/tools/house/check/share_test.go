package main

import (
	"maps"
	"slices"
	"testing"
)

// source is a package with that many further lines, importing others of the module.
func source(name string, lines int, imports ...string) string {
	s := "package " + name + "\n"
	for _, path := range imports {
		s += "import _ \"" + module + path + "\"\n"
	}
	for range lines {
		s += "var _ = 1\n"
	}
	return s
}

func TestSupportIsWhatOnlyTestsImport(t *testing.T) {
	c := tree(t, map[string]string{
		"pkg/store/a.go":            source("store", 0),
		"pkg/store/a_test.go":       source("store_test", 0, "pkg/store", "pkg/store/storetest", "pkg/both"),
		"pkg/store/storetest/a.go":  source("storetest", 0, "pkg/store", "pkg/deep"),
		"pkg/deep/a.go":             source("deep", 0), // only storetest imports it
		"pkg/both/a.go":             source("both", 0), // a test and the product import it
		"pkg/nobody/a.go":           source("nobody", 0),
		"pkg/loop/a.go":             source("loop", 0, "pkg/loop"),
		"services/o/a.go":           source("o", 0, "pkg/store", "pkg/both", "deploy/journey"),
		"services/o/cmd/o/main.go":  source("main", 0, "services/o"),
		"services/o/a_test.go":      source("o", 0, "services/o/cmd/o"), // a main stays product though a test imports it
		"deploy/crash/main.go":      source("main", 0, "deploy/journey", "deploy/cluster"),
		"deploy/cluster/a.go":       source("cluster", 0),
		"deploy/journey/a.go":       source("journey", 0),
		"deploy/bench/measure/a.go": source("measure", 0),
		"deploy/bench/main.go":      source("main", 0, "deploy/bench/measure"),
	})
	var support []string
	for _, d := range c.dirs {
		if d.support {
			support = append(support, d.path)
		}
	}
	want := []string{"deploy/bench", "deploy/bench/measure", "deploy/cluster", "deploy/crash", "pkg/deep", "pkg/store/storetest"}
	if !slices.Equal(slices.Sorted(slices.Values(support)), want) {
		t.Errorf("support %q, want %q", support, want)
	}
}

func TestShares(t *testing.T) {
	files := map[string]string{
		"pkg/a/a.go":            source("a", 26), // 27 lines
		"pkg/a/a_test.go":       source("a_test", 46, "pkg/a", "pkg/a/atest"),
		"pkg/a/atest/a.go":      source("atest", 39), // 40 lines of test
		"pkg/sim/aws/a.go":      source("aws", 29),
		"services/o/a.go":       source("o", 39, "pkg/a", "pkg/sim/aws"),
		".ci/tools/x/ok.go":     source("main", 90),
		".ci/tools/x/a_test.go": source("main", 90),
	}
	c := tree(t, files)
	if got, want := c.sums(), (sums{product: 99, pkg: 27, test: 89}); got != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
	if r := pkgShare(c); r.broken || r.measured != "27.3 % of 99 lines" {
		t.Errorf("%+v", r)
	}
	if r := testRatio(c); !r.broken || r.measured != "0.90, 89 lines of test" { // 89 of 99 is less than the printed number
		t.Errorf("%+v", r)
	}

	grown := maps.Clone(files)
	grown["pkg/a/b.go"] = source("a", 4) // 32 of 104
	grown["pkg/a/b_test.go"] = source("a", 5)
	c = tree(t, grown)
	if r := pkgShare(c); !r.broken {
		t.Errorf("%+v", r)
	}
	if r := testRatio(c); r.broken {
		t.Errorf("%+v", r)
	}
}

func TestNothingHasNoShares(t *testing.T) {
	c := tree(t, nil)
	if pkgShare(c).broken || testRatio(c).broken {
		t.Error("an empty tree breaks a rule")
	}
}
