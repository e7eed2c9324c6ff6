package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// kill is one way to disturb a life, mostly by the end of a process.
type kill struct {
	group string // of its kind: the first rounds of a run show one of each
	point string // as the table shows it
	shape shape

	signal syscall.Signal // that ends; 0: nobody ends

	faults []*sandboxv1.Fault // of the simulators: the last one ends the caller
	step   string             // before which they are set; empty: the first

	probe  string // of the process itself: it ends at the n-th pass
	passes int    // n is at most this

	victim   victim // who is struck from here
	times    int    // how often, at any moments of the life
	starting int    // how often it is struck again while it starts
	first    bool   // it is struck while it starts for the first time, and has everything to make
	act      act    // while this is done
	company  bool   // other lives are under way where it is struck
}

// victim says which processes end.
type victim string

const (
	oneOfSuite victim = "service" // any one of the suite
	ofOrders   victim = "orders"  // the process that hosts orders, which holds persons
	replica    victim = "replica" // one of the two that host the same service
	sandbox    victim = "sandbox" // the world outside
	natsServer victim = "nats"
	database   victim = "postgres"
	world      victim = "machine" // all at once
)

// act is what operators do in a life.
type act string

const (
	republish act = "republish"
	erasure   act = "erasure"
	replay    act = "replay"    // of a dead letter
	diskFull  act = "disk full" // not the operators' doing
	readOnly  act = "read-only"
	restore   act = "snapshot"
)

// killCase is a kill in a scenario.
type killCase struct {
	kill     kill
	scenario scenario
	depth    int // how many of its group come before
}

// deck are all cases of some shapes.
type deck []killCase

func newDeck(shapes ...shape) deck {
	return slices.DeleteFunc(killCases(), func(c killCase) bool { return !slices.Contains(shapes, c.kill.shape) })
}

func (c killCase) String() string {
	return fmt.Sprintf("%s, %s, %s", c.kill.point, c.kill.shape, c.scenario.name)
}

// choose returns the case of a round. Every case comes up once before any comes up again, and those of one group are
// spread: a short run has seen many groups.
func (d deck) choose(seed uint64, round int) killCase {
	all := slices.Clone(d)
	pass, place := (round-1)/len(all), (round-1)%len(all)
	random := rand.New(rand.NewPCG(seed, uint64(pass)))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	depth := map[string]int{} // of each group: how many are before
	for i := range all {
		all[i].depth = depth[all[i].kill.group]
		depth[all[i].kill.group]++
	}
	slices.SortStableFunc(all, func(a, b killCase) int { return a.depth - b.depth })
	return all[place]
}
