package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
	"time"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/clock"
)

// play plays rounds at their pace beside a watcher of the process, and reports what the process held.
func (s *suite) play(ctx context.Context, f flags, out io.Writer) error {
	reseller, err := journey.Begin(ctx, s.target, io.Discard)
	if err != nil {
		return err
	}
	defer reseller.Close()
	if err := reseller.SetUp(); err != nil {
		return err
	}
	w := &watch{suite: s, flags: f, out: out, began: clock.Machine{}.Now()}
	playing, end := context.WithTimeout(ctx, f.Length)
	defer end()
	watching, over := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { w.run(watching) })
	err = w.playRounds(ctx, playing, &lives{reseller: reseller})
	over()
	beside.Wait()
	if err = errors.Join(err, w.wrong, ctx.Err()); err != nil {
		return err
	}
	return w.report()
}

// playRounds begins rounds until playing ends; the last one is played to its end.
func (w *watch) playRounds(ctx, playing context.Context, l *lives) error {
	machine := clock.Machine{}
	for playing.Err() == nil {
		took := machine.Stopwatch()
		if err := l.round(ctx); err != nil {
			return err
		}
		if w.setLives(l.over); w.flags.Verbose {
			_, _ = fmt.Fprintf(w.out, "round of %s: %s\n", took().Round(time.Millisecond), l)
		}
		if machine.Now().Sub(w.began) >= w.flags.Warm {
			_ = machine.Wait(playing, max(0, w.flags.Every-took())) // it is over when the wait ends early
		}
	}
	return nil
}

// watch samples the process and keeps what it saw.
type watch struct {
	suite *suite
	flags flags
	out   io.Writer
	began clock.Instant

	mu      sync.Mutex
	lives   int
	samples []sample
	wrong   error
}

func (w *watch) setLives(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lives = n
}

// run samples until ctx ends.
func (w *watch) run(ctx context.Context) {
	machine := clock.Machine{}
	profiled := -1
	for machine.Wait(ctx, w.flags.Sample) == nil {
		one, err := w.suite.measure(ctx)
		if ctx.Err() != nil {
			return
		}
		w.mu.Lock()
		one.after, one.lives = machine.Now().Sub(w.began), w.lives
		if err == nil {
			w.samples = append(w.samples, one)
		}
		w.wrong = err
		w.mu.Unlock()
		if quarter := int(quarters * one.after / w.flags.Length); quarter > profiled && w.flags.Profiles != "" {
			profiled = quarter
			_ = syscall.Kill(w.suite.process.PID, syscall.SIGUSR1)
		}
		if w.flags.Verbose {
			_, _ = fmt.Fprintln(w.out, one)
		}
		if err != nil {
			return // the process is gone, which the lives notice as well
		}
	}
}

func (s sample) String() string {
	return fmt.Sprintf("%7s  lives %4d  rss %6.1f MB  heap %6.1f MB  live %6.1f MB  goroutines %4.0f  files %4.0f",
		s.after.Round(time.Second), s.lives, s.rss/1e6, s.heap/1e6, s.live/1e6, s.goroutines, s.files)
}
