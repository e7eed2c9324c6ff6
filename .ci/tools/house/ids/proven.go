package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed proven.txt
var kept string

// promise is what was proven once: the ids, and the packages whose tests prove them.
type promise struct {
	ids, packages []string
}

// promised reads the committed list.
func promised(all []requirement) (promise, error) {
	var p promise
	for line := range strings.Lines(kept) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if pkg, ok := strings.CutPrefix(line, "package "); ok {
			p.packages = append(p.packages, pkg)
			continue
		}
		if slices.Contains(p.ids, line) || !slices.ContainsFunc(all, func(r requirement) bool { return r.id == line }) {
			return p, fmt.Errorf("proven.txt: %q is listed twice, or no requirement", line)
		}
		p.ids = append(p.ids, line)
	}
	return p, nil
}

// lost are the ids that were proven once and are not any more. A run without one of the packages is a part of the tests, and can lose
// none; nor can one in which a package failed, which is said anyway.
func (p promise) lost(read *outcomes, proofs map[string][]test) (ids []string) {
	for _, pkg := range p.packages {
		if !read.whole[pkg] {
			return nil
		}
	}
	for _, id := range p.ids {
		if len(proofs[id]) == 0 {
			ids = append(ids, id)
		}
	}
	return ids
}
