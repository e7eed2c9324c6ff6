package main

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// prove says which passed tests prove each id, and which names break the rule. A name is judged whether or not its test
// passed.
func prove(all []requirement, read *outcomes) (proofs map[string][]test, wrong []string) {
	proofs = map[string][]test{}
	for _, t := range read.named() {
		found, err := ids(path.Base(t.name))
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s %s: %v", t.pkg, t.name, err))
			continue
		}
		passed := read.passed(t) && throughAPI(t.pkg)
		for _, id := range found {
			if !slices.ContainsFunc(all, func(r requirement) bool { return r.id == id }) {
				wrong = append(wrong, fmt.Sprintf("%s %s: %s is not in requirements.txt", t.pkg, t.name, id))
			} else if passed {
				proofs[id] = append(proofs[id], t)
			}
		}
	}
	return proofs, wrong
}

// throughAPI reports whether a package's tests can speak for a service as its callers see it. A domain's or library's
// test may carry an id for its reader, but proves nothing yet.
func throughAPI(pkg string) bool {
	return !strings.Contains(pkg, "/internal/") && !strings.Contains(pkg, "/pkg/")
}

// report prints, group by group, how many requirements are proven and which are missing.
func report(out io.Writer, all []requirement, proofs map[string][]test, verbose bool) error {
	var b strings.Builder
	total := 0
	for i := 0; i < len(all); {
		group := all[i].group()
		var lines []string
		proven, first := 0, i
		for ; i < len(all) && all[i].group() == group; i++ {
			r := all[i]
			tests := proofs[r.id]
			if len(tests) == 0 {
				lines = append(lines, fmt.Sprintf("  missing %-11s %s", r.id, short(r.text)))
				continue
			}
			proven++
			if verbose {
				lines = append(lines, fmt.Sprintf("  proven  %-11s %s", r.id, short(r.text)))
				for _, t := range tests {
					lines = append(lines, "            "+t.pkg+" "+t.name)
				}
			}
		}
		total += proven
		fmt.Fprintf(&b, "%-7s %d of %d proven\n", group, proven, i-first)
		for _, line := range lines {
			fmt.Fprintln(&b, line)
		}
	}
	fmt.Fprintf(&b, "total   %d of %d proven\n", total, len(all))
	_, err := io.WriteString(out, b.String())
	return err
}

// short cuts a requirement's text to what fits on a line.
func short(text string) string {
	const width = 96
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return text
}
