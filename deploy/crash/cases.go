package main

import "time"

// killCases are all kills, each in every scenario that reaches it.
func killCases() (out []killCase) {
	for _, c := range calls() {
		for _, k := range c.kills() {
			out = append(out, killCase{k, named(c.scenario)})
		}
	}
	for _, s := range scenarios() {
		if s.contained {
			continue
		}
		for _, k := range append(inside(s.size), anyMoment(s.size)...) {
			out = append(out, killCase{k, s})
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
	out := []kill{{group: "any moment", point: "any moment", times: 1, within: within}}
	if size > 1 { // the shortest are over before a second
		out = append(out, kill{group: "any moment", point: "any two moments", times: 2, within: within})
	}
	return out
}
