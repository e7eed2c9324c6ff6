package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// cacheSize bounds the memory of known tokens: about 10 MB.
	cacheSize = 10_000
	// cacheAge bounds how long a token outlives the removal of its key at the issuer.
	cacheAge = 5 * time.Minute
)

// cache remembers verified tokens, because verifying a signature costs more than the rest of a small call. It keeps
// hashes: a reader of the memory finds no token.
type cache struct {
	mu    sync.Mutex
	limit int
	known map[[sha256.Size]byte]cached
	swept time.Time // when the ended ones were last dropped
}

type cached struct {
	identity
	until time.Time
}

func newCache(limit int) *cache {
	return &cache{limit: limit, known: map[[sha256.Size]byte]cached{}}
}

func (c *cache) get(token string, now time.Time) (identity, bool) {
	key := sha256.Sum256([]byte(token))
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.known[key]
	if left := found.until.Sub(now); ok && (left <= 0 || left > cacheAge) { // longer: the clock has been set back since
		delete(c.known, key)
		return identity{}, false
	}
	return found.identity, ok
}

func (c *cache) put(token string, i identity, now time.Time) {
	until := now.Add(cacheAge)
	if i.expiry.Before(until) {
		until = i.expiry
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= c.limit || now.Sub(c.swept) >= cacheAge {
		c.makeRoom(now)
		c.swept = now
	}
	c.known[sha256.Sum256([]byte(token))] = cached{i, until}
}

// makeRoom drops what has ended and, when nothing has, any one entry: losing it costs one verification.
func (c *cache) makeRoom(now time.Time) {
	for key, entry := range c.known {
		if !now.Before(entry.until) {
			delete(c.known, key)
		}
	}
	for key := range c.known {
		if len(c.known) < c.limit {
			return
		}
		delete(c.known, key)
	}
}
