package gateway

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/limit"
)

// Limits are those of one replica. They leave room for other callers; they are no quota of the business.
type Limits struct {
	CallerRate   float64 `yaml:"caller_rate" doc:"calls per second of one token"`
	CallerBurst  int     `yaml:"caller_burst" doc:"calls that one token may make at once"`
	AddressRate  float64 `yaml:"address_rate" doc:"calls per second of one network address, or of one IPv6 /64, whatever its tokens"`
	AddressBurst int     `yaml:"address_burst" doc:"calls that one address may make at once"`
	StreamsEach  int     `yaml:"streams_each" doc:"streams that one token may have open at once"`
	Streams      int     `yaml:"streams" doc:"streams that all callers together may have open at once"`
	Proxies      int     `yaml:"proxies" doc:"trusted proxies in front, whose X-Forwarded-For is believed; 0: none"`
}

// DefaultLimits returns what holds for fields that are zero. An address has room for an office behind one.
func DefaultLimits() Limits {
	return Limits{CallerRate: 50, CallerBurst: 100, AddressRate: 500, AddressBurst: 1000, StreamsEach: 20, Streams: 1000}
}

// Validate refuses what would let nobody in, or everybody.
func (l Limits) Validate() error {
	if min(l.CallerRate, l.AddressRate) < 0 || min(l.CallerBurst, l.AddressBurst, l.StreamsEach, l.Streams, l.Proxies) < 0 {
		return errors.New("no limit can be negative")
	}
	return nil
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	l.CallerRate, l.CallerBurst = cmp.Or(l.CallerRate, d.CallerRate), cmp.Or(l.CallerBurst, d.CallerBurst)
	l.AddressRate, l.AddressBurst = cmp.Or(l.AddressRate, d.AddressRate), cmp.Or(l.AddressBurst, d.AddressBurst)
	l.StreamsEach, l.Streams = cmp.Or(l.StreamsEach, d.StreamsEach), cmp.Or(l.Streams, d.Streams)
	return l
}

// limiter counts calls twice: the address always, because anybody can make up a new token for each call.
type limiter struct {
	machine   clock.Machine
	proxies   int
	addresses *limit.Calls
	callers   *limit.Calls
}

func newLimiter(l Limits, machine clock.Machine) *limiter {
	return &limiter{
		machine: machine, proxies: l.Proxies,
		addresses: limit.NewCalls(l.AddressRate, l.AddressBurst), callers: limit.NewCalls(l.CallerRate, l.CallerBurst),
	}
}

func (l *limiter) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := l.machine.Now()
		err := l.addresses.Take(address(r, l.proxies), now)
		if token := r.Header.Get("Authorization"); err == nil && token != "" {
			err = l.callers.Take(callerOf(token), now)
		}
		if err != nil {
			writeProblem(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// callerOf stands for a token, which is not kept longer than its call.
func callerOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return string(sum[:])
}

// address is whom the connection, or the nearest proxy that is not ours, comes from.
func address(r *http.Request, proxies int) string {
	if hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","); proxies > 0 && len(hops) >= proxies {
		return limit.Network(strings.TrimSpace(hops[len(hops)-proxies]))
	}
	return limit.Network(r.RemoteAddr)
}
