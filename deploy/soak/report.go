package main

import (
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"
)

const (
	quarters = 4
	flat     = 0.05             // of the mean: how much the last half may rise
	judged   = 30 * time.Minute // shorter runs are not
)

// figure is one of the things that a process must not hold more and more of.
type figure struct {
	name string
	unit float64
	of   func(sample) float64
}

func figures() []figure {
	return []figure{
		{"RSS MB", 1e6, func(s sample) float64 { return s.rss }},
		{"heap MB", 1e6, func(s sample) float64 { return s.heap }},
		{"live heap MB", 1e6, func(s sample) float64 { return s.live }},
		{"goroutines", 1, func(s sample) float64 { return s.goroutines }},
		{"descriptors", 1, func(s sample) float64 { return s.files }},
	}
}

// report prints the medians by quarter and the line through the last half, and says what is not flat.
func (w *watch) report() error {
	if len(w.samples) < quarters {
		return fmt.Errorf("%d samples are too few: --for must be several times --sample", len(w.samples))
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(t, "quarter\tlives\t")
	for _, f := range figures() {
		_, _ = fmt.Fprintf(t, "%s\t", f.name)
	}
	_, _ = fmt.Fprintln(t)
	for q := range quarters {
		part := w.samples[q*len(w.samples)/quarters : (q+1)*len(w.samples)/quarters]
		_, _ = fmt.Fprintf(t, "%d\t%d\t", q+1, part[len(part)-1].lives)
		for _, f := range figures() {
			_, _ = fmt.Fprintf(t, "%.1f\t", median(part, f)/f.unit)
		}
		_, _ = fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	var rising []error
	half := w.samples[len(w.samples)/2:]
	for _, f := range figures() {
		l := fit(half, f.of)
		_, _ = fmt.Fprintf(w.out, "last half, %s: %+.3f a minute, %+.1f %% in all\n", f.name, l.slope/f.unit, 100*l.rise)
		if l.rise > flat {
			rising = append(rising, fmt.Errorf("%s rises by %.1f %% in the last half, more than %.0f %%", f.name, 100*l.rise, 100*flat))
		}
	}
	_, _ = fmt.Fprintf(w.out, "soak: %d lives in %s, none failed\n", w.lives, w.samples[len(w.samples)-1].after.Round(time.Second))
	if w.flags.Length < judged {
		return nil
	}
	return errors.Join(rising...)
}

func median(of []sample, f figure) float64 {
	var values []float64
	for _, s := range of {
		values = append(values, f.of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// line is the one of least squares.
type line struct {
	slope float64 // a minute
	rise  float64 // from the first sample to the last, as a part of the mean
}

func fit(samples []sample, of func(sample) float64) line {
	var x, y float64 // means
	n := float64(len(samples))
	for _, s := range samples {
		x, y = x+s.after.Minutes()/n, y+of(s)/n
	}
	var xy, xx float64
	for _, s := range samples {
		dx := s.after.Minutes() - x
		xy, xx = xy+dx*(of(s)-y), xx+dx*dx
	}
	if xx == 0 || y == 0 {
		return line{}
	}
	slope := xy / xx
	return line{slope: slope, rise: slope * (samples[len(samples)-1].after - samples[0].after).Minutes() / y}
}
