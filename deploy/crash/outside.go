package main

import (
	"fmt"
	"slices"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// outside is a call of the suite that is killed at each of its moments.
type outside struct {
	plot, service, operation string

	act   string // in which it is made; empty: it is the first of its kind
	after trouble
}

// trouble is what must happen to another call before this one is made at all.
type trouble struct {
	kind      sandboxv1.FaultKind
	operation string
	times     int32
	title     string
}

// attempts is how often AWS's SDK makes a call whose answer gets lost.
const attempts = 3

// lost is a call whose answer does not come so many times.
func lost(operation string, times int32) trouble {
	return trouble{sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, operation, times, " after a loss"}
}

// doubled is a call that is carried out twice, as if somebody on the way had repeated it.
func doubled(operation string) trouble {
	return trouble{sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, operation, 1, " after a double"}
}

// kills are those of a call: when it is received, when its effect is there, and when it is answered.
func (o outside) kills() (out []kill) {
	var before []*sandboxv1.Fault
	title := o.operation
	if o.act != "" {
		title += " when " + o.act
	}
	if o.after.operation != "" {
		before = append(before, &sandboxv1.Fault{Service: o.service, Operation: o.after.operation, Kind: o.after.kind, Times: o.after.times})
		title += o.after.title
	}
	for _, m := range []sandboxv1.FaultMoment{
		sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED, sandboxv1.FaultMoment_FAULT_MOMENT_EFFECT_COMMITTED,
		sandboxv1.FaultMoment_FAULT_MOMENT_ANSWER_SENT,
	} {
		out = append(out, kill{
			group: o.group(), act: o.act, point: fmt.Sprintf("%s %s", title, m.String()[len("FAULT_MOMENT_"):]),
			faults: append(slices.Clone(before), &sandboxv1.Fault{
				Service: o.service, Operation: o.operation, Kind: sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER, Moment: m, Times: 1,
			}),
		})
	}
	return out
}

// group takes together what only the long life comes past.
func (o outside) group() string {
	if slices.Contains([]string{"invoicing", "billing", "ce"}, o.service) {
		return "billing"
	}
	return o.service
}
