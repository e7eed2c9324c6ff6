package event_test

import (
	"context"
	"embed"
	"io/fs"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
)

//go:embed testdata/migrations
var migrations embed.FS

// patience is how long a test waits for something that should come at once.
const patience = 2 * time.Minute

// order is the example aggregate; its public state is its State.
type order struct{ State string }

// service is a database with one kind of aggregate.
type service struct {
	*store.DB
	orders *store.Table[order]
}

func newService(t testing.TB, name string) service {
	t.Helper()
	return openService(t, name, freshDatabase(t))
}

func openService(t testing.TB, name, dsn string) service {
	t.Helper()
	own, err := fs.Sub(migrations, "testdata/migrations")
	must(t, err)
	db, err := store.Open(t.Context(), store.Options{
		DSN: dsn, Service: name, Migrations: own, Business: clock.NewLive(),
	})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return service{db, store.NewTable(db, store.Kind[order]{
		Noun: "order", Table: "orders", Prefix: "ord", Version: 1,
		Customer: func(*order) string { return "cus_1" },
		Public:   func(_ store.Meta, o *order) proto.Message { return wrapperspb.String(o.State) },
	})}
}

// person is who acts in the tests.
func person(ctx context.Context) context.Context {
	return call.With(ctx, call.Call{
		ID: "req_1", Actor: call.Actor{Subject: "anna", Role: "CUSTOMER"}, Scope: call.Everyone("test"), Cause: "req_1",
	})
}

// create commits a new order and returns its id.
func (s service) create(t testing.TB, state string) string {
	t.Helper()
	oid := id.New("ord")
	must(t, s.InTx(person(t.Context()), func(tx *store.Tx) error {
		_, err := s.orders.Create(tx, oid, &order{state}, fact.Fact{Name: "created"})
		return err
	}))
	return oid
}

// update commits the next state of an order.
func (s service) update(t testing.TB, oid, state string, names ...string) {
	t.Helper()
	must(t, s.change(t.Context(), oid, state, names...))
}

func (s service) change(ctx context.Context, oid, state string, names ...string) error {
	if len(names) == 0 {
		names = []string{"updated"}
	}
	return s.InTx(person(ctx), func(tx *store.Tx) error {
		_, err := s.orders.Update(tx, call.Everyone("test"), oid, "", func(o *order) ([]fact.Fact, error) {
			o.State = state
			var facts []fact.Fact
			for _, name := range names {
				facts = append(facts, fact.Fact{Name: name})
			}
			return facts, nil
		})
		return err
	})
}

// effect is a row that a consumer's transaction left.
type effect struct {
	aggregate string
	revision  int64
	state     string
}

func (s service) effects(t testing.TB) []effect {
	t.Helper()
	rows, err := s.Query(t.Context(), "SELECT aggregate, revision, state FROM effects ORDER BY place")
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all []effect
	for rows.Next() {
		var e effect
		must(t, rows.Scan(&e.aggregate, &e.revision, &e.state))
		all = append(all, e)
	}
	must(t, rows.Err())
	return all
}

// record is the ordinary handler: it writes one effect.
func record(tx *store.Tx, m event.Message) error {
	var state wrapperspb.StringValue
	if err := m.Into(&state); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO effects (aggregate, revision, state, place) VALUES ($1, $2, $3, (SELECT count(*) FROM effects))",
		m.Aggregate, m.Revision, state.Value)
	return err
}

func subscription(handle func(*store.Tx, event.Message) error) event.Subscription {
	return event.Subscription{Consumer: "accounttransfer-orders", Service: "orders", Noun: "order", Handle: handle}
}

// keys are the keys of everybody who connects in a test; a server that is started again knows the same ones.
type keys map[string]event.Key

// admin may do everything in the account of orders.
const admin = "admin"

func newKeys(t testing.TB) keys {
	t.Helper()
	all := keys{}
	for _, name := range []string{"orders", "accounttransfer", event.SetUpUser, admin} {
		key, _, err := event.NewKey()
		must(t, err)
		all[name] = key
	}
	return all
}

// accounts are those of the example's services.
func (k keys) accounts(t testing.TB) []event.Account {
	t.Helper()
	public := func(name string) []string {
		p, err := k[name].Public()
		must(t, err)
		return []string{p}
	}
	all := event.Accounts(roles())
	for i := range all {
		all[i].Users[0].Keys = public(all[i].Name)
		if all[i].Name == "orders" {
			all[i].Users = append(all[i].Users, event.User{Name: admin, Keys: public(admin), Publish: []string{">"}, Subscribe: []string{">"}})
		}
	}
	return all
}

