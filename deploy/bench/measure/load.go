package measure

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/handover/pkg/clock"
)

// Load is what callers did who each began the next call when the last was answered.
type Load struct {
	Calls int
	Took  time.Duration
	CPU   time.Duration // of this process, all threads, user and system

	latencies []time.Duration // sorted
}

// For lets callers call for about length. call gets a number of its own, from 0.
func For(ctx context.Context, length time.Duration, callers int, call func(ctx context.Context, i int) error) (Load, error) {
	until := clock.Machine{}.Now().Add(length)
	return drive(ctx, callers, func(int) bool { return clock.Machine{}.Now() < until }, call)
}

// Times lets callers call n times in all.
func Times(ctx context.Context, n, callers int, call func(ctx context.Context, i int) error) (Load, error) {
	return drive(ctx, callers, func(i int) bool { return i < n }, call)
}

// drive ends at the first error.
func drive(ctx context.Context, callers int, more func(i int) bool, call func(context.Context, int) error) (Load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all Load
	var next atomic.Int64
	var mu sync.Mutex
	var running sync.WaitGroup
	began, cpu := clock.Machine{}.Now(), cpuTime()
	for range callers {
		running.Go(func() {
			var took []time.Duration
			for i := int(next.Add(1) - 1); more(i) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				sent := clock.Machine{}.Now()
				if err := call(ctx, i); err != nil {
					cancel(fmt.Errorf("call %d: %w", i, err))
					return
				}
				took = append(took, clock.Machine{}.Now().Sub(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			all.latencies = append(all.latencies, took...)
		})
	}
	running.Wait()
	all.Calls, all.Took, all.CPU = len(all.latencies), clock.Machine{}.Now().Sub(began), cpuTime()-cpu
	slices.Sort(all.latencies)
	return all, context.Cause(ctx)
}

// Rate is in calls per second.
func (l Load) Rate() float64 { return float64(l.Calls) / l.Took.Seconds() }

// Quantile is the latency that a share q of the calls did not pass, in milliseconds.
func (l Load) Quantile(q float64) float64 { return Quantile(l.latencies, q) }

// CPUPerCall is in milliseconds.
func (l Load) CPUPerCall() float64 { return Milliseconds(l.CPU) / float64(l.Calls) }

// Quantile is of sorted durations, in milliseconds; 0 when there are none.
func Quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return Milliseconds(sorted[int(q*float64(len(sorted)-1))])
}

// Milliseconds is d as a number.
func Milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// CPUOf is how much processor time of this process do takes.
func CPUOf(do func() error) (time.Duration, error) {
	began := cpuTime()
	err := do()
	return cpuTime() - began, err
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil { // fails for a wrong argument only
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
