// Package kittest hosts any set of services in a test's process, as a deployment would: real gRPC, NATS and SQLite on
// free loopback ports in the test's folder, with a movable business clock.
//
// It owns no service (the test hands them in) and fakes nothing: what a test sees, a caller of a deployment sees.
package kittest

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/kit"
)

// Options says what is special about a suite. The zero value is fine for services without settings.
type Options struct {
	Start  time.Time // business instant at which the clock begins; zero: 2026-02-19T09:00Z
	Config string    // YAML as in a configuration file, over kit.Loopback and the defaults of this package
}

// quick makes what is waited for in machine time short.
const quick = `
platform:
  work:
    lease: 10s
    idle: 200ms
  nats:
    sync_always: false
  telemetry:
    log: {level: WARN, format: text}
`

// Suite is a running process of a test.
type Suite struct {
	t        testing.TB
	config   kit.Config
	services []kit.Service
	issuer   *auth.Issuer
	log      *sink

	mu      sync.Mutex
	process *kit.Process     // nil while it is stopped
	conn    *grpc.ClientConn // to the process
}

// Start hosts the services until the test ends. The test fails when they do not start, or do not stop cleanly.
func Start(t testing.TB, o Options, services ...kit.Service) *Suite {
	t.Helper()
	if o.Start.IsZero() {
		o.Start = time.Date(2026, time.February, 19, 9, 0, 0, 0, time.UTC)
	}
	s := &Suite{t: t, services: services, log: &sink{to: t.Output()}}
	s.config = kit.Loopback(filepath.Join(t.TempDir(), "data"), o.Start)
	for _, text := range []string{quick, o.Config} {
		if err := config.Decode([]byte(text), &s.config); text != "" && err != nil {
			t.Fatalf("configuration: %v", err)
		}
	}
	s.config.Platform.Telemetry.Log.Out = s.log
	var err error
	if s.issuer, err = auth.OpenIssuer(s.config.Platform.Auth.Development); err != nil {
		t.Fatalf("tokens: %v", err)
	}
	t.Cleanup(func() {
		s.Stop()
		for _, gap := range s.log.close() {
			t.Errorf("a person reads a key: %s", gap)
		}
	})
	s.start()
	return s
}

// Stop ends the process gracefully; the folder stays. Stopping twice does nothing.
func (s *Suite) Stop() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	_ = s.conn.Close() // a connection that is already gone is closed
	if err := s.process.Stop(); err != nil {
		s.t.Errorf("stop: %v", err)
	}
	s.process = nil
}

// Restart stops the process and starts it again in the same folder. Connections and addresses of before are gone.
func (s *Suite) Restart() {
	s.t.Helper()
	s.Stop()
	s.start()
}

func (s *Suite) start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := kit.Start(s.t.Context(), s.config, s.services...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.process = p
	s.conn, err = grpc.NewClient("dns:///"+p.GRPCAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		s.t.Fatalf("connect: %v", err)
	}
}

// Conn is a plain connection to the process, without retries and limits of its own: errors are gRPC statuses as any
// client sees them.
func (s *Suite) Conn() grpc.ClientConnInterface {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// URL is the base of the HTTP listener, "http://127.0.0.1:…"; a suite without one has "http://".
func (s *Suite) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "http://" + s.process.HTTPAddress()
}

// FreeAddress returns a loopback address that is free now.
func FreeAddress(t testing.TB) string {
	t.Helper()
	address, err := kit.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}
