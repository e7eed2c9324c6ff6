package rpc_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/internal/probe"
	"example.com/handover/pkg/rpc"
)

// replica serves the probe on a port of its own; it answers with its address.
func replica(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	probe.Register(s, func(_ context.Context, _ string, _ proto.Message, send func(string) error) error {
		return send(l.Addr().String())
	})
	go func() { _ = s.Serve(l) }()
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

func TestCallsTakeTurnsOverTheListedAddresses(t *testing.T) {
	one, other := replica(t), replica(t)
	conn, err := rpc.Dial(rpc.Target(one+", "+other), rpc.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answered := map[string]int{}
	for range 1000 { // the second connection may take a moment
		text, err := probe.Call(t.Context(), conn, "GetThing", probe.Request(""))
		if err != nil {
			t.Fatal(err)
		}
		if answered[text]++; answered[one] > 10 && answered[other] > 10 {
			return
		}
	}
	t.Errorf("the calls went to %v", answered)
}

func TestALostAddressIsLeftOut(t *testing.T) {
	there := replica(t)
	conn, err := rpc.Dial(rpc.Target("127.0.0.1:1,"+there), rpc.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 10 {
		text, err := probe.Call(t.Context(), conn, "GetThing", probe.Request(""))
		if err != nil || text != there {
			t.Fatalf("%q answered, %v", text, err)
		}
	}
}

func TestOneAddressIsLookedUp(t *testing.T) {
	if target := rpc.Target("orders:9090"); !strings.HasPrefix(target, "dns:") {
		t.Errorf("%s: a name may stand for every replica", target)
	}
}
