// Package clock holds the two clocks of the suite, as two types that cannot be mixed up. Machine time drives claims,
// back-off, deadlines, tokens and telemetry, and nobody can move it. Business time drives due dates, reminders,
// periods and what documents show; the sandbox can move it forward.
//
// It is the one package that reads the wall clock.
package clock

import (
	"context"
	"sync/atomic"
	"time"
)

// Instant is a point in machine time, in microseconds since the Unix epoch.
type Instant int64

// Add returns the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// Sub returns how long after j this instant is.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Microsecond }

// Time is for wire formats and libraries that need a time.Time of machine time: TLS, tokens, log lines.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// Machine reads the machine's own clock. The zero value is ready.
//
// An operator, a time server or a dead battery may set that clock, also back. What must outlast that measures how long
// something took (Stopwatch), or takes for nothing an instant that lies further ahead than it can.
type Machine struct{ set *atomic.Int64 }

// Settable returns a clock and what sets it, by how much against the machine's, as an operator would: for tests.
func Settable() (Machine, func(by time.Duration)) {
	set := &atomic.Int64{}
	return Machine{set}, func(by time.Duration) { set.Store(by.Microseconds()) }
}

// Now returns the current instant.
func (m Machine) Now() Instant {
	now := Instant(time.Now().UnixMicro())
	if m.set != nil {
		now += Instant(m.set.Load())
	}
	return now
}

// Stopwatch returns what says how long ago it was started, however the clock was set meanwhile.
func (Machine) Stopwatch() func() time.Duration {
	begun := time.Now()
	return func() time.Duration { return time.Since(begun) }
}

// Moved returns what says by how much the clock was set since; negative: back. A machine that slept has a clock that was
// set ahead.
func (m Machine) Moved() func() time.Duration {
	begun, passed := m.Now(), m.Stopwatch()
	return func() time.Duration { return m.Now().Sub(begun) - passed() }
}

// Wait returns after d, or earlier with the context's error.
func (Machine) Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
