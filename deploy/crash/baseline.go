package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// baselines are undisturbed runs of the scenarios that rounds need: nothing is killed.
type baselines struct {
	launcher *launcher
	ends     map[string]func(context.Context) (outcome, error) // by scenario; each plays at its first call
}

func newBaselines(l *launcher) *baselines {
	b := &baselines{launcher: l, ends: map[string]func(context.Context) (outcome, error){}}
	for _, s := range scenarios() {
		b.ends[s.name] = b.once(s)
	}
	return b
}

// of returns how a scenario ends undisturbed.
func (b *baselines) of(ctx context.Context, s scenario) (outcome, error) { return b.ends[s.name](ctx) }

func (b *baselines) once(s scenario) func(context.Context) (outcome, error) {
	var first sync.Once
	var end outcome
	var err error
	return func(ctx context.Context) (outcome, error) {
		first.Do(func() {
			if end, err = b.play(ctx, s); err != nil {
				err = fmt.Errorf("undisturbed: %w", err)
			}
		})
		return end, err
	}
}

func (b *baselines) play(ctx context.Context, s scenario) (end outcome, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	f, err := b.launcher.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = f.close(err) }()
	l, err := f.reseller.Another(ctx, io.Discard)
	if err != nil {
		return nil, err
	}
	e, err := s.play(l, func(string) error { return nil })
	if err != nil {
		return nil, err
	}
	return s.outcomeOf(e), f.checkInvariants(ctx, e, 0)
}
