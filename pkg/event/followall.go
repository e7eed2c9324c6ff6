package event

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
)

// Changed collects which aggregates of one kind may have changed.
type Changed struct {
	Some   <-chan struct{} // Take has ids
	Missed <-chan struct{} // after a reconnect: any may have

	some signal
	mine func(customer string) bool

	mu  sync.Mutex
	ids map[string]struct{}
}

// Take returns the ids that were told since it was called last, in order.
func (c *Changed) Take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := slices.Sorted(maps.Keys(c.ids))
	clear(c.ids)
	return taken
}

func (c *Changed) tell(id, customer string) {
	if !c.mine(customer) {
		return
	}
	c.mu.Lock()
	c.ids[id] = struct{}{}
	c.mu.Unlock()
	c.some.poke()
}

// FollowAll is Follow for all aggregates of a kind whose customer is one of mine; who belongs to no customer has the empty one.
// An aggregate that changes again before it was taken is told once. However many follow a kind, NATS sends the process each message once.
func (b *Bus) FollowAll(ctx context.Context, service, noun string, mine func(customer string) bool) (changed *Changed, stop func()) {
	some, missed := newSignal(), newSignal()
	changed = &Changed{Some: some, Missed: missed, some: some, mine: mine, ids: map[string]struct{}{}}
	forget := b.onReconnect(missed)
	leave := b.kinds.join(ctx, b, nounSubjects(service, noun), changed)
	end := sync.OnceFunc(func() {
		forget()
		leave()
	})
	context.AfterFunc(ctx, end)
	return changed, end
}

// kinds are the kinds that somebody in this process follows, by their subjects.
type kinds struct {
	mu       sync.Mutex
	followed map[string]*followed
}

type followed struct {
	by  map[*Changed]struct{}
	sub *nats.Subscription // nil: the connection was closed, so the process is ending
}

// join subscribes with the first who follows a kind, and unsubscribes with the last who leaves.
func (k *kinds) join(ctx context.Context, b *Bus, subject string, c *Changed) (leave func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.followed[subject]
	if f == nil {
		f = &followed{by: map[*Changed]struct{}{}}
		var err error
		if f.sub, err = b.conn.Subscribe(subject, func(m *nats.Msg) { k.tell(f, m) }); err != nil {
			b.log.DebugContext(ctx, "follow: nothing will wake this watch", "subject", subject, "error", err)
		}
		if k.followed == nil {
			k.followed = map[string]*followed{}
		}
		k.followed[subject] = f
	}
	f.by[c] = struct{}{}
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if delete(f.by, c); len(f.by) > 0 {
			return
		}
		delete(k.followed, subject)
		if f.sub != nil {
			_ = f.sub.Unsubscribe() // fails only when the connection is gone, and the subscription with it
		}
	}
}

func (k *kinds) tell(f *followed, m *nats.Msg) {
	id := strings.Split(m.Subject, ".")[idToken] // in every subject that matches
	header := headerReader{header: m.Header}
	customer := header.value(ceCustomer)
	k.mu.Lock()
	defer k.mu.Unlock()
	for c := range f.by {
		c.tell(id, customer)
	}
}
