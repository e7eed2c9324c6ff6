package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/deploy/journey"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// round is one scenario with one disturbance in it.
type round struct {
	killCase
	number int
	armed  int       // for a probe: before which step
	nth    int       // and at which pass from there on
	blows  []blow    // for ends from here
	starts []float64 // when starts are struck, in parts of what a start takes
	twice  string    // in the separate shape: the service of which there are two processes
	whom   uint64    // chooses among several victims
	ends   int
	took   time.Duration

	progress progress
	company  company
}

// blow is a moment of a life.
type blow struct {
	step int
	part float64 // of the time that the step takes undisturbed
}

// round chooses from the seed and the round's number alone, so that a round can be played again by itself.
func (d deck) round(seed uint64, number int) *round {
	random := rand.New(rand.NewPCG(seed, 1<<32+uint64(number)))
	r := &round{killCase: d.choose(seed, number), number: number}
	k, steps := r.kill, len(r.scenario.steps)
	if k.passes > 0 {
		r.armed, r.nth = random.IntN(steps), 1+random.IntN(k.passes)
	}
	for range k.times {
		r.blows = append(r.blows, blow{random.IntN(steps), random.Float64()})
	}
	switch k.act {
	case republish:
		r.blows = append(r.blows, blow{1 + random.IntN(steps-1), random.Float64()})
	case replay: // when enough has happened
		r.blows = append(r.blows, blow{steps/2 + random.IntN(steps/2), random.Float64()})
	case erasure:
		r.blows = append(r.blows, blow{steps, random.Float64()})
	case diskFull, readOnly, restore: // at one of the moments above
	}
	slices.SortFunc(r.blows, func(a, b blow) int { return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.part, b.part)) })
	for range k.starting {
		r.starts = append(r.starts, random.Float64())
	}
	r.company.ended = make(chan error, 2*companions)
	r.twice, r.whom = hosted()[random.IntN(len(hosted()))], random.Uint64()
	return r
}

func (r *round) String() string {
	result := fmt.Sprintf("%d ends", r.ends)
	switch {
	case r.kill.signal == 0:
		result = "played"
	case r.ends == 0:
		result = "not reached"
	}
	return fmt.Sprintf("round %3d  %-8s  %-23s  %-76s %-11s %5.1f s  %s",
		r.number, r.kill.shape, r.scenario.name, r.kill.point+r.at(), result, r.took.Seconds(), r.progress.String())
}

// at is where exactly.
func (r *round) at() string {
	if r.nth > 0 {
		return fmt.Sprintf(" [%d:%d]", r.armed, r.nth)
	}
	var at []string
	for _, b := range r.blows {
		at = append(at, fmt.Sprintf("%.1f", float64(b.step)+b.part))
	}
	for _, s := range r.starts {
		at = append(at, fmt.Sprintf("start %.0f%%", 100*s))
	}
	if len(at) == 0 {
		return ""
	}
	return " [" + strings.Join(at, ", ") + "]"
}

// plan is what the round's fixture is, if a start takes so long.
func (r *round) plan(start time.Duration) plan {
	return plan{shape: r.kill.shape, twice: r.twice, died: func(m *member) { r.progress.note(m.name) }, before: func(m *member) {
		if r.kill.first && m == r.first(m) {
			m.starting, m.signal, m.took = slices.Clone(r.starts), r.kill.signal, start
		}
	}}
}

// first returns the member itself if it is one that is struck in its first start: the sandbox, or every one of the suite.
func (r *round) first(m *member) *member {
	outside := slices.Contains([]string{"nats", "postgres", string(sandbox)}, m.name)
	if r.kill.victim == sandbox && m.name != string(sandbox) || r.kill.victim != sandbox && outside {
		return nil
	}
	return m
}

// play lets a life go on while it is disturbed, and compares its end with an undisturbed one.
func (r *round) play(ctx context.Context, f *fixture, b baseline) error {
	l, err := f.reseller.Another(ctx, io.Discard)
	if err != nil {
		return err
	}
	err = errors.Join(r.disturb(ctx, f, l, b), r.company.wait(), f.state())
	if err != nil {
		return err
	}
	e, err := l.Evidence()
	r.ends = f.ends()
	if err := errors.Join(err, f.state()); err != nil {
		return err
	}
	if err := f.check(ctx, r.scenario, b.end, e, r.forgiven(f), r.kill.act == republish); err != nil {
		return err
	}
	if err := r.company.check(ctx, f, r.forgiven(f)); err != nil {
		return err
	}
	if r.kill.act == erasure {
		err = r.erase(ctx, f, l)
		r.ends = f.ends()
	}
	return errors.Join(err, f.state())
}

// probe starts the process anew between two steps, so that it ends by itself at the n-th pass.
func (r *round) probe(ctx context.Context, m *member) error {
	if err := m.stop(); err != nil {
		return err
	}
	key := "kill_at"
	if r.kill.signal == syscall.SIGTERM {
		key = "stop_at"
	}
	m.probe = fmt.Sprintf("%s %s:%d", key, r.kill.probe, r.nth)
	return m.start(ctx)
}

// setFaults sets the faults of the kill before its step.
func (r *round) setFaults(f *fixture, l *journey.Life, step string) error {
	if step != cmp.Or(r.kill.step, r.scenario.steps[0].name) {
		return nil
	}
	for _, fault := range r.kill.faults {
		if fault.GetKind() == sandboxv1.FaultKind_FAULT_KIND_STOP_CALLER {
			f.member("product").expect()
		}
		if err := l.Fault(aimed(fault, f.member("product").pid())); err != nil {
			return err
		}
	}
	return nil
}

// aimed points a fault that ends its caller at the process.
func aimed(f *sandboxv1.Fault, pid int) *sandboxv1.Fault {
	out := proto.CloneOf(f)
	if f.GetMoment() != sandboxv1.FaultMoment_FAULT_MOMENT_UNSPECIFIED {
		out.Pid = int32(pid)
	}
	return out
}
