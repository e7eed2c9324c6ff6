package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"example.com/handover/pkg/clock"
)

// baselines are undisturbed runs of the scenarios that rounds need: nothing is killed. All are played in one process: a
// suite of many must end as that one does.
type baselines struct {
	launcher *launcher
	quickest atomic.Int64                                       // start of a process, in ns: a later end is no longer in a start
	runs     map[string]func(context.Context) (baseline, error) // by scenario; each plays at its first call
}

// baseline is how a scenario goes undisturbed.
type baseline struct {
	end  outcome
	took []time.Duration // each step
}

func newBaselines(l *launcher) *baselines {
	b := &baselines{launcher: l, runs: map[string]func(context.Context) (baseline, error){}}
	for _, s := range scenarios() {
		b.runs[s.name] = b.once(s)
	}
	return b
}

// of returns how a scenario goes undisturbed.
func (b *baselines) of(ctx context.Context, s scenario) (baseline, error) { return b.runs[s.name](ctx) }

func (b *baselines) once(s scenario) func(context.Context) (baseline, error) {
	var first sync.Once
	var run baseline
	var err error
	return func(ctx context.Context) (baseline, error) {
		first.Do(func() {
			if run, err = b.play(ctx, s); err != nil {
				err = fmt.Errorf("undisturbed: %w", err)
			}
		})
		return run, err
	}
}

func (b *baselines) play(ctx context.Context, s scenario) (run baseline, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	f, err := b.launcher.open(ctx, plan{shape: together, died: func(*member) {}})
	if err != nil {
		return run, err
	}
	defer func() { err = f.close(err) }()
	took := int64(f.member("product").took)
	if before := b.quickest.Load(); before == 0 || took < before {
		b.quickest.Store(took)
	}
	l, err := f.reseller.Another(ctx, io.Discard)
	if err != nil {
		return run, err
	}
	machine := clock.Machine{}
	began := machine.Now()
	err = s.play(l, func(step int) error {
		if now := machine.Now(); step > 0 {
			run.took, began = append(run.took, now.Sub(began)), now
		}
		return nil
	})
	if err != nil {
		return run, err
	}
	run.took = append(run.took, machine.Now().Sub(began))
	e, err := l.Evidence()
	if err != nil {
		return run, err
	}
	run.end = s.outcomeOf(e)
	return run, f.checkInvariants(ctx, e, 0, false)
}
