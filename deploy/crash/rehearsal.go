package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// rehearsals are lives in which nothing is killed: one of each plot that a round needs.
type rehearsals struct {
	theatre *theatre
	ends    map[string]func(context.Context) (signature, error) // by plot; each plays at its first call
}

func newRehearsals(t *theatre) *rehearsals {
	h := &rehearsals{theatre: t, ends: map[string]func(context.Context) (signature, error){}}
	for _, p := range plots() {
		h.ends[p.name] = h.once(p)
	}
	return h
}

// of returns how a plot ends undisturbed.
func (h *rehearsals) of(ctx context.Context, p plot) (signature, error) { return h.ends[p.name](ctx) }

func (h *rehearsals) once(p plot) func(context.Context) (signature, error) {
	var first sync.Once
	var end signature
	var err error
	return func(ctx context.Context) (signature, error) {
		first.Do(func() {
			if end, err = h.play(ctx, p); err != nil {
				err = fmt.Errorf("undisturbed: %w", err)
			}
		})
		return end, err
	}
}

func (h *rehearsals) play(ctx context.Context, p plot) (end signature, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	s, err := h.theatre.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = s.close(err) }()
	l, err := s.house.Another(ctx, io.Discard)
	if err != nil {
		return nil, err
	}
	e, err := p.live(l, func(string) error { return nil })
	if err != nil {
		return nil, err
	}
	return p.signatureOf(e), s.sound(ctx, e, 0)
}
