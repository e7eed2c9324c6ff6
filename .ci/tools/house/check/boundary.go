package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

func packageNames(c *code) result {
	var places []place
	for _, d := range c.dirs {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "misc"}, d.name) {
			places = append(places, place{d.path, 0, d.name + " says nothing: name the package after what it owns"})
		}
	}
	return none(places)
}

// clockReads finds code that reads the wall clock although only pkg/clock may: whoever needs a time is given one.
func clockReads(c *code) result {
	var places []place
	for _, d := range c.dirs {
		if d.path == "pkg/clock" {
			continue
		}
		for _, f := range d.files {
			places = append(places, timeCalls(c, d.types, f, "reads the wall clock: take a clock.Machine or a *clock.Business", "Now", "Since", "Until")...)
		}
	}
	return none(places)
}

// sleeps finds tests that wait by guessing. Inside testing/synctest time is fake and a sleep is exact.
func sleeps(c *code) result {
	var places []place
	for _, d := range c.dirs {
		for _, f := range d.tests {
			if !slices.ContainsFunc(f.syntax.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing/synctest"` }) {
				places = append(places, timeCalls(c, d.types, f, "guesses: wait for the thing itself, or use testing/synctest", "Sleep")...)
			}
		}
	}
	return none(places)
}

// timeCalls finds uses of the named functions of the package time.
func timeCalls(c *code, t typeInfo, f *file, why string, names ...string) []place {
	var places []place
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if ok && slices.Contains(names, selector.Sel.Name) && t.imported(selector.X) == "time" {
			places = append(places, c.at(n, "time."+selector.Sel.Name+" "+why))
		}
		return true
	})
	return places
}

func pkgLimit(strict bool) string {
	if strict {
		return "≤ 20 %"
	}
	return "≤ 20 % later"
}

// pkgShare measures how much of the product's code knows no rule of the business. While only some of the services
// stand, pkg is naturally the larger part; the limit applies, with -strict-pkg, once all six do.
func pkgShare(strict bool) func(*code) result {
	return func(c *code) result {
		pkg, all := 0, 0
		for _, f := range c.files {
			if strings.HasPrefix(f.path, ".ci/") {
				continue
			}
			all += f.lines
			if strings.HasPrefix(f.path, "pkg/") && !strings.HasPrefix(f.path, "pkg/sim/") {
				pkg += f.lines
			}
		}
		share := pkg * 100 / max(all, 1)
		return result{measured: fmt.Sprintf("%d %% of %d lines", share, all), broken: strict && share > 20}
	}
}
