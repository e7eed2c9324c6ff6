package main

import (
	"fmt"
	"slices"

	"example.com/handover/deploy/journey"
)

// plot is one life of an order.
type plot struct {
	name  string
	acts  []act
	size  int  // how long it is, in shortest lives: about as many commits more does it take
	race  bool // how far it comes before its end differs from time to time
	early bool // all of it is in a longer plot, too
}

// act is a part of a life, before which something can be made ready to go wrong.
type act struct {
	name string
	play func(*journey.Life) error
}

// plots are the lives: the good one as far as it matters, and those that end otherwise.
func plots() []plot {
	begun := []act{draft(), submit(), invited()}
	under := append(slices.Clip(begun), accepted())
	completed := append(slices.Clip(under), termAccepted(), roleDeployed(), said(), heard(), resolved())
	return []plot{
		{name: "accepted", size: 1, early: true, acts: under},
		{name: "completed", size: 2, early: true, acts: completed},
		{name: "invoiced", size: 3, acts: slices.Concat([]act{lateInTheMonth()}, completed, []act{live()}, month("first month"), month("second month"))},
		{name: "declined", size: 1, acts: []act{draft(), send(), submit(), invited(), reminded(), declined()}},
		{name: "rejected", size: 1, acts: append(slices.Clip(begun), rejected())},
		{name: "rejected at once", size: 1, race: true, acts: []act{draft(), submit(), rejected()}},
		{name: "accepted while rejected", size: 1, acts: append(slices.Clip(begun), acceptedUnseen(), failed(), decided())},
		{name: "rejected under contract", size: 2, acts: append(slices.Clip(under), failed(), decided())},
		{name: "roles missing", size: 2, acts: append([]act{ledByPartner()}, append(slices.Clip(under), termAccepted(), overdue(), decided())...)},
	}
}

// named returns the plot of a name. There is one: the cards are written beside it.
func named(name string) plot {
	all := plots()
	return all[slices.IndexFunc(all, func(p plot) bool { return p.name == name })]
}

// live plays the whole life and looks at it from outside. Before each act it says so. Unless the plot is a race, all
// that an act has begun is over before the next: what comes of it must not depend on who is faster.
func (p plot) live(l *journey.Life, before func(act string) error) (journey.Evidence, error) {
	for _, a := range p.acts {
		if err := before(a.name); err != nil {
			return journey.Evidence{}, err
		}
		if err := a.play(l); err != nil {
			return journey.Evidence{}, fmt.Errorf("%s: %w", a.name, err)
		}
		if p.race {
			continue
		}
		if err := l.Quiet(); err != nil {
			return journey.Evidence{}, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return l.Evidence()
}
