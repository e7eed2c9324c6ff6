package limit_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
)

func TestCallsOfAKey(t *testing.T) {
	now := clock.Instant(1_000_000_000_000)
	calls := limit.NewCalls(2, 3)
	for i := range 3 {
		if err := calls.Check("anna", now); err != nil {
			t.Fatalf("check %d: %v", i+1, err)
		}
		if err := calls.Take("anna", now); err != nil {
			t.Fatalf("call %d of the burst: %v", i+1, err)
		}
	}
	for range 2 { // a refusal takes nothing
		e, _ := errs.As(calls.Take("anna", now))
		if e == nil || e.Kind != errs.Exhausted || e.Reason != "RATE_LIMITED" || e.RetryAfter != 500*time.Millisecond {
			t.Fatalf("after the burst: %v", e)
		}
	}
	if err := calls.Check("anna", now); errs.ReasonOf(err) != "RATE_LIMITED" {
		t.Errorf("the check after the burst: %v", err)
	}
	if err := calls.Take("olga", now); err != nil {
		t.Errorf("another key: %v", err)
	}
	later := now.Add(500 * time.Millisecond)
	if err := calls.Take("anna", later); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if err := calls.Take("anna", later); err == nil {
		t.Error("two calls after the wait for one")
	}
	if err := calls.Take("anna", now.Add(-time.Hour)); err == nil { // a clock that is set back gives nothing away
		t.Error("a call in the past is free")
	}
}

// Whoever makes up keys pushes out buckets, but never makes more of them.
func TestKeysAreBounded(t *testing.T) {
	now := clock.Instant(1_000_000_000_000)
	calls := limit.NewCalls(1, 1)
	for i := range 50_000 {
		if err := calls.Take(strconv.Itoa(i), now); err != nil {
			t.Fatal(err)
		}
	}
	if n := calls.Keys(); n > 20_000 {
		t.Errorf("%d buckets are kept", n)
	}
}

func TestStreamsOfAKeyAndInAll(t *testing.T) {
	streams := limit.NewStreams(2, 3)
	enter := func(key string) func() {
		t.Helper()
		leave, err := streams.Enter(key)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		return leave
	}
	full := func(key string) {
		t.Helper()
		if _, err := streams.Enter(key); errs.KindOf(err) != errs.Exhausted || errs.ReasonOf(err) != "STREAMS_EXHAUSTED" {
			t.Errorf("%s: got %v, want STREAMS_EXHAUSTED", key, err)
		}
	}
	first := enter("anna")
	enter("anna")
	full("anna")
	ofOlga := enter("olga")
	full("olga") // three in all
	first()
	enter("olga")
	full("anna")
	ofOlga()
	enter("anna")
	full("anna")
}

func TestNetworksOfAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:40000":                 "192.0.2.7",
		"[::ffff:192.0.2.7]:40000":        "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:40000":    "2001:db8:1:2::/64",
		"[fe80::1%eth0]:40000":            "fe80::/64",
		"[2001:db8:1:2:ffff:0:0:1]:50000": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":            "2001:db8:1:2::/64",
		"192.0.2.7":                       "192.0.2.7",
		"bufconn":                         "bufconn",
	} {
		if got := limit.Network(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// One person takes its share of the room and no more; others, and services, have theirs.
func TestAPersonHasAShareOfTheRoom(t *testing.T) {
	var refused []string
	bodies := limit.NewBodies(limit.BodyLimits{
		Within: time.Minute, Each: 1, All: 1, Bytes: 32, Refused: func(limit string) { refused = append(refused, limit) },
	})
	enter := func(owner string, size int64) (leave func()) {
		t.Helper()
		leave, err := bodies.Enter(t.Context(), true, owner, size)
		if err != nil {
			t.Fatalf("%s: %v", owner, err)
		}
		return leave
	}
	leave := enter("anna", 1)
	enter("anna", 1)
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := bodies.Enter(soon, true, "anna", 1); errs.ReasonOf(err) != "BODIES_EXHAUSTED" || len(refused) != 1 {
		t.Errorf("above the share: %v, and %v is counted", err, refused)
	}
	enter("olga", 2)
	enter("", 20) // a service
	leave()
	enter("anna", 1)()
	enter("boris", 5)() // one that is larger than a share
}
