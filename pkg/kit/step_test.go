package kit_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/kit"
)

// heard is a log that tells when lines with each of some words have been written.
type heard struct {
	mu    sync.Mutex
	kept  bytes.Buffer
	words []string
	all   chan struct{}
}

func hear(words ...string) *heard { return &heard{words: words, all: make(chan struct{})} }

// Write implements io.Writer.
func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	left := h.words[:0]
	for _, w := range h.words {
		if !strings.Contains(string(p), w) {
			left = append(left, w)
		}
	}
	if len(left) == 0 && len(h.words) > 0 {
		close(h.all)
	}
	h.words = left
	return h.kept.Write(p)
}

// wait waits until all have been said.
func (h *heard) wait(t *testing.T) {
	t.Helper()
	select {
	case <-h.all:
	case <-time.After(2 * time.Minute):
		h.mu.Lock()
		defer h.mu.Unlock()
		t.Fatalf("never said: %q, but:\n%s", h.words, h.kept.String())
	}
}

// A replica was killed while it published; before the next one starts, the machine's clock is set back by a day.
func TestEventsGoOnAfterTheClockWasSetBack(t *testing.T) {
	machine, set := clock.Settable()
	c := loopback(t, "")
	c.Machine = machine
	log := hear("a machine's clock has been set back", "relay: this replica publishes")
	c.Platform.Telemetry.Log.Out = log
	start(t, c, kit.New(kit.Spec[kit.NoConfig]{
		Name: "orders", Migrations: fstest.MapFS{"migrations/00001_nothing.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}},
		Setup: func(ctx context.Context, e *kit.Env, _ *kit.NoConfig) error {
			_, err := e.DB.Lease(ctx, "relay", "killed", time.Minute)
			set(-24 * time.Hour)
			return err
		},
	}))
	log.wait(t)
}

func TestAClockThatIsSetIsSaid(t *testing.T) {
	machine, set := clock.Settable()
	c := loopback(t, "platform: {retention: {every: 50ms}}")
	c.Machine = machine
	log := hear(`"the machine's clock was set","process":"handover","by":3600000000000`, "nothing is deleted: the clock has been set ahead")
	c.Platform.Telemetry.Log.Out = log
	start(t, c, stored("orders"))
	set(time.Hour)
	log.wait(t)
}
