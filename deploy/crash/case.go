package main

import (
	"math/rand/v2"
	"slices"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// kill is one way to die. Exactly one of its three parts is set.
type kill struct {
	group string // of its kind: the first rounds of a run show one of each
	point string // as the table shows it

	faults []*sandboxv1.Fault // of the simulators: the last one kills the caller
	step   string             // before which they are set; empty: the first

	probe  string // of the process itself: it dies at the n-th pass
	passes int    // n is at most this: about as many as a life has

	times  int           // how often it is killed at any moment
	within time.Duration // each time within this time after the last
}

// killCase is a kill in a scenario.
type killCase struct {
	kill     kill
	scenario scenario
}

func (c killCase) String() string { return c.kill.point + ", " + c.scenario.name }

// choose returns the case of a round. Every case comes up once before any comes up again, and those of one group are
// spread: a short run has seen most groups.
func choose(seed uint64, round int) killCase {
	all := killCases()
	pass, place := (round-1)/len(all), (round-1)%len(all)
	random := rand.New(rand.NewPCG(seed, uint64(pass)))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	depth, of := map[string]int{}, make(map[string]int, len(all)) // how many of its group are before a case
	for _, c := range all {
		of[c.String()] = depth[c.kill.group]
		depth[c.kill.group]++
	}
	slices.SortStableFunc(all, func(a, b killCase) int { return of[a.String()] - of[b.String()] })
	return all[place]
}
