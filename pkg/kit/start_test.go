package kit_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
)

// loopback is a sandbox configuration in the test's folder, with further YAML over it.
func loopback(t *testing.T, more string) kit.Config {
	t.Helper()
	c := kit.Loopback(filepath.Join(t.TempDir(), "data"), time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC))
	c.Platform.Telemetry.Log.Out = io.Discard
	if more != "" {
		c = with(t, c, more)
	}
	return c
}

// with decodes further YAML over a configuration.
func with(t *testing.T, c kit.Config, more string) kit.Config {
	t.Helper()
	if err := config.Decode([]byte(more), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// start starts a process that is stopped with the test.
func start(t *testing.T, c kit.Config, services ...kit.Service) *kit.Process {
	t.Helper()
	p, err := kit.Start(t.Context(), c, services...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return p
}

// bare is a service that does nothing but what its set-up does.
func bare(name string, setUp func(context.Context, *kit.Env) error) kit.Service {
	return calling(name, setUp)
}

// calling is a bare service that names the peers it calls.
func calling(name string, setUp func(context.Context, *kit.Env) error, peers ...string) kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{
		Name: name, Peers: peers, Setup: func(ctx context.Context, e *kit.Env, _ *kit.NoConfig) error { return setUp(ctx, e) },
	})
}

// stored is a bare service with a database and no table of its own.
func stored(name string) kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{
		Name: name, Setup: func(context.Context, *kit.Env, *kit.NoConfig) error { return nil },
		Migrations: migrations(),
	})
}

// migrations make no table.
func migrations() fs.FS {
	return fstest.MapFS{"migrations/00001_nothing.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}}
}

func nothing(context.Context, *kit.Env) error { return nil }

func TestStartRefuses(t *testing.T) {
	page := func(_ context.Context, e *kit.Env) error { e.ServeHTTP(http.NotFoundHandler()); return nil }
	for name, tt := range map[string]struct {
		more     string
		services []kit.Service
		want     []string // all in the error
	}{
		"a section for a service that is not hosted": {
			"services: {billing: {}}", []kit.Service{bare("orders", nothing)}, []string{"services.billing", "hosts orders"},
		},
		"a section for a service without settings": {
			"services: {orders: {a: 1}}", []kit.Service{bare("orders", nothing)}, []string{"services.orders", "no settings"},
		},
		"two HTTP handlers": {"", []kit.Service{bare("a", page), bare("b", page)}, []string{"already serves HTTP"}},
		"a set-up that fails": {
			"", []kit.Service{bare("orders", func(context.Context, *kit.Env) error { return errors.New("no luck") })}, []string{"orders: no luck"},
		},
		"a fault that is none": {"platform: {faults: {kill_at: sometimes}}", nil, []string{"kill_at"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := loopback(t, tt.more)
			p, err := kit.Start(t.Context(), c, tt.services...)
			if err == nil {
				t.Fatal(errors.Join(errors.New("it started"), p.Stop()))
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			c.Services = nil
			c.Platform.Faults = kit.Faults{}
			start(t, c, bare("orders", nothing)) // what was half built is undone: the folder is free again
		})
	}
}

func TestAFolderBelongsToOneProcess(t *testing.T) {
	c := loopback(t, "")
	start(t, c)
	if _, err := kit.Start(t.Context(), c); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("got %v", err)
	}
}

func TestHealthIsPerService(t *testing.T) {
	p := start(t, loopback(t, ""), bare("orders", nothing))
	conn, err := grpc.NewClient("dns:///"+p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	health := grpc_health_v1.NewHealthClient(conn)
	for _, service := range []string{"", "orders"} {
		resp, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service})
		if err != nil || resp.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v %v", service, resp.GetStatus(), err)
		}
	}
	if _, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "billing"}); err == nil {
		t.Error("a service that is not hosted is healthy")
	}
}

func TestAWorkerThatFailsBringsTheProcessDown(t *testing.T) {
	broken := errors.New("the disk is gone")
	p, err := kit.Start(t.Context(), loopback(t, ""), bare("orders", func(_ context.Context, e *kit.Env) error {
		e.Go("doomed", func(context.Context) error { return broken })
		return nil
	}))
	if err == nil { // it may fail during the start already
		err = errors.Join(p.Wait(t.Context()), p.Stop())
	}
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
}

func TestStopUndoesInReverseOrder(t *testing.T) {
	var order []string
	note := func(name string) func(context.Context) error {
		return func(context.Context) error { order = append(order, name); return nil }
	}
	p, err := kit.Start(t.Context(), loopback(t, ""), bare("orders", func(_ context.Context, e *kit.Env) error {
		e.Close(note("first"))
		e.Close(note("second"))
		e.Go("worker", func(ctx context.Context) error { <-ctx.Done(); order = append(order, "worker"); return nil })
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, " "); got != "worker second first" {
		t.Fatalf("got %s", got)
	}
}
