package rpc_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// forms are a method of each form that a customer may call for its own things.
func forms() []string { return []string{"ListThings", "WatchThing"} }

// fixture is a real server with the standard chain behind a real, in-memory connection.
type fixture struct {
	*testing.T
	issuer   *auth.Issuer
	listener *bufconn.Listener
	log      *lines
}

type setup struct {
	handle probe.Handler // nil: answers "done"
	meter  metric.Meter
	level  slog.Level
	calls  *limit.Calls
	stream *limit.Streams
	nobody *limit.Streams // those without an identity
	bodies *limit.Bodies
}

func serve(t *testing.T, s setup) fixture {
	t.Helper()
	probe.File()
	issuer, err := auth.OpenIssuer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := fixture{T: t, issuer: issuer, listener: bufconn.Listen(1 << 16), log: &lines{}}
	log := slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: s.level}))
	guard, err := auth.NewGuard(t.Context(), auth.Config{Issuers: []auth.Trust{issuer.Trust()}}, log)
	if err != nil {
		t.Fatal(err)
	}
	links, err := rpc.Standard(rpc.Options{
		Guard: guard, Log: log, Meter: s.meter, Calls: s.calls, Streams: s.stream, UnknownStreams: s.nobody, Bodies: s.bodies,
	})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := rpc.Chain(links...)
	if err != nil {
		t.Fatal(err)
	}
	if s.handle == nil {
		s.handle = func(_ context.Context, _ string, _ proto.Message, send func(string) error) error { return send("done") }
	}
	server := chain.Server(append(rpc.Limits(0), rpc.Interruptible())...)
	probe.Register(server, s.handle)
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	reflection.Register(server.Server)
	go func() { _ = server.Serve(f.listener) }() // ends with Stop
	t.Cleanup(server.Stop)
	return f
}

// dial connects as a service of the suite does.
func (f fixture) dial(o rpc.DialOptions) *grpc.ClientConn {
	f.Helper()
	o.Dialer = func(ctx context.Context, _ string) (net.Conn, error) { return f.listener.DialContext(ctx) }
	conn, err := rpc.Dial("passthrough:///probe", o)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = conn.Close() })
	return conn
}

// dialBare connects as a stranger does: no interceptors, no limits.
func (f fixture) dialBare() *grpc.ClientConn {
	f.Helper()
	conn, err := grpc.NewClient("passthrough:///probe", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return f.listener.DialContext(ctx) }))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = conn.Close() })
	return conn
}

// as returns a context whose calls show a person's token.
func (f fixture) as(p auth.Principal) context.Context {
	f.Helper()
	return f.asFor(p, time.Hour)
}

func (f fixture) asFor(p auth.Principal, ttl time.Duration) context.Context {
	f.Helper()
	token, err := f.issuer.Person(p, ttl)
	if err != nil {
		f.Fatal(err)
	}
	return metadata.AppendToOutgoingContext(f.Context(), auth.HeaderPerson, "Bearer "+token)
}

func anna() auth.Principal {
	return auth.Principal{Subject: "anna", Role: auth.Customer, Customers: []string{"cus_1"}}
}

// lines is a log that tests read while servers write.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// with returns the lines that contain all parts.
func (l *lines) with(parts ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
next:
	for line := range strings.Lines(l.text.String()) {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				continue next
			}
		}
		found = append(found, line)
	}
	return found
}
