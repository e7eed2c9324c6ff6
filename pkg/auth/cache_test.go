package auth

import (
	"fmt"
	"testing"
	"time"
)

func TestCacheIsBounded(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	c := newCache(10)
	for i := range 100 {
		c.put(fmt.Sprint(i), identity{subject: fmt.Sprint(i), expiry: now.Add(time.Hour)}, now)
	}
	if len(c.known) != 10 {
		t.Errorf("%d entries, want 10", len(c.known))
	}
	if got, ok := c.get("99", now); !ok || got.subject != "99" {
		t.Error("the newest entry is gone")
	}
	c.put("later", identity{expiry: now.Add(2 * time.Hour)}, now.Add(cacheAge))
	if len(c.known) != 1 {
		t.Errorf("%d entries after all others have ended, want 1", len(c.known))
	}
}

// An entry that outlives its age by as much as the clock was set back would outlive its key at the issuer as well.
func TestCacheForgetsWhatIsAheadOfTheClock(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	c := newCache(10)
	c.put("t", identity{expiry: now.Add(time.Hour)}, now)
	if _, ok := c.get("t", now.Add(-24*time.Hour)); ok {
		t.Error("still known when the clock was set back by a day")
	}
}

func TestCacheForgets(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	for expiry, known := range map[time.Duration]time.Duration{time.Minute: time.Minute, time.Hour: cacheAge} {
		c := newCache(10)
		c.put("t", identity{expiry: now.Add(expiry)}, now)
		if _, ok := c.get("t", now.Add(known-time.Second)); !ok {
			t.Errorf("token of %s: forgotten before %s", expiry, known)
		}
		if _, ok := c.get("t", now.Add(known)); ok {
			t.Errorf("token of %s: still known after %s", expiry, known)
		}
	}
}

func TestCacheDropsWhatHasEnded(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	c := newCache(10)
	for i := range 5 {
		c.put(fmt.Sprint(i), identity{expiry: now.Add(time.Hour)}, now)
	}
	c.put("later", identity{expiry: now.Add(time.Hour)}, now.Add(cacheAge))
	if len(c.known) != 1 {
		t.Errorf("%d entries after all others have ended, want 1", len(c.known))
	}
}
