package main

import (
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

// clockReads finds code that reads the wall clock although only pkg/clock may: code that needs a time is given one.
func clockReads(c *code) result {
	var places []place
	for _, d := range c.dirs {
		if d.path == "pkg/clock" {
			continue
		}
		for _, f := range d.files {
			places = append(
				places, timeCalls(c, d.types, f, "reads the wall clock: take a clock.Machine or a *clock.Business", "Now", "Since", "Until")...,
			)
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

// aloneness finds what ties services together: each must be able to run, be deployed and be tested without the others.
func aloneness(c *code) result {
	var places []place
	for _, d := range c.dirs {
		rest, inside := strings.CutPrefix(d.path, "services/")
		service, _, _ := strings.Cut(rest, "/")
		if !inside {
			continue
		}
		for _, f := range slices.Concat(d.files, d.tests) {
			for _, spec := range f.syntax.Imports {
				if why := ties(service, strings.Trim(spec.Path.Value, `"`)); why != "" {
					places = append(places, c.at(spec, why))
				}
			}
		}
	}
	return none(places)
}

// ties says why a service must not import a package; empty when it may.
func ties(service, path string) string {
	path, ours := strings.CutPrefix(path, module)
	switch {
	case !ours || path == "services/"+service || strings.HasPrefix(path, "services/"+service+"/"):
		return ""
	case path == "deploy" || strings.HasPrefix(path, "deploy/"):
		return "imports " + path + ": deploy says which services share a process, and a service must not be able to tell"
	case path == "services" || strings.HasPrefix(path, "services/"):
		return "imports " + path + ": services meet on the wire only - subscribe to know, call to make another act"
	}
	return ""
}
