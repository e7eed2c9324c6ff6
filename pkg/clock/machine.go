// Package clock holds the two clocks of the suite, as two types that cannot be mixed up. Machine time drives claims,
// back-off, deadlines, tokens and telemetry, and nobody can move it. Business time drives due dates, reminders,
// periods and what documents show; the sandbox can move it forward.
//
// It is the one package that reads the wall clock.
package clock

import (
	"context"
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
type Machine struct{}

// Now returns the current instant.
func (Machine) Now() Instant { return Instant(time.Now().UnixMicro()) }

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
