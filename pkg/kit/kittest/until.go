package kittest

import (
	"context"
	"testing"
	"time"

	"example.com/handover/pkg/clock"
)

// Until waits for what a service does by itself, without a sandbox that could tell when it is done.
func Until(t testing.TB, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*quietTimeout)
	defer cancel()
	for !so() {
		if err := (clock.Machine{}).Wait(ctx, 5*time.Millisecond); err != nil {
			t.Fatalf("still not: %s", what)
		}
	}
}
