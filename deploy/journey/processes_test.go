//go:build processes

package journey_test

import (
	"context"
	"io"
	"os"
	"testing"
	"time"

	"example.com/handover/deploy/cluster"
	"example.com/handover/deploy/journey"
)

// The same journey as in the all-in-one, over the binaries of the services and their shipped configuration: with TLS everywhere,
// and certificates that say which service calls.
func TestJourneyOverProcesses(t *testing.T) {
	binaries, err := cluster.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("one process per service on SQLite", func(t *testing.T) {
		play(t, t.TempDir(), cluster.Shape{Binaries: binaries, Replicas: 1})
	})
	t.Run("one process per service on PostgreSQL", func(t *testing.T) {
		folder := t.TempDir()
		play(t, folder, cluster.Shape{Binaries: binaries, Replicas: 1, PostgreSQL: secure(t, folder).as("a", "first")})
	})
	t.Run("two replicas of each service on PostgreSQL", func(t *testing.T) {
		folder := t.TempDir()
		play(t, folder, cluster.Shape{Binaries: binaries, Replicas: 2, PostgreSQL: secure(t, folder).as("a", "first")})
	})
}

func play(t *testing.T, folder string, s cluster.Shape) {
	t.Helper()
	target := start(t, folder, s)
	for _, play := range []func(context.Context, journey.Target, io.Writer) error{journey.Play, journey.PlayVariants} {
		if err := play(t.Context(), target, t.Output()); err != nil {
			t.Fatal(err)
		}
	}
}

// start starts a deployment in a folder, and has it stopped when the test ends.
func start(t *testing.T, folder string, s cluster.Shape) journey.Target {
	t.Helper()
	c, err := cluster.Start(t.Context(), folder, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			c.ShowLogs(t.Output())
		}
	})
	return journey.Target{Keys: c.Secrets(), TLS: c.TLS(), Addresses: c.Addresses(), Gateways: c.Gateways()}
}

// database gives a test a database of its own on the server that HANDOVER_TEST_POSTGRES names.
func database(t *testing.T) string {
	t.Helper()
	server := os.Getenv("HANDOVER_TEST_POSTGRES")
	if server == "" {
		t.Fatal("HANDOVER_TEST_POSTGRES does not name a PostgreSQL server; .ci/postgres run CMD… starts one for a command")
	}
	url, remove, err := cluster.FreshDatabase(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
		defer cancel()
		if err := remove(ctx); err != nil {
			t.Error(err)
		}
	})
	return url
}
