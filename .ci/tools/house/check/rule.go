package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// rule is one line of the table.
type rule struct {
	name, limit string
	measure     func(*code) result
}

// result is what a rule found: the number it prints, whether that number is within the limit, and the places to mend.
type result struct {
	measured string
	broken   bool
	places   []place
}

// place is one position with what is wrong there. A zero line means the whole file or folder.
type place struct {
	path string
	line int
	text string
}

func (p place) String() string {
	if p.line == 0 {
		return fmt.Sprintf("%s: %s", p.path, p.text)
	}
	return fmt.Sprintf("%s:%d: %s", p.path, p.line, p.text)
}

// rules lists what is checked, in the order of the table.
func rules() []rule {
	return []rule{
		{"median file, code lines", "≤ 90", medianFile},
		{"95 % of files, code lines", "≤ 350", largeFiles},
		{"largest file, code lines", "≤ 500", largestFile},
		{"95 % of functions, body lines", "≤ 50", functionLength},
		{"largest interface, methods", "≤ 6", interfaceSize},
		{"longest main function, lines", "< 10", mainLength},
		{"packages with a comment", "100 %", packageComments},
		{"exported names with a comment", "100 %", exportedComments},
		{"init functions", "0", initFunctions},
		{"mutable package variables", "0", packageVariables},
		{"packages named util, common, helpers", "0", packageNames},
		{"imports between services, or of deploy", "0", aloneness},
		{"wall clock reads outside pkg/clock", "0", clockReads},
		{"tests that sleep in real time", "0", sleeps},
		{"largest type, methods", fmt.Sprint("≤ ", maxMethods), typeSize},
		{"largest package of a service, files", fmt.Sprint("≤ ", maxFiles), packageSize},
		{"longest line, columns", fmt.Sprint("≤ ", maxColumns), lineLength},
		{"pkg without pkg/sim, of the code", fmt.Sprintf("≤ %d %%, goal %d %%", maxPkgShare, goalPkgShare), pkgShare},
		{"test : code", fmt.Sprintf("≥ %.2f", minTestRatio), testRatio},
	}
}

// none is the result of a rule that tolerates no place at all.
func none(places []place) result {
	return result{measured: fmt.Sprint(len(places)), broken: len(places) > 0, places: places}
}

// report prints the table and below it every place to mend; it says whether a rule is broken.
func report(out io.Writer, c *code, rules []rule) (broken bool, err error) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tLIMIT\tMEASURED\t")
	var places []place
	for _, r := range rules {
		found, mark := r.measure(c), ""
		if found.broken {
			broken, mark = true, "BROKEN"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.name, r.limit, found.measured, mark)
		places = append(places, found.places...)
	}
	if err := table.Flush(); err != nil {
		return false, err
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text))
	})
	for _, p := range places {
		if _, err := fmt.Fprintln(out, p); err != nil {
			return false, err
		}
	}
	return broken, nil
}
