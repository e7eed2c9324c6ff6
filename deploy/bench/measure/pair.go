// Package measure compares two things in one run: slices of both in turn, so that what disturbs the machine disturbs
// both, and of each line the median, the range, and the ratio of the slices that ran side by side.
//
// It owns loads, statistics and the table. It knows nothing of what is measured.
package measure

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// Pair is a figure: the product beside its yardstick.
type Pair struct {
	Figure  string // "SubmitOrder, SQLite, 8 callers"
	Against string // what the yardstick is
	Lines   []Line

	// Each runs one slice of about this length and returns a value for each line.
	Product, Yardstick func(ctx context.Context, length time.Duration) ([]float64, error)
}

// Line is one value of a figure.
type Line struct {
	Unit string // "calls/s"
	Goal *Goal  // nil: the line explains, it is not judged
}

// Goal is what a line is to reach.
type Goal struct {
	Text string // "ratio ≥ 0.6"
	Met  func(Result) bool
}

// Plan says how a pair is run.
type Plan struct {
	Slices int           // of each side
	Length time.Duration // of a slice
}

// Result is a line as it was measured. A ratio is the product's value divided by the yardstick's of the same turn.
type Result struct {
	Figure, Against string
	Line
	Product, Yardstick, Ratio Spread
}

// Run warms both sides, then runs slices of product and yardstick in turn.
func (p Pair) Run(ctx context.Context, plan Plan) ([]Result, error) {
	var turns []turn
	for i := range plan.Slices + 1 {
		t, err := p.turn(ctx, plan.Length)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Figure, err)
		}
		if i > 0 { // the first turn warms
			turns = append(turns, t)
		}
	}
	return p.results(turns), nil
}

// turn is one slice of each side.
type turn struct{ product, yardstick []float64 }

func (p Pair) turn(ctx context.Context, length time.Duration) (t turn, err error) {
	if t.product, err = p.slice(ctx, length, p.Product); err != nil {
		return t, err
	}
	if t.yardstick, err = p.slice(ctx, length, p.Yardstick); err != nil {
		return t, fmt.Errorf("yardstick: %w", err)
	}
	return t, nil
}

func (p Pair) slice(
	ctx context.Context, length time.Duration, side func(context.Context, time.Duration) ([]float64, error),
) ([]float64, error) {
	runtime.GC() // no slice pays for the garbage of the one before
	values, err := side(ctx, length)
	if err == nil && len(values) != len(p.Lines) {
		err = fmt.Errorf("%d values for %d lines", len(values), len(p.Lines))
	}
	return values, err
}

func (p Pair) results(turns []turn) []Result {
	var out []Result
	for i, line := range p.Lines {
		var product, yardstick, ratio []float64
		for _, t := range turns {
			product, yardstick = append(product, t.product[i]), append(yardstick, t.yardstick[i])
			ratio = append(ratio, t.product[i]/t.yardstick[i])
		}
		out = append(out, Result{
			Figure: p.Figure, Against: p.Against, Line: line,
			Product: spreadOf(product), Yardstick: spreadOf(yardstick), Ratio: spreadOf(ratio),
		})
	}
	return out
}

// AtLeast is a goal for the median of the ratios.
func AtLeast(ratio float64) *Goal {
	return &Goal{fmt.Sprintf("ratio ≥ %g", ratio), func(r Result) bool { return r.Ratio.Median >= ratio }}
}

// AtMost is a goal for the median of the ratios.
func AtMost(ratio float64) *Goal {
	return &Goal{fmt.Sprintf("ratio ≤ %g", ratio), func(r Result) bool { return r.Ratio.Median <= ratio }}
}

// Below is a goal for the product's own median.
func Below(value float64) *Goal {
	return &Goal{fmt.Sprintf("< %g", value), func(r Result) bool { return r.Product.Median < value }}
}

// NoMoreThan is a goal for the product's own median that may be reached exactly.
func NoMoreThan(value float64) *Goal {
	return &Goal{fmt.Sprintf("≤ %g", value), func(r Result) bool { return r.Product.Median <= value }}
}

// NoLessThan is a goal for the product's own median.
func NoLessThan(value float64) *Goal {
	return &Goal{fmt.Sprintf("≥ %g", value), func(r Result) bool { return r.Product.Median >= value }}
}

// Alone is a value that was measured once and has no yardstick.
func Alone(figure string, line Line, value float64) Result {
	return Result{Figure: figure, Line: line, Product: spreadOf([]float64{value})}
}
