package main

import (
	"slices"
	"strings"
)

// Test support is what exists for tests alone, in files of any name: a package counts as test when only tests import it,
// or packages that count as test themselves, or the programs below. A package that nobody imports is product.
//
// What the binary plays (deploy/journey: `handover demo`) and what it hosts (pkg/sim, services/sandbox) is product.
func testPrograms() []string {
	return []string{"deploy/bench", "deploy/crash"} // what they start is the product; they judge and measure it
}

// module is the import path of the root folder; proto/ is another module, and services import only its generated code.
const module = "example.com/handover/"

// markSupport finds the packages that exist for tests alone.
func (c *code) markSupport() {
	users := c.users()
	for _, d := range c.dirs {
		d.support = slices.Contains(testPrograms(), d.path)
	}
	for again := true; again; {
		again = false
		for _, d := range c.dirs {
			if !d.support && d.name != "main" && users[d.path].onlyTests() {
				d.support, again = true, true
			}
		}
	}
}

// usage is who imports a package.
type usage struct {
	byTests bool
	by      []*dir // whose files that are not tests import it
}

func (u *usage) onlyTests() bool {
	return u != nil && !slices.ContainsFunc(u.by, func(d *dir) bool { return !d.support })
}

// users says of each imported package who imports it, apart from itself.
func (c *code) users() map[string]*usage {
	all := map[string]*usage{}
	note := func(d *dir, files []*file, found func(*usage)) {
		for _, f := range files {
			for _, spec := range f.syntax.Imports {
				path, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
				if !ours || path == d.path {
					continue
				}
				if all[path] == nil {
					all[path] = &usage{}
				}
				found(all[path])
			}
		}
	}
	for _, d := range c.dirs {
		note(d, d.files, func(u *usage) { u.by = append(u.by, d) })
		note(d, d.tests, func(u *usage) { u.byTests = true })
	}
	return all
}
