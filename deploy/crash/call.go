package main

import (
	"fmt"
	"slices"

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
	var before []*sandboxv1.Fault
	title := c.operation
	if c.step != "" {
		title += " when " + c.step
	}
	if c.after.operation != "" {
		before = append(before, &sandboxv1.Fault{Service: c.service, Operation: c.after.operation, Kind: c.after.kind, Times: c.after.times})
		title += c.after.title
	}
	for _, m := range []sandboxv1.FaultMoment{
		sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED, sandboxv1.FaultMoment_FAULT_MOMENT_EFFECT_COMMITTED,
		sandboxv1.FaultMoment_FAULT_MOMENT_ANSWER_SENT,
	} {
		out = append(out, kill{
			group: c.group(), step: c.step, point: fmt.Sprintf("%s %s", title, m.String()[len("FAULT_MOMENT_"):]),
			faults: append(slices.Clone(before), &sandboxv1.Fault{
				Service: c.service, Operation: c.operation, Kind: sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER, Moment: m, Times: 1,
			}),
		})
	}
	return out
}

// group takes together what only the long life comes past.
func (c call) group() string {
	if slices.Contains([]string{"invoicing", "billing", "ce"}, c.service) {
		return "billing"
	}
	return c.service
}
