package event

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
)

const (
	backlogSize  = 128                   // messages that wait in this replica
	batchSize    = 32                    // messages in one transaction
	behindMargin = 20 * time.Millisecond // by which what is newer comes after what it waits for
	holdGrace    = 2 * time.Second       // what has not come back so long after its time, another replica has
)

// taken is a message that this replica has taken from the stream.
type taken struct {
	jetstream.Msg
	m   Message
	bad error                // it is no event, or none that its owner published
	age func() time.Duration // since it arrived
}

// backlog is what has arrived and is not done. It gives an aggregate to one worker at a time, its messages in the order of
// their arrival, and keeps them back behind one that is to be tried again later.
type backlog struct {
	mu      sync.Mutex
	changed sync.Cond
	waiting []*taken            // in the order of arrival
	busy    map[string]struct{} // aggregates that a worker has
	held    map[string]hold
	closed  bool
}

// hold is a message that was put back into the stream for a while.
type hold struct {
	revision int64
	age      func() time.Duration
	pause    time.Duration
}

func newBacklog() *backlog {
	b := &backlog{busy: map[string]struct{}{}, held: map[string]hold{}}
	b.changed.L = &b.mu
	return b
}

// put adds a message, once there is room for it or nobody works any more.
func (b *backlog) put(t *taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) >= backlogSize && !b.closed {
		b.changed.Wait()
	}
	b.waiting = append(b.waiting, t)
	b.changed.Broadcast()
}

// take waits for messages that may be worked on now, and makes their aggregates busy until they are done; none when the
// backlog is closed.
func (b *backlog) take() []*taken {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed {
		if batch := b.pick(); len(batch) > 0 {
			b.changed.Broadcast()
			return batch
		}
		b.changed.Wait()
	}
	return nil
}

// pick takes the first messages of aggregates that nobody works on. What has failed before, or is no event, comes alone.
func (b *backlog) pick() (batch []*taken) {
	picked, passed := map[string]struct{}{}, map[string]struct{}{}
	rest := b.waiting[:0]
	full := false
	for _, t := range b.waiting {
		_, mine := picked[t.m.Aggregate]
		_, behind := passed[t.m.Aggregate]
		_, busy := b.busy[t.m.Aggregate]
		_, alone := b.held[t.m.Aggregate]
		alone = alone || t.bad != nil
		if full || behind || busy && !mine || alone && len(batch) > 0 {
			passed[t.m.Aggregate] = struct{}{}
			rest = append(rest, t)
			continue
		}
		batch = append(batch, t)
		picked[t.m.Aggregate], b.busy[t.m.Aggregate] = struct{}{}, struct{}{}
		full = alone || len(batch) == batchSize
	}
	clear(b.waiting[len(rest):])
	b.waiting = rest
	return batch
}

// done lets others work on the aggregates of a batch.
func (b *backlog) done(batch []*taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range batch {
		delete(b.busy, t.m.Aggregate)
	}
	b.changed.Broadcast()
}

// hold notes that a message was put back for a while, and that what is newer of its aggregate waits for it.
func (b *backlog) hold(t *taken, pause time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.held, func(_ string, h hold) bool { return h.age() > h.pause+holdGrace })
	b.held[t.m.Aggregate] = hold{t.m.Revision, clock.Machine{}.Stopwatch(), pause}
}

// behind is how long a message is still to be kept back for an older one of its aggregate; zero: not at all.
func (b *backlog) behind(t *taken) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	h, held := b.held[t.m.Aggregate]
	if !held || t.m.Revision <= h.revision {
		return 0
	}
	left := h.pause - h.age()
	if left < -holdGrace {
		return 0
	}
	return max(left, 0) + behindMargin
}

// free forgets what was held of the aggregates of messages that are acknowledged now.
func (b *backlog) free(batch []*taken) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range batch {
		delete(b.held, t.m.Aggregate)
	}
}

// close ends all waiting.
func (b *backlog) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.changed.Broadcast()
}

// left is what nobody has begun when the backlog was closed.
func (b *backlog) left() []*taken {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.waiting)
}
