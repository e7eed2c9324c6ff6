package kit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
)

// startWork starts relays, consumers, workers and the sweeper, last of all, so that they find everything open.
func (p *Process) startWork(_ context.Context, _ []Service) error {
	ctx, cancel := context.WithCancel(p.running)
	p.work.add(func(stopping context.Context) error {
		cancel()
		done := make(chan struct{})
		go func() { p.workers.Wait(); close(done) }()
		select {
		case <-done:
			if p.leave != nil {
				p.leave(stopping)
			}
			return nil
		case <-stopping.Done():
			return fmt.Errorf("work in flight did not end in time: %w", stopping.Err())
		}
	})
	for _, e := range p.hosted {
		if e.DB != nil {
			p.spawn(ctx, e.Name+" relay", func(ctx context.Context) error {
				return event.Relay(
					ctx, e.Bus, e.DB, event.RelayOptions{Holder: p.instance, Lease: p.config.Platform.Work.RelayLease.Std(), Probe: p.probe},
				)
			})
			p.spawn(ctx, e.Name+" retention", e.sweep)
			p.spawn(ctx, e.Name+" verification", e.verify)
		}
		for _, s := range e.subs {
			p.spawn(ctx, s.Consumer, func(ctx context.Context) error {
				o := p.config.Platform.Work
				return event.Consume(ctx, e.Bus, e.DB, s, event.ConsumeOptions{MaxTries: o.MaxTries, AckWait: o.AckWait.Std(), Probe: p.probe})
			})
		}
		for _, r := range e.runs {
			p.spawn(ctx, e.Name+" "+r.name, r.run)
		}
	}
	p.spawn(ctx, "clock watch", p.watchClock)
	p.spawn(ctx, "health", p.watchHealth)
	p.spawn(ctx, "metrics", p.watchMetrics)
	return p.announce(p.running) // also while the work in flight ends
}

// clockLimit is what a clock that is set may be set by without a word.
const clockLimit = time.Second

// watchClock says when the machine's clock is set, for that is what operators look for when times make no sense.
func (p *Process) watchClock(ctx context.Context) error {
	moved, said := p.machine.Moved(), time.Duration(0)
	for p.machine.Wait(ctx, time.Second) == nil {
		now := moved()
		if by := (now - said).Round(time.Millisecond); by.Abs() > clockLimit {
			p.log.WarnContext(ctx, "the machine's clock was set", "by", by)
			said = now
		}
	}
	return nil
}

// spawn runs a worker. One that fails while the process lives brings it down: a service without its relay or its
// reconciler would look healthy and lose deadlines.
func (p *Process) spawn(ctx context.Context, name string, run func(context.Context) error) {
	p.workers.Go(func() {
		err := run(ctx)
		if ctx.Err() != nil || err == nil || errors.Is(err, context.Canceled) {
			return
		}
		p.log.ErrorContext(ctx, "worker failed", "worker", name, "error", err)
		p.stop(fmt.Errorf("%s: %w", name, err))
	})
}

// sweep applies the service's retention until the process ends.
func (e *Env) sweep(ctx context.Context) error {
	moved := e.Machine.Moved()
	for {
		retain := e.retain
		if ahead := moved(); ahead > clockLimit {
			e.Log.WarnContext(ctx, "nothing is deleted: the clock has been set ahead; restart the process if it is right now", "ahead", ahead)
			retain = nil
		}
		for _, r := range retain {
			n, err := e.DB.Sweep(ctx, r.Table, r.Keep)
			if err != nil {
				e.Log.WarnContext(ctx, "retention sweep failed; the next one tries again", "table", r.Table, "error", err)
			} else if n > 0 {
				e.Log.InfoContext(ctx, "retention sweep", "table", r.Table, "rows", n)
			}
		}
		if err := e.Machine.Wait(ctx, e.process.config.Platform.Retention.Every.Std()); err != nil {
			return nil
		}
	}
}

// pending sums up what one service still has to do.
func (e *Env) pending(ctx context.Context) (store.Pending, int, error) {
	if e.DB == nil {
		return store.Pending{}, 0, nil
	}
	p, err := e.DB.Pending(ctx)
	if err != nil {
		return p, 0, err
	}
	unacked, err := e.Bus.Unacked(ctx, e.subs...)
	return p, unacked, err
}
