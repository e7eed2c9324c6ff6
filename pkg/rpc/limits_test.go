package rpc_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// slow refills so slowly that a test cannot wait for it by accident.
const slow = 1.0 / 1000

// A person is held to a rate when it calls directly; what the gateway passes on has been counted there.
func TestPersonsAreHeldToARate(t *testing.T) {
	f := serve(t, setup{calls: limit.NewCalls(slow, 2)})
	conn := f.dial(rpc.DialOptions{})
	call := func(ctx context.Context, conn grpc.ClientConnInterface, method string) error {
		_, err := probe.Call(ctx, conn, method, probe.Request(``))
		return err
	}
	limited := func(who string, err error) {
		t.Helper()
		if e, _ := errs.As(err); e == nil || e.Kind != errs.Exhausted || e.Reason != "RATE_LIMITED" || e.RetryAfter < 900*time.Second {
			t.Errorf("%s: got %v, want RATE_LIMITED", who, err)
		}
	}
	admitted := func(who string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	admitted("anna's first call", call(f.as(anna()), conn, "ListThings"))
	admitted("anna's second, with another token", call(f.as(anna()), conn, "WatchThing"))
	limited("anna's third call", call(f.as(anna()), conn, "ListThings"))
	limited("anna's stream", call(f.as(anna()), conn, "WatchThing"))
	admitted("somebody else", call(f.as(auth.Principal{Subject: "olga", Role: auth.Operator}), conn, "ListThings"))
	admitted("anna through the gateway", call(f.as(anna()), f.dial(rpc.DialOptions{Workload: f.issuer.Workload("gateway")}), "ListThings"))
	orders := f.dial(rpc.DialOptions{Workload: f.issuer.Workload("orders")})
	for range 4 {
		admitted("a service", call(t.Context(), orders, "GetThing"))
	}
	for range 2 {
		admitted("the holder of a link", call(t.Context(), conn, "OpenThing"))
	}
	limited("the holder of a link, of the same address", call(t.Context(), conn, "OpenThing"))
	_, err := probe.Call(t.Context(), conn, "ListThings", probe.Request(``))
	if errs.ReasonOf(err) != "UNAUTHENTICATED" {
		t.Errorf("without a token: %v", err)
	}
}

// open keeps streams open until the test lets them end.
func open(entered chan<- struct{}, release <-chan struct{}) probe.Handler {
	return func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
		if err := send("first"); err != nil {
			return err
		}
		entered <- struct{}{}
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestStreamsAreCounted(t *testing.T) {
	entered, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	f := serve(t, setup{handle: open(entered, release), stream: limit.NewStreams(2, 3)})
	conn := f.dial(rpc.DialOptions{})
	watch := func(ctx context.Context) {
		go func() {
			_, err := probe.Call(ctx, conn, "WatchThing", probe.Request(``))
			ended <- err
		}()
		<-entered
	}
	refused := func(ctx context.Context) {
		t.Helper()
		_, err := probe.Call(ctx, conn, "WatchThing", probe.Request(``))
		if errs.KindOf(err) != errs.Exhausted || errs.ReasonOf(err) != "STREAMS_EXHAUSTED" {
			t.Errorf("got %v, want STREAMS_EXHAUSTED", err)
		}
	}
	olga := auth.Principal{Subject: "olga", Role: auth.Operator}
	watch(f.as(anna()))
	watch(f.as(anna()))
	refused(f.as(anna()))
	watch(f.as(olga))
	refused(f.as(olga)) // in all
	release <- struct{}{}
	if err := <-ended; err != nil {
		t.Errorf("a stream ended with %v", err)
	}
	watch(f.as(olga))
	close(release)
	for range 3 {
		if err := <-ended; err != nil {
			t.Errorf("a stream ended with %v", err)
		}
	}
}

// Streams of those who show no identity are few, and none that others could have.
func TestStreamsWithoutAnIdentityAreCountedApart(t *testing.T) {
	f := serve(t, setup{stream: limit.NewStreams(1, 1), nobody: limit.NewStreams(1, 9)})
	conn := f.dialBare()
	watch := func() (grpc_health_v1.Health_WatchClient, error) {
		s, err := grpc_health_v1.NewHealthClient(conn).Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Recv()
		return s, err
	}
	if _, err := watch(); err != nil {
		t.Fatal(err)
	}
	if _, err := watch(); errs.ReasonOf(rpc.FromStatus(err)) != "STREAMS_EXHAUSTED" {
		t.Errorf("another of its network: %v", err)
	}
	if _, err := probe.Call(f.as(anna()), conn, "WatchThing", probe.Request(``)); err != nil {
		t.Errorf("a known caller: %v", err)
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	entered := make(chan struct{}, 1)
	f := serve(t, setup{handle: open(entered, nil)})
	err := errs.New(errs.Unauthenticated, "UNAUTHENTICATED", "not tried")
	for ttl := 2 * time.Second; errs.ReasonOf(err) == "UNAUTHENTICATED"; ttl *= 2 { // a slow machine may need longer to open it
		_, ended := probe.Call(f.asFor(anna(), ttl), f.dial(rpc.DialOptions{}), "WatchThing", probe.Request(``))
		err, _ = errs.As(ended)
	}
	if len(entered) != 1 || errs.KindOf(err) != errs.Unauthenticated || errs.ReasonOf(err) != "TOKEN_EXPIRED" {
		t.Errorf("got %v, want TOKEN_EXPIRED", err)
	}
}
