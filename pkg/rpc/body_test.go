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
	"google.golang.org/grpc/status"

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
		Within: 20 * time.Millisecond, Each: 9, All: 9, Bytes: 9 * rpc.MaxRequest, Refused: refused.add,
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

// What nobody has to show an identity for has little room, which is not that of the others.
func TestBodiesOnTheirWay(t *testing.T) {
	var refused refusals
	bodies := limit.NewBodies(limit.BodyLimits{Within: time.Minute, Each: 1, All: 9, Bytes: rpc.MaxRequest, Refused: refused.add})
	f := serve(t, setup{bodies: bodies})
	health := grpc_health_v1.NewHealthClient(f.dialBare())
	check := func() error {
		_, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{})
		return err
	}
	leave, err := bodies.Enter(t.Context(), false, "bufconn", 1) // one of this address is on its way
	if err != nil {
		t.Fatal(err)
	}
	if err := rpc.FromStatus(check()); errs.ReasonOf(err) != "BODIES_EXHAUSTED" || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("another of its address: %v", err)
	}
	if _, err := probe.Call(f.as(anna()), f.dialBare(), "ListThings", probe.Request(``)); err != nil {
		t.Errorf("a known caller: %v", err)
	}
	leave()
	if err := check(); err != nil {
		t.Errorf("after it has arrived: %v", err)
	}
	if n := refused.Load(); n != 1 {
		t.Errorf("%d refusals are counted, want 1", n)
	}

	leave, err = bodies.Enter(t.Context(), true, "", rpc.MaxRequest) // there is no room left
	if err != nil {
		t.Fatal(err)
	}
	waits, ctx, conn := make(chan error, 1), f.as(anna()), f.dialBare()
	go func() {
		_, err := probe.Call(ctx, conn, "ListThings", probe.Request(``))
		waits <- err
	}()
	select {
	case err := <-waits:
		t.Errorf("there was room for one more: %v", err)
	case <-time.After(20 * time.Millisecond):
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
	_, err := grpc_health_v1.NewHealthClient(f.dialBare()).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{
		Service: strings.Repeat("x", 65<<10),
	})
	if errs.ReasonOf(rpc.FromStatus(err)) != "REQUEST_TOO_LARGE" {
		t.Errorf("got %v", err)
	}
}
