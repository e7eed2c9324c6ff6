package gateway

import (
	"crypto/sha256"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// Limits are those of one replica. They leave room for other callers; they are no quota of the business.
type Limits struct {
	CallerRate   float64 `yaml:"caller_rate" doc:"calls per second of one token"`
	CallerBurst  int     `yaml:"caller_burst" doc:"calls that one token may make at once"`
	AddressRate  float64 `yaml:"address_rate" doc:"calls per second of one network address, whatever its tokens"`
	AddressBurst int     `yaml:"address_burst" doc:"calls that one address may make at once"`
	Proxies      int     `yaml:"proxies" doc:"trusted proxies in front, whose X-Forwarded-For is believed; 0: none"`
}

// DefaultLimits returns what holds for fields that are zero. An address has room for an office behind one.
func DefaultLimits() Limits {
	return Limits{CallerRate: 50, CallerBurst: 100, AddressRate: 500, AddressBurst: 1000}
}

// Validate refuses what would let nobody in, or everybody.
func (l Limits) Validate() error {
	if l.CallerRate < 0 || l.CallerBurst < 0 || l.AddressRate < 0 || l.AddressBurst < 0 || l.Proxies < 0 {
		return errors.New("no limit can be negative")
	}
	return nil
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.CallerRate == 0 {
		l.CallerRate = d.CallerRate
	}
	if l.CallerBurst == 0 {
		l.CallerBurst = d.CallerBurst
	}
	if l.AddressRate == 0 {
		l.AddressRate = d.AddressRate
	}
	if l.AddressBurst == 0 {
		l.AddressBurst = d.AddressBurst
	}
	return l
}

// limiter holds two sets of buckets. The address counts always, because anybody can make up a new token for each call.
type limiter struct {
	machine   clock.Machine
	proxies   int
	addresses *buckets
	callers   *buckets
}

func newLimiter(l Limits, machine clock.Machine) *limiter {
	return &limiter{
		machine: machine, proxies: l.Proxies,
		addresses: &buckets{rate: l.AddressRate, burst: float64(l.AddressBurst), levels: map[string]level{}},
		callers:   &buckets{rate: l.CallerRate, burst: float64(l.CallerBurst), levels: map[string]level{}},
	}
}

func (l *limiter) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := l.machine.Now()
		wait := l.addresses.take(address(r, l.proxies), now)
		if token := r.Header.Get("Authorization"); wait == 0 && token != "" {
			sum := sha256.Sum256([]byte(token)) // no token is kept longer than its call
			wait = l.callers.take(string(sum[:]), now)
		}
		if wait > 0 {
			e := errs.New(errs.Exhausted, "RATE_LIMITED", "too many calls; wait for the time in Retry-After")
			e.RetryAfter = wait
			writeProblem(w, r, e)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// address is whom the connection, or the nearest proxy that is not ours, comes from.
func address(r *http.Request, proxies int) string {
	if hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","); proxies > 0 && len(hops) >= proxies {
		return strings.TrimSpace(hops[len(hops)-proxies])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// maxBuckets bounds the memory that strangers can make us use.
const maxBuckets = 20_000

// buckets are token buckets by key.
type buckets struct {
	rate  float64 // tokens per second
	burst float64 // tokens in a full bucket

	mu     sync.Mutex
	levels map[string]level
}

// level is what was in a bucket at a time.
type level struct {
	tokens float64
	at     clock.Instant
}

// take takes one token and returns 0, or how long to wait until there is one.
func (b *buckets) take(key string, now clock.Instant) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, known := b.levels[key]
	if !known {
		b.makeRoom(now)
		l = level{b.burst, now}
	}
	l = level{b.filled(l, now), now}
	if l.tokens < 1 {
		b.levels[key] = l
		return max(time.Duration((1-l.tokens)/b.rate*float64(time.Second)), time.Millisecond)
	}
	l.tokens--
	b.levels[key] = l
	return 0
}

func (b *buckets) filled(l level, now clock.Instant) float64 {
	return min(b.burst, l.tokens+max(now.Sub(l.at), 0).Seconds()*b.rate)
}

// makeRoom forgets buckets that are full again, and any one when none is.
func (b *buckets) makeRoom(now clock.Instant) {
	if len(b.levels) < maxBuckets {
		return
	}
	for key, l := range b.levels {
		if b.filled(l, now) >= b.burst {
			delete(b.levels, key)
		}
	}
	for key := range b.levels {
		if len(b.levels) < maxBuckets {
			return
		}
		delete(b.levels, key)
	}
}