// layout is what the example's two services need.
func layout() event.Layout { return event.Layout{Roles: roles()} }

func roles() []event.Role {
	return []event.Role{
		{Service: "orders", Produces: true},
		{Service: "accounttransfer", Produces: true, Consumes: []event.Subscription{subscription(nil)}},
	}
}

// buses are those of the services and of the one who sets up, each with the rights of its user alone.
type buses map[string]*event.Bus

// of is the bus of a service.
func (b buses) of(s service) *event.Bus { return b[s.Service()] }

func (b buses) setUp(t testing.TB, l event.Layout) {
	t.Helper()
	must(t, b[event.SetUpUser].SetUp(t.Context(), l))
}

// connect returns the buses of all, to be reached by what dials.
func (k keys) connect(t testing.TB, dial func(event.Options) (*event.Bus, error), o event.Options) buses {
	t.Helper()
	all := buses{}
	for _, name := range []string{"orders", "accounttransfer", event.SetUpUser} {
		o.User, o.Key, o.Log = name, k[name], silent()
		bus, err := dial(o)
		must(t, err)
		t.Cleanup(bus.Close)
		all[name] = bus
	}
	return all
}

// at dials a server that other processes reach too.
func at(url string) func(event.Options) (*event.Bus, error) {
	return func(o event.Options) (*event.Bus, error) { return event.Connect(url, o) }
}

// newBus returns buses to a server in memory that is set up, and what the admin of orders' account can do there.
func newBus(t testing.TB, o event.Options) (buses, jetstream.JetStream) {
	t.Helper()
	k := newKeys(t)
	server := k.startServer(t, t.TempDir(), "127.0.0.1:0")
	all := k.connect(t, server.Connect, o)
	all.setUp(t, layout())
	return all, k.bareClient(t, server.URL())
}

func (k keys) startServer(t testing.TB, dir, listen string) *event.Embedded {
	t.Helper()
	return startServerWith(t, dir, event.EmbeddedOptions{Listen: listen, Accounts: k.accounts(t)})
}

func startServerWith(t testing.TB, dir string, o event.EmbeddedOptions) *event.Embedded {
	t.Helper()
	o.Log = silent()
	server, err := event.StartEmbedded(dir, o)
	must(t, err)
	t.Cleanup(func() { stopServer(t, server) })
	return server
}

func stopServer(t testing.TB, server *event.Embedded) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	must(t, server.Stop(ctx))
}

func (k keys) bareClient(t testing.TB, url string) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(k.dial(t, url, admin))
	must(t, err)
	return js
}

// dial is a bare connection of a user; what it is refused shows in its LastError.
func (k keys) dial(t testing.TB, url, user string) *nats.Conn {
	t.Helper()
	public, err := k[user].Public()
	must(t, err)
	pair, err := k[user]()
	must(t, err)
	conn, err := nats.Connect(url, nats.Nkey(public, pair.Sign), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	must(t, err)
	t.Cleanup(conn.Close)
	return conn
}

// start runs a component until the test ends or stop is called, which waits for its return.
func start(t testing.TB, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			must(t, err)
		case <-time.After(patience):
			t.Fatal("a component did not stop")
		}
	}
	t.Cleanup(stop)
	return stop
}

func startRelay(t testing.TB, bus buses, s service, o event.RelayOptions) (stop func()) {
	t.Helper()
	return start(t, func(ctx context.Context) error { return event.Relay(ctx, bus.of(s), s.DB, o) })
}

// startConsumer runs a consumer and returns a channel that gets a value for every message it has acknowledged after
// its transaction.
func startConsumer(t testing.TB, bus buses, s service, sub event.Subscription, o event.ConsumeOptions) (acked <-chan struct{}) {
	t.Helper()
	done := make(chan struct{}, 10_000)
	o.Probe = func(point string) {
		if point == "consume.ack.after" {
			done <- struct{}{}
		}
	}
	start(t, func(ctx context.Context) error { return event.Consume(ctx, bus.of(s), s.DB, sub, o) })
	return done
}

// take waits for n values.
func take[T any](t testing.TB, ch <-chan T, n int) (last T) {
	t.Helper()
	deadline := time.After(patience)
	for i := range n {
		select {
		case last = <-ch:
		case <-deadline:
			t.Fatalf("got %d of %d", i, n)
		}
	}
	return last
}

// eventually waits until the condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never happened: %s", what)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
