package main

import (
	"syscall"
	"testing"
)

// rounds are some at one point each, of a group; ended says how many of them ended a process.
func rounds(n, ended int, group string, k kill) (all []*round) {
	k.group = group
	for i := range n {
		one := &round{killCase: killCase{kill: k}}
		if i < ended {
			one.ends = 1
		}
		all = append(all, one)
	}
	return all
}

func TestARunThatEndsNothingFails(t *testing.T) {
	call := kill{shape: together, signal: syscall.SIGKILL, point: "CreateBillingGroup EFFECT_COMMITTED"}
	inside := kill{shape: together, signal: syscall.SIGKILL, point: "commit.after", passes: 20}
	other := func(point string) kill {
		k := call
		k.point = point
		return k
	}
	nobody := kill{shape: together, point: "CreateBillingGroup RESET"}
	for name, tt := range map[string]struct {
		rounds [][]*round
		want   string
	}{
		"all are reached":   {[][]*round{rounds(3, 3, "billingconductor", call)}, ""},
		"one of three is":   {[][]*round{rounds(3, 1, "billingconductor", call)}, ""},
		"nobody was to end": {[][]*round{rounds(5, 0, "reset", nobody)}, ""},
		"nobody has ended": {
			[][]*round{rounds(1, 0, "billingconductor", call), rounds(1, 0, "inside", inside), rounds(2, 0, "reset", nobody)},
			"2 rounds were to end a process, and none has ended",
		},
		"a point that no round comes to": {
			[][]*round{rounds(3, 0, "billingconductor", call), rounds(1, 1, "billingconductor", other("CreateBillingGroup ANSWER_SENT"))},
			`3 rounds were to end a process at the point "together, CreateBillingGroup EFFECT_COMMITTED", and none has ended one there`,
		},
		"a group that no round comes to": {
			[][]*round{
				rounds(2, 0, "billingconductor", call), rounds(1, 0, "billingconductor", other("CreateBillingGroup ANSWER_SENT")),
				rounds(1, 1, "inside", inside),
			},
			`3 rounds were to end a process at the group "billingconductor", and none has ended one there`,
		},
		"a pass that few rounds come to": {[][]*round{rounds(7, 0, "inside", inside), rounds(1, 1, "billingconductor", call)}, ""},
		"a pass that is never come to": {
			[][]*round{rounds(8, 0, "inside", inside), rounds(1, 1, "billingconductor", call)},
			`8 rounds were to end a process at the group "inside", and none has ended one there`,
		},
		"one round of each group": {
			[][]*round{rounds(1, 0, "billingconductor", call), rounds(1, 0, "inside", inside), rounds(1, 1, "smtp", other("DATA"))}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			table := newTable()
			for _, some := range tt.rounds {
				for _, one := range some {
					table.add(one)
				}
			}
			var got []string
			if err := table.judge(); err != nil {
				got = append(got, err.Error())
			}
			expect(t, got, tt.want)
		})
	}
}
