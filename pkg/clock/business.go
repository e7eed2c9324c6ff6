package clock

import (
	"fmt"
	"sync"
	"time"
)

// Business is the clock of due dates and documents. A live one follows the wall clock; a movable one stands still
// until it is set, and never goes backward.
type Business struct {
	mu    sync.Mutex
	live  bool
	now   time.Time
	moved chan struct{}
}

// NewLive returns the business clock of production: the wall clock in UTC.
func NewLive() *Business { return &Business{live: true, moved: make(chan struct{})} }

// NewMovable returns the business clock of a sandbox, standing at start.
func NewMovable(start time.Time) *Business {
	return &Business{now: trim(start), moved: make(chan struct{})}
}

// Now returns the business time in UTC, to the microsecond, as databases keep it.
func (b *Business) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.live {
		return trim(time.Now())
	}
	return b.now
}

// Live reports whether the clock follows the wall clock.
func (b *Business) Live() bool { return b.live }

// Set moves a movable clock forward. Setting the present instant again is no error; an earlier one is, and so is
// setting a live clock.
func (b *Business) Set(t time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	t = trim(t)
	switch {
	case b.live:
		return fmt.Errorf("business clock follows the wall clock and cannot be set")
	case t.Before(b.now):
		return fmt.Errorf("business time never goes backward: it is %s, asked for %s", b.now.Format(time.RFC3339), t.Format(time.RFC3339))
	case t.Equal(b.now):
		return nil
	}
	b.now = t
	close(b.moved)
	b.moved = make(chan struct{})
	return nil
}

// Moved returns a channel that is closed at the next move of a movable clock.
func (b *Business) Moved() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.moved
}

func trim(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
