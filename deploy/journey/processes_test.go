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

// The same journey as in the all-in-one, over the binaries of the services and their shipped configuration.
func TestJourneyOverProcesses(t *testing.T) {
	binaries, err := cluster.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("one process per service on SQLite", func(t *testing.T) {
		play(t, cluster.Shape{Binaries: binaries, Replicas: 1})
	})
	t.Run("one process per service on PostgreSQL", func(t *testing.T) {
		play(t, cluster.Shape{Binaries: binaries, Replicas: 1, PostgreSQL: database(t)})
	})
	t.Run("two replicas of each service on PostgreSQL", func(t *testing.T) {
		play(t, cluster.Shape{Binaries: binaries, Replicas: 2, PostgreSQL: database(t)})
	})
}

func play(t *testing.T, s cluster.Shape) {
	t.Helper()
	folder := t.TempDir()
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
	target := journey.Target{Keys: c.Secrets(), TLS: c.TLS(), Addresses: c.Addresses(), Gateways: c.Gateways()}
	for _, play := range []func(context.Context, journey.Target, io.Writer) error{journey.Play, journey.PlayVariants} {
		if err := play(t.Context(), target, t.Output()); err != nil {
			t.Fatal(err)
		}
	}
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
