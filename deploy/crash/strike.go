package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
)

// disturb plays the steps, and strikes beside them.
func (r *round) disturb(ctx context.Context, f *fixture, l *journey.Life, b baseline) error {
	blows := make(chan error, len(r.blows))
	waiting := 0
	err := r.scenario.play(l, func(step int) error {
		state, err := l.State()
		if err != nil {
			return err
		}
		r.progress.reach(step, len(r.scenario.steps), r.scenario.steps[step].name, state)
		if r.kill.probe != "" && step == r.armed {
			if err := r.probe(ctx, f.member("product")); err != nil {
				return err
			}
		}
		for _, blow := range r.blows {
			if blow.step == step {
				if r.kill.company {
					if err := r.company.begin(ctx, f); err != nil {
						return err
					}
				}
				waiting++
				go func() { blows <- r.strikeAt(ctx, f, l, blow, b) }()
			}
		}
		return r.setFaults(f, l, r.scenario.steps[step].name)
	})
	for range waiting {
		err = errors.Join(err, <-blows)
	}
	return err
}

// strikeAt strikes in its part of a step, or while an operator acts there.
func (r *round) strikeAt(ctx context.Context, f *fixture, l *journey.Life, at blow, b baseline) error {
	if r.kill.act == replay {
		return r.replayed(ctx, f, l, at)
	}
	if r.kill.act == republish {
		return r.while(ctx, f, at, republishLasts, l.Republish)
	}
	if err := (clock.Machine{}).Wait(ctx, time.Duration(at.part*float64(b.took[at.step]))); err != nil {
		return err
	}
	switch r.kill.act {
	case diskFull, readOnly:
		r.progress.note("writes refused")
		return r.refuseWrites(ctx, f)
	case restore:
		return f.snapshot(ctx)
	default:
		r.strike(r.victims(f, at))
		return nil
	}
}

// About how long the acts of operators take.
const (
	republishLasts = 120 * time.Millisecond
	erasureLasts   = 20 * time.Millisecond
	replayLasts    = 20 * time.Millisecond
)

// while strikes while something is done.
func (r *round) while(ctx context.Context, f *fixture, at blow, lasts time.Duration, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	err := (clock.Machine{}).Wait(ctx, time.Duration(at.part*float64(lasts)))
	r.strike(r.victims(f, at))
	return errors.Join(err, <-done)
}

// strike ends the victims. What the suite needs may then be away for a moment: who is started meanwhile may have to be
// started again.
func (r *round) strike(victims []*member) {
	if r.kill.victim == world {
		for _, m := range victims {
			m.wait()
		}
	}
	for _, m := range victims {
		if r.kill.starting > 0 {
			m.strikeStarts(r.starts, r.kill.signal)
		}
		m.strike(r.kill.signal)
	}
}

// victims are the processes that end.
func (r *round) victims(f *fixture, at blow) []*member {
	some := func(all []*member) []*member {
		return []*member{all[int((r.whom+uint64(at.step)+uint64(at.part*1e6))%uint64(len(all)))]}
	}
	switch r.kill.victim {
	case ofOrders:
		return some(slices.DeleteFunc(f.suite(), func(m *member) bool { return m.name != "product" && !strings.HasPrefix(m.name, "orders") }))
	case oneOfSuite:
		return some(f.suite())
	case replica:
		return some(slices.DeleteFunc(f.suite(), func(m *member) bool { return m.name != r.twice && m.name != r.twice+"-2" }))
	case world:
		return f.members
	default:
		return []*member{f.member(string(r.kill.victim))}
	}
}

// erase has the person erased while the suite is struck, and wants nothing of it to be left.
func (r *round) erase(ctx context.Context, f *fixture, l *journey.Life) error {
	return r.while(ctx, f, r.blows[len(r.blows)-1], erasureLasts, l.Erase)
}
