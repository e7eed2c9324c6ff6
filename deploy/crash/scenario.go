package main

import (
	"fmt"
	"slices"

	"example.com/handover/deploy/journey"
)

// scenario is one course that an order may take.
type scenario struct {
	name      string
	steps     []step
	size      int  // how long it is, in shortest scenarios
	race      bool // how far it comes before its end differs from time to time
	contained bool // all of it is in a longer scenario, too
}

// step is a part of a life, before which something can be made ready to go wrong.
type step struct {
	name string
	play func(*journey.Life) error
}

// scenarios are all of them: the good one as far as it matters, and those that end otherwise.
func scenarios() []scenario {
	begun := []step{draft(), submit(), invited()}
	under := append(slices.Clip(begun), accepted())
	completed := append(slices.Clip(under), termAccepted(), roleDeployed(), commentedHere(), commentedInServiceNow(), resolved())
	return []scenario{
		{name: "accepted", size: 1, contained: true, steps: under},
		{name: "completed", size: 2, contained: true, steps: completed},
		{
			name: "invoiced", size: 3,
			steps: slices.Concat([]step{lateInTheMonth()}, completed, []step{live()}, month("first month"), month("second month")),
		},
		{name: "declined", size: 1, steps: []step{draft(), send(), submit(), invited(), reminded(), declined()}},
		{name: "rejected", size: 1, steps: append(slices.Clip(begun), rejected())},
		{name: "withdrawn in AWS", size: 2, steps: append(slices.Clip(under), withdrawn(), monthEnded())},
		{name: "rejected at once", size: 1, race: true, steps: []step{draft(), submit(), rejected()}},
		{name: "accepted while rejected", size: 1, steps: append(slices.Clip(begun), acceptedUnseen(), failed(), decided())},
		{name: "rejected under contract", size: 2, steps: append(slices.Clip(under), failed(), decided())},
		{
			name: "roles missing", size: 2,
			steps: append([]step{ledByPartner()}, append(slices.Clip(under), termAccepted(), overdue(), decided())...),
		},
	}
}

// named returns the scenario of a name. There is one: the calls are written beside it.
func named(name string) scenario {
	all := scenarios()
	return all[slices.IndexFunc(all, func(s scenario) bool { return s.name == name })]
}

// play plays every step. Before each it calls before with its number. Unless the scenario is a race, all that a step has
// begun is over before the next: what comes of it must not depend on who is faster.
func (s scenario) play(l *journey.Life, before func(step int) error) error {
	for i, step := range s.steps {
		if err := before(i); err != nil {
			return err
		}
		if err := step.play(l); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if s.race {
			continue
		}
		if err := l.Quiet(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}
