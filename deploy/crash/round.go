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

// round is one life with one kill in it.
type round struct {
	card
	number  int
	nth     int             // for a kill inside: at which pass
	moments []time.Duration // for those at any moment: how long after the start, or after the one before
	deaths  int
	took    time.Duration
}

// newRound chooses from the seed and the round's number alone, so that a round can be played again by itself.
func newRound(seed uint64, number int) *round {
	random := rand.New(rand.NewPCG(seed, 1<<32+uint64(number)))
	r := &round{card: draw(seed, number), number: number}
	if r.kill.passes > 0 {
		r.nth = 1 + random.IntN(1+random.IntN(r.kill.passes)) // early ones more often: most calls are made early
	}
	for range r.kill.strikes {
		r.moments = append(r.moments, time.Duration(random.Int64N(r.kill.within.Milliseconds()))*time.Millisecond)
	}
	return r
}

func (r *round) String() string {
	outcome := "killed"
	if r.deaths == 0 {
		outcome = "not reached"
	}
	at := ""
	switch {
	case r.nth > 0:
		at = fmt.Sprintf(":%d", r.nth)
	case len(r.moments) > 0:
		at = fmt.Sprintf(" %s", r.moments)
	}
	return fmt.Sprintf("round %3d  %-23s  %-76s %-11s %5.1f s", r.number, r.plot.name, r.kill.point+at, outcome, r.took.Seconds())
}

// play starts the product anew, lets the life begin, and compares its end with an undisturbed one.
func (r *round) play(ctx context.Context, s *stage, calm signature) error {
	killAt := ""
	if r.kill.probe != "" {
		killAt = fmt.Sprintf("%s:%d", r.kill.probe, r.nth)
	}
	if err := s.product.restart(killAt); err != nil {
		return err
	}
	l, err := s.house.Another(ctx, io.Discard)
	if err != nil {
		return err
	}
	evidence, err := r.live(ctx, s, l)
	_, deaths, broken := s.product.state()
	r.deaths = deaths
	if err := errors.Join(err, broken); err != nil {
		return err
	}
	return s.judge(ctx, r.plot, calm, evidence, deaths)
}

// arm sets the faults of the kill before its act.
func (r *round) arm(s *stage, l *journey.Life, act string) error {
	if act != cmp.Or(r.kill.act, r.plot.acts[0].name) {
		return nil
	}
	pid, _, _ := s.product.state()
	for _, f := range r.kill.faults {
		if err := l.Fault(aimed(f, pid)); err != nil {
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

// live plays the life, with a kill at any moment beside it if the card says so.
func (r *round) live(ctx context.Context, s *stage, l *journey.Life) (journey.Evidence, error) {
	struck := make(chan error, 1)
	go func() { struck <- r.strike(ctx, s) }()
	evidence, err := r.plot.live(l, func(act string) error { return r.arm(s, l, act) })
	return evidence, errors.Join(err, <-struck)
}

// strike kills the product at the moments that were drawn.
func (r *round) strike(ctx context.Context, s *stage) error {
	for _, moment := range r.moments {
		if err := (clock.Machine{}).Wait(ctx, moment); err != nil {
			return err
		}
		if err := s.product.kill(); err != nil {
			return err
		}
	}
	return nil
}
