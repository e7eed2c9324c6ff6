package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// table counts by point what the rounds showed.
type table struct {
	rounds, kills int
	points        map[string]*row
}

type row struct {
	rounds, killed int
	took           []time.Duration
}

func newTable() *table { return &table{points: map[string]*row{}} }

func (t *table) add(r *round) {
	at := t.points[r.kill.point]
	if at == nil {
		at = &row{}
		t.points[r.kill.point] = at
	}
	t.rounds++
	at.rounds++
	t.kills += r.deaths
	at.killed += min(1, r.deaths)
	at.took = append(at.took, r.took)
}

// show prints how many rounds were meant to die at each point, how many did (the others were over before they came to
// it), and how long they took.
func (t *table) show(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "killed at\trounds\tkilled\tmedian\tlongest")
	for _, point := range slices.Sorted(maps.Keys(t.points)) {
		r := t.points[point]
		slices.Sort(r.took)
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%.1f s\t%.1f s\n", point, r.rounds, r.killed,
			r.took[len(r.took)/2].Seconds(), r.took[len(r.took)-1].Seconds())
	}
	_ = w.Flush() // on the terminal it is seen that it is missing
}
