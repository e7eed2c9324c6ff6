package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// table counts by point what the rounds showed.
type table struct {
	rounds, ends int
	aimed        int // rounds that were to end a process
	points       map[string]*row
	groups       map[string]*row // of points
	fifths       [5]int          // ends by the fifth of the life in which they came
	states       map[string]int  // ends by the order's state
}

type row struct {
	rounds, reached int
	luck            bool // whether a life comes past it differs from round to round
	took            []time.Duration
}

func newTable() *table {
	return &table{points: map[string]*row{}, groups: map[string]*row{}, states: map[string]int{}}
}

func (t *table) add(r *round) {
	t.rounds++
	t.ends += r.ends
	if r.kill.signal != 0 {
		t.aimed++
		addTo(t.groups, r.kill.group, r)
	}
	addTo(t.points, fmt.Sprintf("%s\t%s", r.kill.shape, r.kill.point), r)
	for _, p := range r.progress.places() {
		if p.of == 0 {
			t.states["not begun"]++
			continue
		}
		t.fifths[p.fifth()]++
		t.states[cmp.Or(p.state, "no order yet")]++
	}
}

func addTo(rows map[string]*row, name string, r *round) {
	at := rows[name]
	if at == nil {
		at = &row{luck: r.kill.passes > 0}
		rows[name] = at
	}
	at.rounds++
	if r.ends > 0 || r.kill.signal == 0 {
		at.reached++
	}
	at.took = append(at.took, r.took)
}

// missed reports whether so many rounds aimed at something and none came to it that it is no chance.
func (r *row) missed() bool {
	const most, mostByLuck = 3, 8
	if r.luck {
		return r.reached == 0 && r.rounds >= mostByLuck
	}
	return r.reached == 0 && r.rounds >= most
}

// judge is an error where the rounds show nothing, because what they aimed at did not end: all of it, or a point or a group
// of points. A short run has one round of each group, and is judged by all of them together.
func (t *table) judge() error {
	if t.aimed > 0 && t.ends == 0 {
		return fmt.Errorf("%d rounds were to end a process, and none has ended", t.aimed)
	}
	var all []error
	for _, of := range []struct {
		what string
		rows map[string]*row
	}{{"point", t.points}, {"group", t.groups}} {
		for _, name := range slices.Sorted(maps.Keys(of.rows)) {
			if r := of.rows[name]; r.missed() {
				all = append(all, fmt.Errorf("%d rounds were to end a process at the %s %q, and none has ended one there",
					r.rounds, of.what, strings.ReplaceAll(name, "\t", ", ")))
			}
		}
	}
	return errors.Join(all...)
}

// show prints how many rounds were meant to end a process at each point, how many did (the others were over before they came
// to it), how long they took, and how far the lives were.
func (t *table) show(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "shape\tended at\trounds\treached\tmedian\tlongest")
	for _, point := range slices.Sorted(maps.Keys(t.points)) {
		r := t.points[point]
		slices.Sort(r.took)
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%.1f s\t%.1f s\n", point, r.rounds, r.reached,
			r.took[len(r.took)/2].Seconds(), r.took[len(r.took)-1].Seconds())
	}
	_ = w.Flush() // on the terminal it is seen that it is missing
	var states []string
	for state, n := range sorted(t.states) {
		states = append(states, fmt.Sprintf("%s %d", state, n))
	}
	_, _ = fmt.Fprintf(out, "ends by the order's state: %s\n", strings.Join(states, ", "))
	_, _ = fmt.Fprintf(out, "ends by the fifth of the life: %d %d %d %d %d\n", t.fifths[0], t.fifths[1], t.fifths[2], t.fifths[3], t.fifths[4])
}
