package main

import (
	"slices"
	"syscall"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// call is a call of the suite to the outside, whose caller is killed at each of its moments.
type call struct {
	scenario, service, operation string

	step  string // in which it is made; empty: it is the first of its kind
	after precondition
}

// precondition is what must happen to another call before this one is made at all.
type precondition struct {
	kind      sandboxv1.FaultKind
	operation string
	times     int32
	title     string
}

// attempts is how often AWS's SDK makes a call whose answer gets lost.
const attempts = 3

// lost is a call whose answer does not come so many times.
func lost(operation string, times int32) precondition {
	return precondition{sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, operation, times, " after a loss"}
}

// duplicated is a call that is carried out twice, as if somebody on the way had repeated it.
func duplicated(operation string) precondition {
	return precondition{sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, operation, 1, " after a duplicate"}
}

// kills are those of a call: when it is received, when its effect is there, and when it is answered.
func (c call) kills() (out []kill) {
	for _, m := range moments() {
		k := c.met(sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER, m)
		k.group, k.signal = c.group(), syscall.SIGKILL
		k.point += " " + m.String()[len("FAULT_MOMENT_"):]
		out = append(out, k)
	}
	return out
}

// stops are those of a caller that is asked to end.
func (c call) stops() (out []kill) {
	for _, m := range moments() {
		k := c.met(sandboxv1.FaultKind_FAULT_KIND_STOP_CALLER, m)
		k.group, k.signal = "stop in a call", syscall.SIGTERM
		k.point += " STOP " + m.String()[len("FAULT_MOMENT_"):]
		out = append(out, k)
	}
	return out
}

// reset is a connection that breaks before the call has an effect. Nobody dies.
func (c call) reset() kill {
	k := c.met(sandboxv1.FaultKind_FAULT_KIND_RESET, sandboxv1.FaultMoment_FAULT_MOMENT_UNSPECIFIED)
	k.group, k.point = "reset", k.point+" RESET"
	return k
}

func moments() []sandboxv1.FaultMoment {
	return []sandboxv1.FaultMoment{
		sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED, sandboxv1.FaultMoment_FAULT_MOMENT_EFFECT_COMMITTED,
		sandboxv1.FaultMoment_FAULT_MOMENT_ANSWER_SENT,
	}
}

// met is the call with a fault, after what must happen before it is made.
func (c call) met(kind sandboxv1.FaultKind, moment sandboxv1.FaultMoment) kill {
	k := kill{shape: together, step: c.step, point: c.operation}
	if c.step != "" {
		k.point += " when " + c.step
	}
	if c.after.operation != "" {
		k.faults = append(k.faults, &sandboxv1.Fault{Service: c.service, Operation: c.after.operation, Kind: c.after.kind, Times: c.after.times})
		k.point += c.after.title
	}
	k.faults = append(k.faults, &sandboxv1.Fault{Service: c.service, Operation: c.operation, Kind: kind, Moment: moment, Times: 1})
	return k
}

// group takes together what only the long life comes past.
func (c call) group() string {
	if slices.Contains([]string{"invoicing", "billing", "ce"}, c.service) {
		return "billing"
	}
	return c.service
}
