package measure

import (
	"fmt"
	"slices"
)

// Spread is what several slices gave: the middle one and the range.
type Spread struct{ Median, Low, High float64 }

// spreadOf sorts values. With an even number of them the median is the mean of the two in the middle.
func spreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Low: sorted[0], High: sorted[n-1]}
}

// String is empty for what was not measured, and one number for what was measured once.
func (s Spread) String() string {
	switch {
	case s == Spread{}:
		return ""
	case s.Low == s.High:
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s…%s)", number(s.Median), number(s.Low), number(s.High))
}

// number has three significant digits: a fourth would be noise.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
