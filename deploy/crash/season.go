package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
)

// roundTimeout is what a round may take. Most need a few seconds.
const roundTimeout = 2 * time.Minute

// season is rounds played side by side: most of a round is waiting until what a killed process had claimed is free again.
type season struct {
	flags
	theatre    *theatre
	rehearsals *rehearsals

	mu    sync.Mutex // of what follows
	out   io.Writer
	table *table
	next  int
	wrong error // the first round that went wrong ends the run
}

func newSeason(f flags, out io.Writer) (*season, error) {
	t, err := newTheatre(f.Handover)
	return &season{flags: f, theatre: t, rehearsals: newRehearsals(t), out: out, table: newTable()}, err
}

// play plays the rounds and prints what they showed.
func (s *season) play(ctx context.Context) error {
	_, _ = fmt.Fprintf(s.out, "crash: %d rounds, seed %d\n", s.N, s.Seed)
	began := clock.Machine{}.Now()
	rounds, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	for range max(1, s.Beside) {
		all.Go(func() {
			for one := s.draw(rounds); one != nil; one = s.draw(rounds) {
				if !s.note(one, s.one(rounds, one)) {
					cancel()
				}
			}
		})
	}
	all.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // called off
	case s.wrong != nil:
		return s.wrong
	}
	s.table.show(s.out)
	_, _ = fmt.Fprintf(s.out, "crash ok: %d rounds, %d kills, seed %d, %s\n", s.table.rounds, s.table.kills, s.Seed,
		clock.Machine{}.Now().Sub(began).Round(time.Second))
	return nil
}

// draw returns the next round; nil after the last.
func (s *season) draw(ctx context.Context) *round {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next++; s.Only != 0 {
		s.next = max(s.next, s.Only)
	}
	if ctx.Err() != nil || s.next > s.N || s.Only != 0 && s.next > s.Only {
		return nil
	}
	return newRound(s.Seed, s.next)
}

// note keeps what a round showed, and reports whether the run goes on.
func (s *season) note(one *round, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.wrong != nil:
		return false // what ends because another round went wrong says nothing
	case err != nil:
		s.wrong = fmt.Errorf("round %d, %s: %w\nagain: bin/crash -n %d --seed=%d --only=%d -v", one.number, one.card, err, s.N, s.Seed, one.number)
		return false
	}
	s.table.add(one)
	if s.Verbose {
		_, _ = fmt.Fprintln(s.out, one)
	}
	return true
}

// one plays a round on a stage of its own.
func (s *season) one(ctx context.Context, one *round) (err error) {
	end, err := s.rehearsals.of(ctx, one.plot)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, roundTimeout, errors.New("it did not come to its end in time"))
	defer cancel()
	began := clock.Machine{}.Now()
	st, err := s.theatre.open(ctx)
	if err != nil {
		return err
	}
	defer func() {
		err = st.close(errors.Join(err, context.Cause(ctx)))
		if errors.Is(ctx.Err(), context.Canceled) {
			err = errors.Join(err, os.RemoveAll(st.folder)) // it was called off: there is nothing to look at
		}
		one.took = clock.Machine{}.Now().Sub(began)
	}()
	return one.play(ctx, st, end)
}
