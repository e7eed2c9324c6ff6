package main

import (
	"time"

	"example.com/handover/deploy/journey"
)

// plot is one life of an order.
type plot struct {
	name string
	play func(*journey.Life) error
	race bool // how far it comes before its end differs from time to time
}

// thinking is how long the customer takes to answer an invitation, in business time: AWS is asked some times meanwhile.
const thinking = 30 * time.Minute

// plots are the lives: the good one, and those that end otherwise.
func plots() []plot {
	return []plot{
		{name: "accepted", play: func(l *journey.Life) error {
			if _, err := l.Invited(); err != nil {
				return err
			}
			_, err := l.Accept(thinking)
			return err
		}},
		{name: "declined", play: func(l *journey.Life) error {
			if _, err := l.Invited(); err != nil {
				return err
			}
			return l.Decline(thinking)
		}},
		{name: "rejected", play: func(l *journey.Life) error {
			if _, err := l.Invited(); err != nil {
				return err
			}
			return l.Reject()
		}},
		{name: "rejected at once", race: true, play: (*journey.Life).Reject},
	}
}

// live plays the whole life and looks at it from outside.
func (p plot) live(l *journey.Life) (journey.Evidence, error) {
	for _, part := range []func(*journey.Life) error{(*journey.Life).Draft, (*journey.Life).Submit, p.play} {
		if err := part(l); err != nil {
			return journey.Evidence{}, err
		}
	}
	return l.Evidence()
}
