package main

import (
	"fmt"
	"slices"
	"syscall"
)

// killCases are all kills, each in every scenario that reaches it.
func killCases() []killCase {
	return slices.Concat(inCalls(), inside(), atAnyMoment(), onDisks(), inStarts(), inActs())
}

func inCalls() (out []killCase) {
	for _, c := range calls() {
		for _, k := range append(c.kills(), c.stops()...) {
			out = append(out, killCase{kill: k, scenario: named(c.scenario)})
		}
		if c.after.operation == "" {
			out = append(out, killCase{kill: c.reset(), scenario: named(c.scenario)})
		}
	}
	return out
}

// whole are the scenarios of which no other one has all.
func whole() []scenario {
	return slices.DeleteFunc(scenarios(), func(s scenario) bool { return s.contained })
}

// deep are those that come to a contract.
func deep() (all []scenario) {
	for _, s := range whole() {
		if s.size > 1 {
			all = append(all, s)
		}
	}
	return all
}

// inside are the points around every commit and acknowledgement.
func inside() (out []killCase) {
	for _, at := range []struct {
		probe  string
		passes int // about as many as a step has
	}{
		{"commit.before", 20},
		{"commit.after", 20},
		{"relay.publish.before", 3},
		{"relay.publish.after", 3},
		{"consume.commit.after", 2},
		{"consume.ack.after", 2},
	} {
		for _, s := range whole() {
			k := kill{group: "inside", shape: together, signal: syscall.SIGKILL, point: at.probe, probe: at.probe, passes: at.passes}
			out = append(out, killCase{kill: k, scenario: s})
			k.group, k.signal, k.point = "stop inside", syscall.SIGTERM, at.probe+" STOP"
			out = append(out, killCase{kill: k, scenario: s})
		}
	}
	return out
}

// verb is what a signal does to a process.
func verb(s syscall.Signal) string {
	switch s {
	case syscall.SIGTERM:
		return "stopped"
	case syscall.SIGQUIT:
		return "shut down immediately"
	case syscall.SIGINT:
		return "shut down fast"
	default:
		return "killed"
	}
}

// atAnyMoment are the ends that come from here, at moments that are spread over the whole life.
func atAnyMoment() (out []killCase) {
	for _, c := range []struct {
		shape  shape
		victim victim
		times  int
		signal []syscall.Signal
	}{
		{together, oneOfSuite, 1, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{together, oneOfSuite, 2, []syscall.Signal{syscall.SIGKILL}},
		{together, sandbox, 1, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{together, natsServer, 1, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{together, world, 1, []syscall.Signal{syscall.SIGKILL}},
		{separate, oneOfSuite, 2, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{separate, replica, 2, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{separate, sandbox, 1, []syscall.Signal{syscall.SIGKILL}},
		{separate, natsServer, 1, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}},
		{separate, database, 1, []syscall.Signal{syscall.SIGKILL, syscall.SIGQUIT, syscall.SIGINT}},
		{separate, world, 1, []syscall.Signal{syscall.SIGKILL}},
	} {
		for _, signal := range c.signal {
			k := kill{
				group: fmt.Sprintf("%s %s %s", c.shape, c.victim, verb(signal)), shape: c.shape, signal: signal,
				victim: c.victim, times: c.times, company: true,
				point: fmt.Sprintf("%s %s at %s", c.victim, verb(signal), []string{"", "any moment", "any two moments"}[c.times]),
			}
			for _, s := range deep() {
				out = append(out, killCase{kill: k, scenario: s})
			}
		}
	}
	return out
}

// onDisks are those of what processes write to: it refuses for a while, or all of it is put back to a copy.
func onDisks() (out []killCase) {
	for _, c := range []struct {
		shape shape
		act   act
		point string
	}{
		{together, diskFull, "every write is refused for a while"},
		{separate, readOnly, "PostgreSQL is read-only for a while"},
		{together, restore, "machine killed, and back to a snapshot of its disk"},
	} {
		k := kill{group: string(c.act), shape: c.shape, act: c.act, point: c.point, times: 1}
		if c.act == restore {
			k.signal, k.victim = syscall.SIGKILL, world
		}
		for _, s := range deep() {
			out = append(out, killCase{kill: k, scenario: s})
		}
	}
	return out
}

// inStarts are ends before the process is ready: when it comes back, and when it has its databases still to make.
func inStarts() (out []killCase) {
	for _, shape := range []shape{together, separate} {
		for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
			for _, s := range []string{"invoiced", "roles missing"} {
				out = append(out, killCase{kill: kill{
					group: fmt.Sprintf("%s start", shape), shape: shape, signal: signal, victim: oneOfSuite, times: 1, starting: 2,
					point: "service " + verb(signal) + " twice in its start",
				}, scenario: named(s)})
			}
			out = append(out, killCase{kill: kill{
				group: fmt.Sprintf("%s first start", shape), shape: shape, signal: signal, victim: oneOfSuite, first: true, starting: 3,
				point: "service " + verb(signal) + " three times in its first start",
			}, scenario: named("completed")})
		}
		out = append(out, killCase{kill: kill{
			group: fmt.Sprintf("%s first start", shape), shape: shape, signal: syscall.SIGKILL, victim: sandbox, first: true, starting: 3,
			point: "sandbox killed three times in its first start",
		}, scenario: named("completed")})
	}
	return out
}

// inActs are ends while operators do what touches everything.
func inActs() (out []killCase) {
	for _, c := range []struct {
		act    act
		victim victim
		shapes []shape
	}{
		{republish, oneOfSuite, []shape{together, separate}},
		{erasure, ofOrders, []shape{together, separate}},
		{replay, ofOrders, []shape{separate}},
	} {
		for _, shape := range c.shapes {
			for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
				out = append(out, killCase{kill: kill{
					group: string(c.act), shape: shape, signal: signal, victim: c.victim, act: c.act,
					point: fmt.Sprintf("%s %s in %s", c.victim, verb(signal), c.act),
				}, scenario: named("completed")})
			}
		}
	}
	return out
}
