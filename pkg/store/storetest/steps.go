package storetest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/store"
)

// The clock that the store reads is set back under it, as a time server or an operator sets a machine's.
func stepCases() []testCase {
	return []testCase{
		{"a lease taken before the clock was set back is free", leaseAheadFree},
		{"a lease of a replica whose clock is a little ahead is not", leaseOfSkewedClock},
		{"a lost worker's claim does not wait for the time to come again", claimAheadLapses},
		{"a back-off does not wait for the time to come again", backOffAheadLapses},
		{"work that goes on keeps its claim when the clock is set back", keptOverStep},
		{"a bucket of permits fills at its rate after the clock was set back", permitsAhead},
		{"a key is known after the clock was set back, and kept no longer than others", keyAhead},
	}
}

const day = 24 * time.Hour

// setBack sets the clock back by a day.
func (b *bench) setBack() { b.set(-day) }

// warned expects one line that says so.
func (b *bench) warned(about string) {
	b.Helper()
	said := b.said.text()
	if !strings.Contains(said, "level=WARN") || !strings.Contains(said, `set back" so="`+about) {
		b.Errorf("nobody was told of %q:\n%s", about, said)
	}
}

// lines keeps what is logged.
type lines struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.String()
}

func (l *lines) log() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (b *bench) lease(holder string, held bool) {
	b.Helper()
	got, err := b.db.Lease(b.ctx(), "relay", holder, time.Minute)
	b.must(err)
	b.equal(holder+" holds the lease", got, held)
}

func leaseAheadFree(b *bench) {
	b.lease("a", true)
	b.lease("b", false)
	b.setBack()
	b.lease("b", true)
	b.warned("a lease that was taken ahead of it is free")
	b.lease("a", false)
	b.set(0) // the clock is right again: nobody has prolonged for a day
	b.lease("a", true)
}

func leaseOfSkewedClock(b *bench) {
	b.set(5 * time.Second)
	b.lease("a", true)
	b.set(0)
	b.lease("b", false)
}

// takesOver expects a worker to take the row within a few of its leases.
func (b *bench) takesOver(id string) {
	b.Helper()
	told := make(chan string, 9)
	defer b.work(b.parcels, store.WorkOptions{Idle: 5 * time.Millisecond, Lease: 100 * time.Millisecond}, finishing(told))()
	select {
	case got := <-told:
		b.equal("worked on", got, id)
	case <-time.After(20 * time.Second):
		b.Fatal("the row waits for the time to come again")
	}
	b.warned("claims and back-offs that were begun ahead of it lapse within a lease")
}

func claimAheadLapses(b *bench) {
	row := b.create(due())
	b.claimFor(1, time.Minute)
	b.setBack()
	b.takesOver(row.ID)
}

func backOffAheadLapses(b *bench) {
	row := b.create(due())
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("away"), time.Minute, 9))
	b.setBack()
	b.takesOver(row.ID)
}

func keptOverStep(b *bench) {
	row := b.create(due())
	c := b.claimFor(1, 5*time.Second)[0]
	ctx, end := c.Keep(time.Hour)
	defer end()
	before := b.claimedUntil(row.ID)
	b.setBack()
	worked := make(chan string, 9)
	other := store.NewTable(b.open(), b.kind())
	defer b.work(other, store.WorkOptions{Idle: 5 * time.Millisecond, Lease: 5 * time.Second}, finishing(worked))()
	b.until(func() bool { return b.claimedUntil(row.ID) < before }) // by the clock as it is now
	now := b.claimedUntil(row.ID)
	b.until(func() bool { return b.claimedUntil(row.ID) > now }) // and it goes on
	b.must(context.Cause(ctx))
	b.must(c.Finish(ctx, changed(sleepNow)))
	b.equal("worked on by another as well", len(worked), 0)
}

func permitsAhead(b *bench) {
	draw := func() time.Duration {
		b.Helper()
		wait, err := b.db.Permit(b.ctx(), "111", "ListAccounts", 1.0/60, 2)
		b.must(err)
		return wait
	}
	for range 2 {
		b.equal("wait within the burst", draw(), time.Duration(0))
	}
	b.equal("wait after the burst", draw() > 0, true)
	b.setBack()
	b.equal("the first draw finds out", draw() <= time.Second, true)
	b.warned("permits that were drawn ahead of it count no more")
	b.equal("wait for the one that is left", draw(), time.Duration(0))
	wait := draw()
	b.equal("the next comes at the bucket's rate", wait > 50*time.Second && wait <= time.Minute, true)
}

func keyAhead(b *bench) {
	_, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	b.setBack()
	_, err = b.pack(b.keyed("k1"), "", false)
	b.must(err)
	b.parcelCount("1")
	n, err := b.db.Sweep(b.ctx(), "idempotency", time.Hour)
	b.must(err)
	b.equal("young keys deleted", n, 0)
	b.warned("rows that were written ahead of it are kept from now on")
	b.set(-day + 2*time.Hour)
	n, err = b.db.Sweep(b.ctx(), "idempotency", time.Hour)
	b.must(err)
	b.equal("old keys deleted", n, 1)
}
