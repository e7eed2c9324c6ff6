package rpc_test

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

func TestKeysOfWorkloads(t *testing.T) {
	var key string
	f := serve(t, setup{handle: func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
		key = call.From(ctx).Key
		return send("done")
	}})
	create := probe.Request(`thing { customer_id: "cus_1" }`)
	tests := []struct {
		name     string
		workload string
		ctx      context.Context
		method   string
		reason   string
		key      string
	}{
		{"a service writes without", "orders", t.Context(), "CreateThing", "IDEMPOTENCY_KEY_REQUIRED", ""},
		{"a service writes with", "orders", rpc.WithKey(t.Context(), "k1"), "CreateThing", "", "k1"},
		{"a service reads without", "orders", t.Context(), "GetThing", "", ""},
		{"an entry point writes without", "gateway", f.as(anna()), "CreateThing", "IDEMPOTENCY_KEY_REQUIRED", ""},
		{"an entry point writes with", "gateway", rpc.WithKey(f.as(anna()), "k2"), "CreateThing", "", "k2"},
		{"a person writes without", "", f.as(anna()), "CreateThing", "", ""},
		{"a person writes with", "", rpc.WithKey(f.as(anna()), "k3"), "CreateThing", "", "k3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var o rpc.DialOptions
			if tt.workload != "" {
				o.Workload = f.issuer.Workload(tt.workload)
			}
			key = ""
			_, err := probe.Call(tt.ctx, f.dial(o), tt.method, create)
			if errs.ReasonOf(err) != tt.reason || key != tt.key {
				t.Errorf("got %v and key %q, want %q and %q", err, key, tt.reason, tt.key)
			}
		})
	}
}

// The person has called orders, whose handler calls the probe with what arrived.
func TestIdentityTravelsOn(t *testing.T) {
	var got call.Call
	var who auth.Principal
	b := serve(t, setup{handle: func(ctx context.Context, _ string, _ proto.Message, send func(string) error) error {
		got = call.From(ctx)
		who, _ = auth.From(ctx)
		return send("done")
	}})
	toB := b.dial(rpc.DialOptions{Workload: b.issuer.Workload("orders")})
	outgoing, _ := metadata.FromOutgoingContext(b.as(anna()))
	serving := call.With(metadata.NewIncomingContext(t.Context(), outgoing), call.Call{
		ID: "req_1", Actor: call.Actor{Subject: "anna", Role: "CUSTOMER"}, Reason: "grüezi, bitte",
	})
	for _, form := range forms() {
		if _, err := probe.Call(serving, toB, form, probe.Request(``)); err != nil {
			t.Fatal(err)
		}
		if got.ID != "req_1" || got.Cause != "req_1" || got.Reason != "grüezi, bitte" ||
			got.Actor != (call.Actor{Subject: "anna", Role: "CUSTOMER"}) || who.Workload != "orders" {
			t.Errorf("%s in a handler: got %+v by %+v", form, got, who)
		}
	}
	reconciling := call.With(t.Context(), call.Call{
		ID: "clm_1", Cause: "evt_1", Actor: call.Actor{Subject: "orders", Role: "SERVICE", OnBehalfOf: "anna"},
	})
	if _, err := probe.Call(reconciling, toB, "GetThing", probe.Request(``)); err != nil {
		t.Fatal(err)
	}
	if got.ID != "clm_1" || got.Cause != "evt_1" || got.Actor != (call.Actor{Subject: "orders", Role: "SERVICE", OnBehalfOf: "anna"}) {
		t.Errorf("in a reconciler: got %+v", got)
	}
	passing := metadata.AppendToOutgoingContext(b.as(anna()), auth.HeaderReason, "grüezi 50%")
	if _, err := probe.Call(passing, toB, "GetThing", probe.Request(``)); err != nil || got.Reason != "grüezi 50%" {
		t.Errorf("what a browser sent: got %q, %v", got.Reason, err)
	}
}

func TestAwayIsTriedAgain(t *testing.T) {
	calls := 0
	f := serve(t, setup{handle: func(_ context.Context, _ string, _ proto.Message, send func(string) error) error {
		if calls++; calls < 3 {
			return errs.New(errs.Unavailable, "UNAVAILABLE", "one moment")
		}
		return send("done")
	}})
	if text, err := probe.Call(f.as(anna()), f.dial(rpc.DialOptions{}), "ListThings", probe.Request(``)); err != nil || text != "done" ||
		calls != 3 {
		t.Errorf("got %q, %v after %d calls", text, err, calls)
	}
}

func TestOthersAreNotTriedAgain(t *testing.T) {
	calls := 0
	f := serve(t, setup{handle: func(context.Context, string, proto.Message, func(string) error) error {
		calls++
		return errs.New(errs.Conflict, "ETAG_MISMATCH", "read again")
	}})
	if _, err := probe.Call(f.as(anna()), f.dial(rpc.DialOptions{}), "ListThings", probe.Request(``)); errs.KindOf(err) != errs.Conflict ||
		calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func TestOwnTokenThatCannotBeRead(t *testing.T) {
	f := serve(t, setup{})
	conn := f.dial(rpc.DialOptions{Workload: func(context.Context) (string, error) { return "", errors.New("no file") }})
	for _, form := range forms() {
		if _, err := probe.Call(f.as(anna()), conn, form, probe.Request(``)); err == nil {
			t.Errorf("%s: called without its own token", form)
		} else if _, ok := errors.AsType[*errs.Error](err); !ok {
			t.Errorf("%s: %T is no *errs.Error", form, err)
		}
	}
}

func TestLazyConnection(t *testing.T) {
	conn, err := rpc.Dial("passthrough:///127.0.0.1:1", rpc.DialOptions{})
	if err != nil {
		t.Fatalf("nobody is there yet, and dialing fails: %v", err)
	}
	defer conn.Close()
	if _, err := probe.Call(t.Context(), conn, "ListThings", probe.Request(``)); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("got %v, want UNAVAILABLE", err)
	}
}
