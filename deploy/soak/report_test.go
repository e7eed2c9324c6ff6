package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestTheRule has a process hold what it does not give back, as its memory, its goroutines or its descriptors.
func TestTheRule(t *testing.T) {
	long := flags{Length: judged}
	for name, c := range map[string]struct {
		flags flags
		after func(i int, s *sample) // changes what is flat otherwise
		wrong string                 // empty: it passes
	}{
		"flat":                     {long, func(int, *sample) {}, ""},
		"growing until the middle": {long, func(i int, s *sample) { s.rss += 1e6 * float64(min(i, 60)) }, ""},
		"up and down":              {long, func(i int, s *sample) { s.heap += 3e7 * float64(i%2) }, ""},
		"shrinking":                {long, func(i int, s *sample) { s.rss -= 1e6 * float64(i) }, ""},
		"memory":                   {long, func(i int, s *sample) { s.rss += 2e5 * float64(i) }, "RSS MB rises by"},
		"live heap":                {long, func(i int, s *sample) { s.live += 1e5 * float64(i) }, "live heap MB rises by"},
		"goroutines":               {long, func(i int, s *sample) { s.goroutines += float64(i / 2) }, "goroutines rises by"},
		"descriptors":              {long, func(i int, s *sample) { s.files += float64(i / 5) }, "descriptors rises by"},
		"a run too short to judge": {flags{Length: judged - 1}, func(i int, s *sample) { s.rss += 1e6 * float64(i) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w := &watch{flags: c.flags, out: &out}
			for i := range 120 {
				s := sample{after: time.Duration(i) * 15 * time.Second, lives: i, rss: 2e8, heap: 8e7, live: 4e7, goroutines: 400, files: 100}
				c.after(i, &s)
				w.samples = append(w.samples, s)
			}
			err := w.report()
			if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("error %v, want %q\n%s", err, c.wrong, out.String())
			}
		})
	}
}

func TestTheLine(t *testing.T) {
	var rising []sample
	for i := range 10 {
		rising = append(rising, sample{after: time.Duration(i) * time.Minute, rss: 100 + 2*float64(i)})
	}
	got := fit(rising, func(s sample) float64 { return s.rss })
	if want := (line{slope: 2, rise: 18.0 / 109}); got.slope-want.slope > 1e-9 || got.rise-want.rise > 1e-9 || want.rise-got.rise > 1e-9 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := fit(rising[:1], func(s sample) float64 { return s.rss }); got != (line{}) {
		t.Errorf("one sample has the line %v", got)
	}
}

func TestTooFewSamples(t *testing.T) {
	w := &watch{samples: make([]sample, quarters-1), out: &bytes.Buffer{}}
	if err := w.report(); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("error %v", err)
	}
}
