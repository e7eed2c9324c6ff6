// Package limit holds callers to what one replica takes from each of them: calls per second, and streams at once. The
// gateway and the gRPC server share it.
//
// It owns no identity, for its users choose the keys, and no quota of the business: it leaves room for other callers.
package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// maxKeys bounds the memory that callers can make us use.
const maxKeys = 20_000

// Calls are token buckets, one for each key.
type Calls struct {
	rate  rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// NewCalls takes so many calls per second of each key, and so many at once.
func NewCalls(perSecond float64, burst int) *Calls {
	return &Calls{rate: rate.Limit(perSecond), burst: burst, buckets: map[string]*rate.Limiter{}}
}

// Take counts one call. It fails with RATE_LIMITED, and says when the next one is taken.
func (c *Calls) Take(key string, now clock.Instant) error { return c.reserve(key, now, true) }

// Check fails as Take would, and counts nothing.
func (c *Calls) Check(key string, now clock.Instant) error { return c.reserve(key, now, false) }

func (c *Calls) reserve(key string, now clock.Instant, keep bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := now.Time()
	bucket := c.buckets[key]
	if bucket == nil {
		c.makeRoom(at)
		bucket = rate.NewLimiter(c.rate, c.burst)
		c.buckets[key] = bucket
	}
	taken := bucket.ReserveN(at, 1)
	wait := taken.DelayFrom(at)
	if wait > 0 || !keep {
		taken.CancelAt(at)
	}
	if wait == 0 {
		return nil
	}
	e := errs.New(errs.Exhausted, "RATE_LIMITED", "too many calls; wait for the time that this error names")
	e.RetryAfter = max(wait, time.Millisecond)
	return e
}

// makeRoom forgets buckets that are full again, and any until a quarter is free, so that a flood of new keys does not search
// all of them each time.
func (c *Calls) makeRoom(at time.Time) {
	if len(c.buckets) < maxKeys {
		return
	}
	for key, bucket := range c.buckets {
		if bucket.TokensAt(at) >= float64(c.burst) {
			delete(c.buckets, key)
		}
	}
	for key := range c.buckets {
		if len(c.buckets) <= maxKeys*3/4 {
			return
		}
		delete(c.buckets, key)
	}
}
