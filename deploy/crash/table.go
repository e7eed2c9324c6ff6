package main

import (
	"cmp"
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
	points       map[string]*row
	fifths       [5]int         // ends by the fifth of the life in which they came
	states       map[string]int // ends by the order's state
}

type row struct {
	rounds, reached int
	took            []time.Duration
}

func newTable() *table { return &table{points: map[string]*row{}, states: map[string]int{}} }

func (t *table) add(r *round) {
	point := fmt.Sprintf("%s\t%s", r.kill.shape, r.kill.point)
	at := t.points[point]
	if at == nil {
		at = &row{}
		t.points[point] = at
	}
	t.rounds++
	at.rounds++
	t.ends += r.ends
	if r.ends > 0 || r.kill.signal == 0 {
		at.reached++
	}
	at.took = append(at.took, r.took)
	for _, p := range r.progress.places() {
		if p.of == 0 {
			t.states["not begun"]++
			continue
		}
		t.fifths[p.fifth()]++
		t.states[cmp.Or(p.state, "no order yet")]++
	}
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
