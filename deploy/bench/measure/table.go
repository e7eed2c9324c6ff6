package measure

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the results as one table. A figure's name and yardstick stand in its first line only.
func Print(out io.Writer, results []Result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "FIGURE\tUNIT\tHANDOVER\tYARDSTICK\tRATIO\tGOAL\tAGAINST") // Flush has the error
	last := ""
	for _, r := range results {
		figure, against := "", ""
		if r.Figure != last {
			figure, against, last = r.Figure, r.Against, r.Figure
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", figure, r.Unit, r.Product, r.Yardstick, r.Ratio, r.judged(), against)
	}
	return table.Flush()
}

// judged says whether the goal was met.
func (r Result) judged() string {
	switch {
	case r.Goal == nil:
		return ""
	case r.Goal.Met(r):
		return r.Goal.Text + " met"
	}
	return r.Goal.Text + " MISSED"
}
