package event

import (
	"log/slog"
	"math/rand/v2"
	"time"
)

// backOff doubles from base to max, with up to a quarter taken off at random so that replicas do not march in step.
type backOff struct {
	base, max time.Duration
	tries     int
}

func (b *backOff) next() time.Duration {
	b.tries++
	return b.after(b.tries)
}

// level of the next log line: the first failure is told, its repetitions only to who looks closely.
func (b *backOff) level() slog.Level {
	if b.tries == 0 {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

func (b *backOff) reset() { b.tries = 0 }

// after is the pause after the nth failure, from 1.
func (b *backOff) after(n int) time.Duration {
	d := b.base
	for range n - 1 {
		if d *= 2; d >= b.max {
			break
		}
	}
	d = min(d, b.max)
	return d - rand.N(d/4+1)
}
