package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"example.com/handover/pkg/event"
)

// Even who may do everything in the account of its own service reaches no other one.
func TestAnAccountEndsAtItsOwnSubjects(t *testing.T) {
	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	k := newKeys(t)
	server := k.startServer(t, t.TempDir(), "127.0.0.1:0")
	bus := k.connect(t, server.Connect, event.Options{})
	bus.setUp(t, layout())
	conn := k.dial(t, server.URL(), admin)
	heard := make(chan *nats.Msg, 10_000)
	_, err := conn.ChanSubscribe(">", heard)
	must(t, err)
	must(t, conn.Flush())
	acked := startConsumer(t, bus, transfers, subscription(record), eager())
	startRelay(t, bus, transfers, event.RelayOptions{})
	startRelay(t, bus, orders, event.RelayOptions{})
	transfers.create(t, "a secret")
	eventually(t, "it is published", func() bool {
		left, err := transfers.Unpublished(t.Context(), 1)
		must(t, err)
		return len(left) == 0
	})
	must(t, conn.Publish("handover.accounttransfer.v1.order.ord_x.created", []byte("forged")))
	for _, api := range []string{"$JS.API", "JS.accounttransfer.API"} {
		for _, verb := range []string{"STREAM.DELETE", "STREAM.PURGE"} {
			must(t, conn.Publish(api+"."+verb+".HANDOVER_ACCOUNTTRANSFER", nil))
		}
	}
	orders.create(t, "new")
	take(t, acked, 1)
	must(t, conn.Flush())
	for range len(heard) {
		m := <-heard
		if strings.Contains(m.Subject, "handover.accounttransfer") && string(m.Data) != "forged" || strings.Contains(string(m.Data), "secret") {
			t.Errorf("heard %s %s", m.Subject, m.Data)
		}
	}
	last, err := bus["accounttransfer"].Last(t.Context(), "accounttransfer", "HANDOVER_ACCOUNTTRANSFER", "handover.accounttransfer.v1.>")
	if err != nil || last == nil || string(last.Data) == "forged" {
		t.Errorf("the newest message is %v, %v", last, err)
	}
}

// A server sends its answer to whatever subject a question names. In another account that leads nowhere.
func TestAnAnswerStaysInTheAccountOfTheQuestion(t *testing.T) {
	orders := newService(t, "orders")
	k := newKeys(t)
	server := k.startServer(t, t.TempDir(), "127.0.0.1:0")
	bus := k.connect(t, server.Connect, event.Options{})
	bus.setUp(t, layout())
	startRelay(t, bus, orders, event.RelayOptions{})
	orders.create(t, "new")
	admin := k.bareClient(t, server.URL())
	streamed(t, admin, 1)

	conn := k.dial(t, server.URL(), "accounttransfer")
	next := nats.NewMsg("JS.orders.API.CONSUMER.MSG.NEXT.HANDOVER_ORDERS.accounttransfer-orders")
	next.Data = []byte(`{"batch": 1, "no_wait": true}`)
	for _, reply := range []string{
		"$JS.API.STREAM.DELETE.HANDOVER_ORDERS", "JS.orders.API.STREAM.DELETE.HANDOVER_ORDERS", "$JS.API.STREAM.PURGE.HANDOVER_ORDERS",
		"handover.orders.v1.order.ord_x.created",
	} {
		for range 2 { // the first answer is the message, the second says that there is none, without a body
			next.Reply = reply
			must(t, conn.PublishMsg(next))
		}
	}
	if _, err := conn.Request("JS.orders.API.CONSUMER.INFO.HANDOVER_ORDERS.accounttransfer-orders", nil, patience); err != nil {
		t.Fatal(err) // by now the server has answered the questions before it
	}
	stream, err := admin.Stream(t.Context(), "HANDOVER_ORDERS")
	must(t, err)
	if n := stream.CachedInfo().State; n.Msgs != 1 || n.LastSeq != 1 {
		t.Errorf("the stream changed: %+v", n)
	}
}

func TestWhoIsNobodyIsNotLetIn(t *testing.T) {
	k, others := newKeys(t), newKeys(t)
	server := k.startServer(t, t.TempDir(), "127.0.0.1:0")
	public, err := others["orders"].Public()
	must(t, err)
	pair, err := others["orders"]()
	must(t, err)
	for name, options := range map[string][]nats.Option{
		"without credentials": nil,
		"with a password":     {nats.UserInfo("orders", "orders")},
		"with a foreign key":  {nats.Nkey(public, pair.Sign)},
	} {
		if conn, err := nats.Connect(server.URL(), options...); !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("%s: %v", name, err)
			if conn != nil {
				conn.Close()
			}
		}
	}
	if _, err := event.StartEmbedded(t.TempDir(), event.EmbeddedOptions{Accounts: event.Accounts(roles()), Log: silent()}); err == nil {
		t.Error("a server without users started")
	}
}
