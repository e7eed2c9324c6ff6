package rpc_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// refusals counts what a limit has refused.
type refusals struct{ atomic.Int64 }

func (r *refusals) add(string) { r.Add(1) }

// begun opens a call and sends no body.
func begun(t *testing.T, ctx context.Context, conn grpc.ClientConnInterface, method string) grpc.ClientStream {
	t.Helper()
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true}, method)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Who calls, how often, and whether it may, is answered before a body is there.
func TestIdentityComesBeforeTheBody(t *testing.T) {
	f := serve(t, setup{calls: limit.NewCalls(slow, 1)})
	conn := f.dialBare()
	for name, tt := range map[string]struct {
		ctx    context.Context
		method string
		want   codes.Code
	}{
		"nobody":              {t.Context(), "ListThings", codes.Unauthenticated},
		"nobody, as a stream": {t.Context(), "WatchThing", codes.Unauthenticated},
		"a wrong role":        {f.as(auth.Principal{Subject: "l", Role: auth.LinkBearer}), "ListThings", codes.PermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			err := begun(t, tt.ctx, conn, probe.Prefix+tt.method).RecvMsg(probe.Request(``))
			if status.Code(err) != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := probe.Call(f.as(anna()), conn, "ListThings", probe.Request(``)); err != nil {
		t.Fatal(err)
	}
	again := begun(t, f.as(anna()), conn, probe.Prefix+"ListThings")
	if err := again.RecvMsg(probe.Request(``)); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("after its burst: %v", err)
	}
}

func TestABodyThatDoesNotComeEnds(t *testing.T) {
	var refused refusals
	f := serve(t, setup{bodies: limit.NewBodies(limit.BodyLimits{
		Within: 500 * time.Millisecond, Each: 9, All: 9, Bytes: 9 * rpc.MaxRequest, Refused: refused.add,
	})})
	conn := f.dialBare()
	for name, method := range map[string]string{"a unary call": "ListThings", "a stream": "WatchThing"} {
		if err := begun(t, f.as(anna()), conn, probe.Prefix+method).RecvMsg(probe.Request(``)); status.Code(err) != codes.Canceled {
			t.Errorf("%s: %v", name, err)
		}
	}
	probed := begun(t, t.Context(), conn, grpc_health_v1.Health_Check_FullMethodName)
	if err := probed.RecvMsg(probe.Request(``)); status.Code(err) != codes.Canceled {
		t.Errorf("without an identity: %v", err)
	}
	if n := refused.Load(); n != 3 {
		t.Errorf("%d late bodies are counted, want 3", n)
	}
	if _, err := probe.Call(f.as(anna()), conn, "ListThings", probe.Request(``)); err != nil {
		t.Errorf("the connection: %v", err)
	}
}

// A stream without an identity has every request in time, or ends.
func TestASilentStreamWithoutAnIdentityEnds(t *testing.T) {
	var refused refusals
	f := serve(t, setup{bodies: limit.NewBodies(limit.BodyLimits{
		Within: 200 * time.Millisecond, Each: 9, All: 9, Bytes: 9 * rpc.MaxRequest, Refused: refused.add,
	})})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := reflectionv1.NewServerReflectionClient(f.dialBare()).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// One that begins late on a slow machine has ended as well.
	if err := s.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = s.Recv()
	}
	if n := refused.Load(); status.Code(err) != codes.Canceled || n != 1 {
		t.Errorf("%v, and %d late bodies are counted, want CANCELLED and 1", err, n)
	}
}

