package event_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
)

func TestEmbeddedServerOpensNoPortUnlessAsked(t *testing.T) {
	k := newKeys(t)
	server := k.startServer(t, t.TempDir(), "")
	if server.URL() != "" {
		t.Errorf("it listens on %s", server.URL())
	}
	bus := k.connect(t, server.Connect, event.Options{})
	bus.setUp(t, layout())
}

func TestEmbeddedServerRefusesAddressesBeyondThisMachine(t *testing.T) {
	for _, address := range []string{"0.0.0.0:4222", "192.0.2.1:4222", "example.com:4222", ":4222", "127.0.0.1", "127.0.0.1:x"} {
		if server, err := event.StartEmbedded(t.TempDir(), event.EmbeddedOptions{Listen: address, Accounts: newKeys(t).accounts(t)}); err == nil {
			stopServer(t, server)
			t.Errorf("%s: accepted", address)
		}
	}
}

func TestStopIsBounded(t *testing.T) {
	server := newKeys(t).startServer(t, t.TempDir(), "")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Stop(over); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	stopServer(t, server) // a second stop waits for the first and is no error
}

func TestSetUpIsIdempotentAndConcurrent(t *testing.T) {
	bus, js := newBus(t, event.Options{})
	l := layout()
	l.MaxAge = 24 * time.Hour
	results := make(chan error, 8)
	for range cap(results) {
		go func() { results <- bus[event.SetUpUser].SetUp(t.Context(), l) }()
	}
	for range cap(results) {
		must(t, take(t, results, 1))
	}
	stream, err := js.Stream(t.Context(), "HANDOVER_ORDERS")
	must(t, err)
	if c := stream.CachedInfo().Config; c.Duplicates != 10*time.Minute || c.MaxAge != 24*time.Hour || c.Replicas != 1 ||
		c.Subjects[0] != "handover.orders.v1.>" {
		t.Errorf("stream %+v", c)
	}
}

func TestBusWithoutServerIsUnavailableAndWaits(t *testing.T) {
	address := freeAddress(t)
	k := newKeys(t)
	bus := k.connect(t, at("nats://"+address), event.Options{})
	if err := bus["orders"].Ready(); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("ready: %v", err)
	}
	if err := bus[event.SetUpUser].SetUp(t.Context(), layout()); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("ensure: %v", err)
	}
	k.startServer(t, t.TempDir(), address)
	eventually(t, "the bus is connected", func() bool { return bus[event.SetUpUser].Ready() == nil })
	bus.setUp(t, layout())
}

// Events are committed and consumed while NATS comes and goes; each has one effect.
func TestRestartOfNATSLosesNothing(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	address, dir := freeAddress(t), filepath.Join(t.TempDir(), "nats")
	k := newKeys(t)
	server := k.startServer(t, dir, address)
	bus := k.connect(t, at(server.URL()), event.Options{})
	bus.setUp(t, layout())
	startRelay(t, bus, orders, event.RelayOptions{})
	o := eager()
	o.AckWait = time.Second // a message that was on its way when the connection broke comes again after this
	startConsumer(t, bus, transfers, subscription(record), o)

	total := 0
	for round := range 3 {
		for range 10 {
			orders.create(t, "while up")
		}
		stopServer(t, server) // some are published by now, some applied, some acknowledged
		for range 10 {
			orders.create(t, "while down")
		}
		total += 20
		server = k.startServer(t, dir, address)
		eventually(t, "every order has its effect", func() bool { return len(transfers.effects(t)) >= total })
		t.Logf("round %d: %d effects", round, total)
	}
	once := map[string]bool{}
	for _, e := range transfers.effects(t) {
		if once[e.aggregate] {
			t.Errorf("%s was applied twice", e.aggregate)
		}
		once[e.aggregate] = true
	}
	if len(once) != total {
		t.Errorf("%d orders have an effect, want %d", len(once), total)
	}
	eventually(t, "the world is quiet", func() bool {
		n, err := bus["accounttransfer"].Unacked(t.Context(), subscription(record))
		return err == nil && n == 0
	})
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
