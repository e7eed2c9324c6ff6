package storetest

import (
	"context"
	"errors"
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func keepCases() []testCase {
	return []testCase{
		{"work of five leases keeps its claim", keptFiveLeases},
		{"kept work that loses its process goes to another", keptAndLost},
		{"kept work that never fits parks", keptTooLong},
		{"a pass that never fits parks", passTooLong},
		{"a peer's deadline does not park kept work", peersDeadline},
		{"a claim that is lost ends the work", lostWhileKept},
		{"a database that is away for a moment loses no claim", keptOverOutage},
		{"a database that is away for a lease ends the work", lapsedWhileKept},
	}
}

// until looks again and again until the condition holds.
func (b *bench) until(holds func() bool) {
	b.Helper()
	for deadline := time.After(20 * time.Second); !holds(); {
		select {
		case <-deadline:
			b.Fatal("it never happened")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// claimedUntil is machine time.
func (b *bench) claimedUntil(id string) clock.Instant {
	b.Helper()
	n, err := strconv.ParseInt(b.text("SELECT claimed_until FROM parcels WHERE id = $1", id), 10, 64)
	b.must(err)
	return clock.Instant(n)
}

// ended waits for the end of a context.
func (b *bench) ended(ctx context.Context) {
	b.Helper()
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
		b.Fatal("it never ended")
	}
}

// keptFiveLeases tries again when the machine itself stood still for a lease.
func keptFiveLeases(b *bench) {
	other := store.NewTable(b.open(), b.kind())
	for range 3 {
		if b.keepsFiveLeases(other) {
			return
		}
	}
	b.Error("the claim was lost each time")
}

func (b *bench) keepsFiveLeases(other *store.Table[Parcel]) bool {
	b.Helper()
	const lease = time.Second
	row, began := b.create(due()), make(chan struct{})
	kept, worked := make(chan bool, 1), make(chan string, 9)
	defer b.work(b.parcels, store.WorkOptions{Idle: never, Lease: lease}, func(pass context.Context, c *store.Claim[Parcel]) error {
		ctx, end := c.Keep(time.Hour)
		defer end()
		close(began)
		first := b.claimedUntil(c.ID)
		b.until(func() bool { return ctx.Err() != nil || b.claimedUntil(c.ID).Sub(first) >= 5*lease })
		if ctx.Err() != nil {
			kept <- false
			return context.Cause(ctx)
		}
		b.equal("the pass is over", errors.Is(pass.Err(), context.DeadlineExceeded), true)
		b.equal("subject", call.From(ctx).Actor.Subject, "service:"+b.service)
		b.equal("attempts", c.Attempts, 1)
		b.must(c.Save(ctx, noted(func(p *Parcel) { p.Weight = 7 })))
		err := c.Finish(ctx, changed(sleepNow))
		b.ended(ctx)
		kept <- true
		return err
	})()
	<-began
	o := store.WorkOptions{Idle: lease / 10, Lease: lease} // looks often enough to take what is not kept
	defer b.work(other, o, finishing(worked))()
	if !<-kept {
		return false
	}
	b.equal("worked on by the other as well", len(worked), 0)
	read := b.get(row.ID)
	b.equal("revision", read.Revision, int64(2))
	b.equal("weight", read.Doc.Weight, 7)
	b.equal("attempts", read.Attempts, 0)
	return true
}

func keptAndLost(b *bench) {
	const lease = 300 * time.Millisecond
	other := store.NewTable(b.open(), b.kind())
	row := b.create(due())
	claimed := b.claimFor(1, lease)[0]
	_, stop := claimed.Keep(time.Hour)
	first := b.claimedUntil(row.ID)
	b.until(func() bool { return b.claimedUntil(row.ID) > first })
	stop() // as the end of its process does
	worked := make(chan string, 9)
	defer b.work(other, store.WorkOptions{Idle: 5 * time.Millisecond},
		func(ctx context.Context, c *store.Claim[Parcel]) error {
			b.equal("attempts", c.Attempts, 2)
			return finishing(worked)(ctx, c)
		})()
	b.equal("worked on", <-worked, row.ID)
	b.equal("finishing is refused", errors.Is(claimed.Finish(b.ctx(), nil), store.ErrLostClaim), true)
}

// overruns works until its time is up and then says that somebody was slow. It expects to be parked after two tries.
func (b *bench) overruns(lease time.Duration, longer func(context.Context, *store.Claim[Parcel]) (context.Context, func())) {
	b.Helper()
	row, tries := b.create(due()), make(chan struct{}, 9)
	stop := b.work(b.parcels, store.WorkOptions{Idle: time.Millisecond, Lease: lease, MaxAttempts: 2, BackOff: 1, BackOffMax: 1},
		func(pass context.Context, c *store.Claim[Parcel]) error {
			ctx, end := longer(pass, c)
			defer end()
			b.ended(ctx)
			tries <- struct{}{}
			return errs.Wrap(context.Cause(ctx), errs.Deadline, "SLOW", "too slow")
		})
	b.until(func() bool { return b.get(row.ID).Parked })
	stop()
	b.equal("tries", len(tries), 2)
	b.equal("last error", b.get(row.ID).LastError,
		"WORK_OVERRAN: the work did not end within its time: SLOW: too slow: context deadline exceeded")
}

func keptTooLong(b *bench) {
	b.overruns(time.Hour, func(_ context.Context, c *store.Claim[Parcel]) (context.Context, func()) {
		ctx, end := c.Keep(10 * time.Millisecond)
		return ctx, end
	})
}

func passTooLong(b *bench) {
	b.overruns(600*time.Millisecond, func(pass context.Context, _ *store.Claim[Parcel]) (context.Context, func()) {
		return pass, func() {}
	})
}

func peersDeadline(b *bench) {
	row, tries := b.create(due()), make(chan struct{}, 99)
	o := store.WorkOptions{Idle: time.Millisecond, Lease: 600 * time.Millisecond, MaxAttempts: 2, BackOff: 1, BackOffMax: 1}
	stop := b.work(b.parcels, o,
		func(pass context.Context, c *store.Claim[Parcel]) error {
			ctx, end := c.Keep(time.Hour)
			defer end()
			b.ended(pass) // its own deadline counts no more
			b.must(ctx.Err())
			tries <- struct{}{}
			return errs.New(errs.Deadline, "SLOW", "the peer is slow")
		})
	b.until(func() bool { return len(tries) >= 3 })
	stop()
	b.equal("parked", b.get(row.ID).Parked, false)
}

func lostWhileKept(b *bench) {
	row := b.create(due())
	c := b.claimFor(1, 100*time.Millisecond)[0]
	ctx, stop := c.Keep(time.Hour)
	defer stop()
	b.exec("UPDATE parcels SET claim = 'another' WHERE id = $1", row.ID)
	b.ended(ctx)
	b.equal("cause", context.Cause(ctx), error(store.ErrLostClaim))
}

func keptOverOutage(b *bench) {
	row := b.create(due())
	c := b.claimFor(1, time.Second)[0]
	ctx, stop := c.Keep(time.Hour)
	defer stop()
	first := b.claimedUntil(row.ID)
	b.exec("ALTER TABLE parcels RENAME TO away")
	b.until(func() bool { return clock.Machine{}.Now() > first.Add(-600*time.Millisecond) }) // it failed meanwhile
	b.exec("ALTER TABLE away RENAME TO parcels")
	b.until(func() bool { return b.claimedUntil(row.ID) > first })
	b.must(ctx.Err())
}

func lapsedWhileKept(b *bench) {
	b.create(due())
	c := b.claimFor(1, 100*time.Millisecond)[0]
	ctx, stop := c.Keep(time.Hour)
	defer stop()
	b.exec("ALTER TABLE parcels RENAME TO away")
	b.ended(ctx)
	b.equal("cause", context.Cause(ctx), error(store.ErrLostClaim))
	b.exec("ALTER TABLE away RENAME TO parcels")
}