// What nobody has to show an identity for has little room, which is not that of the others, nor that of load balancers.
func TestBodiesOnTheirWay(t *testing.T) {
	var refused refusals
	bodies := limit.NewBodies(limit.BodyLimits{Within: time.Minute, Each: 1, All: 9, Bytes: rpc.MaxRequest, Refused: refused.add})
	f := serve(t, setup{bodies: bodies})
	conn := f.dialBare()
	open := func() error {
		_, err := probe.Call(t.Context(), conn, "OpenThing", probe.Request(``))
		return err
	}
	check := func() error {
		_, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		return err
	}
	exhausted := func(who string, err error) {
		t.Helper()
		if errs.ReasonOf(rpc.FromStatus(err)) != "BODIES_EXHAUSTED" || errs.KindOf(rpc.FromStatus(err)) != errs.Unavailable {
			t.Errorf("%s: %v", who, err)
		}
	}
	leave, err := bodies.Enter(t.Context(), false, "bufconn", 1) // one of this address is on its way
	if err != nil {
		t.Fatal(err)
	}
	exhausted("another of its address", open())
	if _, err := probe.Call(f.as(anna()), conn, "ListThings", probe.Request(``)); err != nil {
		t.Errorf("a known caller: %v", err)
	}
	if err := check(); err != nil {
		t.Errorf("a load balancer: %v", err)
	}
	leave()
	if err := open(); err != nil {
		t.Errorf("after it has arrived: %v", err)
	}
	leave, err = bodies.EnterProbe("bufconn")
	if err != nil {
		t.Fatal(err)
	}
	exhausted("another health check of its address", check())
	if err := open(); err != nil {
		t.Errorf("beside health checks: %v", err)
	}
	leave()
	if n := refused.Load(); n != 2 {
		t.Errorf("%d refusals are counted, want 2", n)
	}
}

// A person whose bodies take all of its share waits; others do not, nor does what a service passes on.
func TestAPersonWaitsForItsShare(t *testing.T) {
	bodies := limit.NewBodies(limit.BodyLimits{
		Within: time.Minute, Each: 1, All: 1, Bytes: 16 * rpc.MaxRequest, Refused: func(string) {},
	})
	owners := make(chan string, 9)
	f := serve(t, setup{bodies: bodies, handle: func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
		p, _ := auth.From(ctx)
		owners <- p.Owner()
		return send("done")
	}})
	conn := f.dialBare()
	call := func(ctx context.Context, conn grpc.ClientConnInterface) error {
		_, err := probe.Call(ctx, conn, "ListThings", probe.Request(``))
		return err
	}
	asAnna := f.as(anna())
	if err := call(asAnna, conn); err != nil {
		t.Fatal(err)
	}
	leave, err := bodies.Enter(t.Context(), true, <-owners, rpc.MaxRequest)
	if err != nil {
		t.Fatal(err)
	}
	waits := make(chan error, 1)
	go func() { waits <- call(asAnna, conn) }()
	select {
	case err := <-waits:
		t.Errorf("there was room for one more: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	if err := call(f.as(auth.Principal{Subject: "olga", Role: auth.Operator}), conn); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if err := call(asAnna, f.dial(rpc.DialOptions{Workload: f.issuer.Workload("gateway")})); err != nil {
		t.Errorf("through the gateway: %v", err)
	}
	leave()
	if err := <-waits; err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestARequestWithoutAnIdentityIsSmall(t *testing.T) {
	f := serve(t, setup{bodies: limit.NewBodies(limit.BodyLimits{
		Within: time.Minute, Each: 9, All: 9, Bytes: 9 * rpc.MaxRequest, Refused: func(string) {},
	})})
	conn := f.dialBare()
	_, err := probe.Call(t.Context(), conn, "OpenThing", probe.Request(`thing_id: "`+strings.Repeat("x", 65<<10)+`"`))
	if errs.ReasonOf(rpc.FromStatus(err)) != "REQUEST_TOO_LARGE" {
		t.Errorf("got %v", err)
	}
	_, err = grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{
		Service: strings.Repeat("x", 5<<10),
	})
	if errs.ReasonOf(rpc.FromStatus(err)) != "REQUEST_TOO_LARGE" {
		t.Errorf("a health check: got %v", err)
	}
}
