package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// round is one scenario with one kill in it.
type round struct {
	killCase
	number  int
	nth     int             // for a kill inside: at which pass
	moments []time.Duration // for those at any moment: how long after the start, or after the one before
	deaths  int
	took    time.Duration
}

// newRound chooses from the seed and the round's number alone, so that a round can be played again by itself.
func newRound(seed uint64, number int) *round {
	random := rand.New(rand.NewPCG(seed, 1<<32+uint64(number)))
	r := &round{killCase: choose(seed, number), number: number}
	if r.kill.passes > 0 {
		r.nth = 1 + random.IntN(1+random.IntN(r.kill.passes)) // early ones more often: most calls are made early
	}
	for range r.kill.times {
		r.moments = append(r.moments, time.Duration(random.Int64N(r.kill.within.Milliseconds()))*time.Millisecond)
	}
	return r
}

func (r *round) String() string {
	result := "killed"
	if r.deaths == 0 {
		result = "not reached"
	}
	at := ""
	switch {
	case r.nth > 0:
		at = fmt.Sprintf(":%d", r.nth)
	case len(r.moments) > 0:
		at = fmt.Sprintf(" %s", r.moments)
	}
	return fmt.Sprintf("round %3d  %-23s  %-76s %-11s %5.1f s", r.number, r.scenario.name, r.kill.point+at, result, r.took.Seconds())
}

// play starts the product anew, lets the life begin, and compares its end with an undisturbed one.
func (r *round) play(ctx context.Context, f *fixture, baseline outcome) error {
	killAt := ""
	if r.kill.probe != "" {
		killAt = fmt.Sprintf("%s:%d", r.kill.probe, r.nth)
	}
	if err := f.product.restart(killAt); err != nil {
		return err
	}
	l, err := f.reseller.Another(ctx, io.Discard)
	if err != nil {
		return err
	}
	evidence, err := r.playScenario(ctx, f, l)
	_, deaths, broken := f.product.state()
	r.deaths = deaths
	if err := errors.Join(err, broken); err != nil {
		return err
	}
	return f.check(ctx, r.scenario, baseline, evidence, deaths)
}

// setFaults sets the faults of the kill before its step.
func (r *round) setFaults(f *fixture, l *journey.Life, step string) error {
	if step != cmp.Or(r.kill.step, r.scenario.steps[0].name) {
		return nil
	}
	pid, _, _ := f.product.state()
	for _, fault := range r.kill.faults {
		if err := l.Fault(aimed(fault, pid)); err != nil {
			return err
		}
	}
	return nil
}

// aimed points a fault that kills at the process.
func aimed(f *sandboxv1.Fault, pid int) *sandboxv1.Fault {
	out := proto.CloneOf(f)
	if f.GetKind() == sandboxv1.FaultKind_FAULT_KIND_KILL_CALLER {
		out.Pid = int32(pid)
	}
	return out
}

// playScenario plays the steps, with a kill at any moment beside them if the case says so.
func (r *round) playScenario(ctx context.Context, f *fixture, l *journey.Life) (journey.Evidence, error) {
	killed := make(chan error, 1)
	go func() { killed <- r.killAtMoments(ctx, f) }()
	evidence, err := r.scenario.play(l, func(step string) error { return r.setFaults(f, l, step) })
	return evidence, errors.Join(err, <-killed)
}

// killAtMoments kills the product at the moments that were chosen.
func (r *round) killAtMoments(ctx context.Context, f *fixture) error {
	for _, moment := range r.moments {
		if err := (clock.Machine{}).Wait(ctx, moment); err != nil {
			return err
		}
		if err := f.product.kill(); err != nil {
			return err
		}
	}
	return nil
}
