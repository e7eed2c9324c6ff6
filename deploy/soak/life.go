package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"example.com/handover/deploy/journey"
)

// roundTimeout ends a round that hangs. Most need some seconds, and minutes beside other work.
const roundTimeout = 20 * time.Minute

// lives are the customers that come, stay under contract for as long as their term binds them, and leave: about as many
// leave as come, so that the deployment does the same work hour by hour.
type lives struct {
	reseller *journey.Life
	bound    []*journey.Life // their terms bind them
	leaving  []*journey.Life // they have left, and their last month is not invoiced yet
	over     int
}

// round plays one customer who declines and one to the first invoice, and sees to those of before.
func (l *lives) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	if _, err := l.play(ctx, journey.Declined); err != nil {
		return err
	}
	one, err := l.play(ctx, journey.Whole)
	if err != nil {
		return err
	}
	l.bound = append(l.bound, one)
	return l.part(ctx)
}

func (l *lives) play(ctx context.Context, play func(*journey.Life) error) (*journey.Life, error) {
	one, err := l.reseller.Another(ctx, io.Discard)
	if err != nil {
		return nil, err
	}
	if err := play(one); err != nil {
		return nil, fmt.Errorf("life %d: %w", l.over+1, err)
	}
	l.over++
	return one, nil
}

// part forgets those who are gone, and lets those leave whom nothing binds any more.
func (l *lives) part(ctx context.Context) error {
	if _, err := take(ctx, &l.leaving, journey.Left); err != nil {
		return err
	}
	left, err := take(ctx, &l.bound, leave)
	l.leaving = append(l.leaving, left...)
	return err
}

// take takes those off for whom a step says that it is done. The oldest are the first: they came in this order.
func take(ctx context.Context, from *[]*journey.Life, step func(*journey.Life) (bool, error)) (taken []*journey.Life, err error) {
	for len(*from) > 0 {
		first, err := journey.Again(ctx, (*from)[0], io.Discard)
		if err != nil {
			return taken, err
		}
		if done, err := step(first); err != nil || !done {
			return taken, err
		}
		*from, taken = (*from)[1:], append(taken, first)
	}
	return taken, nil
}

func leave(l *journey.Life) (bool, error) {
	bound, err := journey.Bound(l)
	if err != nil || bound {
		return false, err
	}
	return true, journey.Leave(l)
}

func (l *lives) String() string {
	return fmt.Sprintf("%d lives over, %d under contract, %d leaving", l.over, len(l.bound), len(l.leaving))
}
