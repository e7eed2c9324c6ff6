package event_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

// random prints its seed.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// busyProducer commits updates of many orders in any order, each with the number of its revision as state.
func busyProducer(t *testing.T, r *rand.Rand, orders service, aggregates, revisions int) (ids []string) {
	t.Helper()
	var left []string
	for range aggregates {
		ids = append(ids, orders.create(t, "1"))
		for range revisions - 1 {
			left = append(left, ids[len(ids)-1])
		}
	}
	r.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
	at := map[string]int{}
	for _, oid := range left {
		at[oid]++
		orders.update(t, oid, fmt.Sprint(at[oid]+1))
	}
	return ids
}

// follower is a handler that keeps a row of its own for each order, to which it appends the states that it sees. It
// notices when it is given an order twice at once.
type follower struct {
	service
	mu   sync.Mutex
	with map[string]bool
	both atomic.Int64
}

func (f *follower) handle(tx *store.Tx, m event.Message) error {
	if !f.enter(m.Aggregate, true) {
		f.both.Add(1)
	}
	defer f.enter(m.Aggregate, false)
	var state wrapperspb.StringValue
	if err := m.Into(&state); err != nil {
		return err
	}
	_, err := f.orders.Update(tx, call.Everyone("test"), m.Aggregate, "", func(o *order) ([]fact.Fact, error) {
		o.State += " " + state.Value
		return []fact.Fact{{Name: "followed"}}, nil
	})
	if errs.KindOf(err) == errs.NotFound {
		_, err = f.orders.Create(tx, m.Aggregate, &order{state.Value}, fact.Fact{Name: "followed"})
	}
	return first(err, record(tx, m))
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// enter reports whether nobody was there.
func (f *follower) enter(aggregate string, in bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.with[aggregate]
	f.with[aggregate] = in
	return !was
}

// followed is what the rows and the effects say the follower has seen of each order; they must agree.
func (f *follower) followed(t *testing.T, ids []string) map[string]string {
	t.Helper()
	seen, rows := map[string]string{}, map[string]string{}
	for _, e := range f.effects(t) {
		seen[e.aggregate] = strings.TrimSpace(seen[e.aggregate] + " " + e.state)
	}
	for _, oid := range ids {
		row, err := f.orders.Get(t.Context(), call.Everyone("test"), oid)
		must(t, err)
		rows[oid] = row.Doc.State
	}
	if diff := cmp.Diff(seen, rows); diff != "" {
		t.Errorf("effects and rows differ: %s", diff)
	}
	return seen
}

// quiet waits until nothing is left to be relayed or consumed.
func quiet(t *testing.T, bus buses, orders service) {
	t.Helper()
	eventually(t, "everything is consumed", func() bool {
		left, err := orders.Unpublished(t.Context(), 1)
		must(t, err)
		unacked, err := bus["accounttransfer"].Unacked(t.Context(), subscription(nil))
		must(t, err)
		return len(left) == 0 && unacked == 0
	})
}

func TestEveryStateOfEachAggregateInOrderAndManyAggregatesAtOnce(t *testing.T) {
	const aggregates, revisions = 12, 8
	orders, f := newService(t, "orders"), &follower{service: newService(t, "accounttransfer"), with: map[string]bool{}}
	bus, _ := newBus(t, event.Options{})
	startRelay(t, bus, orders, event.RelayOptions{})
	o := eager()
	o.Parallel = 4
	startConsumer(t, bus, f.service, subscription(f.handle), o)
	ids := busyProducer(t, random(t), orders, aggregates, revisions)
	quiet(t, bus, orders)

	for oid, seen := range f.followed(t, ids) {
		if seen != "1 2 3 4 5 6 7 8" {
			t.Errorf("of %s it saw %s", oid, seen)
		}
	}
	if n := f.both.Load(); n > 0 {
		t.Errorf("%d times an order was handled twice at once", n)
	}
}

// untilKilled runs a consumer that dies at a random point: at once, between two instructions, with its connection. It
// reports whether it did, before ctx ended.
func (k keys) untilKilled(ctx context.Context, url string, f *follower, r *rand.Rand) (bool, error) {
	bus, err := event.Connect(url, event.Options{User: "accounttransfer", Key: k["accounttransfer"], Log: silent()})
	if err != nil {
		return false, err
	}
	defer bus.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	point := []string{"consume.commit.after", "consume.ack.after"}[r.IntN(2)]
	var passes, killed atomic.Int64
	passes.Store(1 + r.Int64N(30))
	o := eager()
	o.AckWait, o.Parallel = time.Second, 2
	o.Probe = func(p string) {
		if p == point && passes.Add(-1) == 0 {
			killed.Store(1)
			bus.Conn().Close() // nothing can be acknowledged or put back any more
			cancel()
		}
	}
	err = event.Consume(ctx, bus, f.DB, subscription(f.handle), o)
	return killed.Load() == 1, err
}

// Two replicas die again and again at random points: each state has at most one effect, in the order of the revisions, the
// last is never lost, and the world is quiet only when all is done.
func TestOrderOfEachAggregateHoldsWhenConsumersAreKilled(t *testing.T) {
	const aggregates, revisions, kills = 10, 20, 8
	k := newKeys(t)
	server := k.startServer(t, t.TempDir(), "127.0.0.1:0")
	bus := k.connect(t, server.Connect, event.Options{})
	l := layout()
	l.AckWait = time.Second
	bus.setUp(t, l)
	dsn := freshDatabase(t)
	orders := newService(t, "orders")
	both := []*follower{
		{service: openService(t, "accounttransfer", dsn), with: map[string]bool{}},
		{service: openService(t, "accounttransfer", dsn), with: map[string]bool{}},
	}
	startRelay(t, bus, orders, event.RelayOptions{})
	r := random(t)
	seeds := []*rand.Rand{rand.New(rand.NewPCG(r.Uint64(), 0)), rand.New(rand.NewPCG(r.Uint64(), 0))}

	var killed atomic.Int64
	for i, f := range both {
		start(t, func(ctx context.Context) error {
			for ctx.Err() == nil {
				dead, err := k.untilKilled(ctx, server.URL(), f, seeds[i])
				if err != nil {
					return err
				}
				if dead {
					killed.Add(1)
				}
			}
			return nil
		})
	}
	ids := busyProducer(t, r, orders, aggregates, revisions)
	for killed.Load() < kills { // a state more for each that still has to be killed
		for _, oid := range ids {
			orders.update(t, oid, "more")
		}
	}
	last := map[string]int64{}
	for _, oid := range ids {
		row, err := orders.orders.Get(t.Context(), call.Everyone("test"), oid)
		must(t, err)
		last[oid] = row.Revision
	}
	quiet(t, bus, orders)
	inOrder(t, both[0], ids, last)
	for _, f := range both {
		if n := f.both.Load(); n > 0 {
			t.Errorf("%d times an order was handled twice at once", n)
		}
	}
}

// inOrder checks that the effects of each order are of growing revisions, and end with the last.
func inOrder(t *testing.T, f *follower, ids []string, last map[string]int64) {
	t.Helper()
	f.followed(t, ids)
	reached := map[string]int64{}
	for _, e := range f.effects(t) {
		if e.revision <= reached[e.aggregate] {
			t.Errorf("%s: revision %d after %d", e.aggregate, e.revision, reached[e.aggregate])
		}
		reached[e.aggregate] = e.revision
	}
	if diff := cmp.Diff(last, reached); diff != "" {
		t.Error(diff)
	}
}
