package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// kill is one way to die. Exactly one of its three parts is set.
type kill struct {
	point string // as the table shows it

	faults []*sandboxv1.Fault // of the simulator: the last one kills the caller
	probe  string             // of the process itself: it dies at the n-th pass
	passes int                // n is at most this: about as many as a life has

	strikes int           // how often it is killed at any moment
	within  time.Duration // each time within this time after the last
}

// card is a kill in a life.
type card struct {
	kill kill
	plot plot
}

func (c card) String() string { return c.kill.point + ", " + c.plot.name }

// cards are all kills, each in every life that comes past it.
func cards() []card {
	lives := plots()
	accepted, declined, rejected := lives[0], lives[1], lives[2]
	var out []card
	add := func(p plot, kills ...kill) {
		for _, k := range kills {
			out = append(out, card{k, p})
		}
	}
	add(accepted, atAWS("AssumeRole")...)
	add(accepted, atAWS("InviteOrganizationToTransferResponsibility")...)
	add(accepted, atAWS("DescribeResponsibilityTransfer")...)
	add(accepted, atAWS("ListInboundResponsibilityTransfers", lostAnswer())...)
	add(accepted, atAWS("DescribeHandshake", lostAnswer())...)
	add(declined, atAWS("DescribeResponsibilityTransfer")...)
	add(rejected, atAWS("CancelHandshake")...)
	add(rejected, atAWS("DescribeResponsibilityTransfer")...)
	for _, p := range lives {
		add(p, inside()...)
		add(p, kill{point: "any moment", strikes: 1, within: 1200 * time.Millisecond})
		add(p, kill{point: "any two moments", strikes: 2, within: 1200 * time.Millisecond})
	}
	return out
}

// atAWS kills the caller of an operation at each moment of the call, after other faults that lead to it.
func atAWS(operation string, before ...*sandboxv1.Fault) []kill {
	var out []kill
	for _, m := range []sandboxv1.FaultMoment{
		sandboxv1.FaultMoment_FAULT_MOMENT_REQUEST_RECEIVED, sandboxv1.FaultMoment_FAULT_MOMENT_EFFECT_COMMITTED,
		sandboxv1.FaultMoment_FAULT_MOMENT_ANSWER_SENT,
	} {
		f := &sandboxv1.Fault{Operation: operation, Kind: sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER, Moment: m, Times: 1}
		out = append(out, kill{
			point:  fmt.Sprintf("%s %s", operation, m.String()[len("FAULT_MOMENT_"):]),
			faults: append(slices.Clone(before), f),
		})
	}
	return out
}

// lostAnswer makes the suite look its invitation up.
func lostAnswer() *sandboxv1.Fault {
	return &sandboxv1.Fault{
		Operation: "InviteOrganizationToTransferResponsibility", Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: 1,
	}
}

// inside are the points around every commit and acknowledgement.
func inside() []kill {
	return []kill{
		{point: "commit.before", probe: "commit.before", passes: 45},
		{point: "commit.after", probe: "commit.after", passes: 45},
		{point: "relay.publish.before", probe: "relay.publish.before", passes: 9},
		{point: "relay.publish.after", probe: "relay.publish.after", passes: 9},
		{point: "consume.commit.after", probe: "consume.commit.after", passes: 8},
		{point: "consume.ack.after", probe: "consume.ack.after", passes: 8},
	}
}

// draw returns the card of a round. Every card comes up once before any comes up again.
func draw(seed uint64, round int) card {
	all := cards()
	pass, place := (round-1)/len(all), (round-1)%len(all)
	random := rand.New(rand.NewPCG(seed, uint64(pass)))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[place]
}
