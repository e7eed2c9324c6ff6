package main

import "time"

// cards are all kills, each in every life that comes past it.
func cards() (out []card) {
	for _, o := range calls() {
		for _, k := range o.kills() {
			out = append(out, card{k, named(o.plot)})
		}
	}
	for _, p := range plots() {
		if p.early {
			continue
		}
		for _, k := range append(inside(p.size), anyMoment(p.size)...) {
			out = append(out, card{k, p})
		}
	}
	return out
}

// inside are the points around every commit and acknowledgement.
func inside(size int) (out []kill) {
	for _, at := range []struct {
		probe  string
		passes int // of the shortest life
	}{
		{"commit.before", 45},
		{"commit.after", 45},
		{"relay.publish.before", 9},
		{"relay.publish.after", 9},
		{"consume.commit.after", 8},
		{"consume.ack.after", 8},
	} {
		out = append(out, kill{group: "inside", point: at.probe, probe: at.probe, passes: size * at.passes})
	}
	return out
}

func anyMoment(size int) []kill {
	within := time.Duration(size) * 1200 * time.Millisecond
	return []kill{
		{group: "any moment", point: "any moment", strikes: 1, within: within},
		{group: "any moment", point: "any two moments", strikes: 2, within: within},
	}
}
