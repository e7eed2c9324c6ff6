package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"example.com/handover/deploy/journey"
)

// lifeTimeout is what a life may take. Most need a few seconds.
const lifeTimeout = 5 * time.Minute

// lives are the customers that come, stay under contract for as long as their term binds them, and leave: about as many
// leave as come, so that the deployment does the same work hour by hour.
type lives struct {
	reseller *journey.Life
	bound    []*journey.Life // their terms bind them
	leaving  []*journey.Life // they have left, and their last month is not invoiced yet
	over     int
}

// round plays one customer to the first invoice, and one who declines, and sees to those of before.
func (l *lives) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lifeTimeout)
	defer cancel()
	for _, play := range []func(*journey.Life) error{(*journey.Life).PlayDeclined, (*journey.Life).Whole} {
		one, err := l.reseller.Another(ctx, io.Discard)
		if err != nil {
			return err
		}
		if err := play(one); err != nil {
			return fmt.Errorf("life %d: %w", l.over+1, err)
		}
		l.over++
		l.bound = append(l.bound, one)
	}
	l.bound = slices.Delete(l.bound, len(l.bound)-2, len(l.bound)-1) // who declined is bound by nothing
	return l.part(ctx)
}

// part lets those leave whom nothing binds any more, and forgets those who are gone.
func (l *lives) part(ctx context.Context) error {
	for _, part := range []struct {
		of, to *[]*journey.Life
		step   func(*journey.Life) (bool, error)
	}{{&l.leaving, nil, (*journey.Life).Left}, {&l.bound, &l.leaving, leave}} {
		for len(*part.of) > 0 { // the oldest is the first to go
			first, err := (*part.of)[0].Again(ctx, io.Discard)
			if err != nil {
				return err
			}
			went, err := part.step(first)
			if err != nil {
				return err
			}
			if !went {
				break
			}
			*part.of = (*part.of)[1:]
			if part.to != nil {
				*part.to = append(*part.to, first)
			}
		}
	}
	return nil
}

func leave(l *journey.Life) (bool, error) {
	bound, err := l.Bound()
	if err != nil || bound {
		return false, err
	}
	return true, l.Leave()
}

func (l *lives) String() string {
	return fmt.Sprintf("%d lives over, %d under contract, %d leaving", l.over, len(l.bound), len(l.leaving))
}
