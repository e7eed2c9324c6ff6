package storetest

import (
	"context"
	"errors"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func workCases() []testCase {
	return []testCase{
		{"work is woken by a commit", wokenByCommit},
		{"work is woken by the business clock", wokenByClock},
		{"work finds what another process left", foundByPolling},
		{"work carries the service's call and a deadline", workContext},
		{"a failing, panicking or unfinished work parks", failingParks},
		{"a retry-after is kept", retryAfterKept},
		{"a row that loses its worker each time parks unseen", losingParks},
		{"work that is running ends before the loop does", gracefulEnd},
		{"work is shared out to several places", parallelWork},
	}
}

// never is an Idle that no case lives to see.
const never = time.Hour

type workFunc = func(context.Context, *store.Claim[Parcel]) error

// work runs a loop until the returned stop, which waits for its end.
func (b *bench) work(t *store.Table[Parcel], o store.WorkOptions, do workFunc) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- store.Work(ctx, t, o, do) }()
	return func() {
		b.Helper()
		cancel()
		b.must(<-ended)
	}
}

// finishing puts the row to sleep and tells its id.
func finishing(told chan<- string) workFunc {
	return func(ctx context.Context, c *store.Claim[Parcel]) error {
		err := c.Finish(ctx, changed(sleepNow))
		told <- c.ID
		return err
	}
}

func wokenByCommit(b *bench) {
	told := make(chan string, 9)
	defer b.work(b.parcels, store.WorkOptions{Idle: never}, finishing(told))()
	for range 3 {
		row := b.create(due())
		b.equal("worked on", <-told, row.ID)
	}
}

func wokenByClock(b *bench) {
	told := make(chan string, 9)
	row := b.create(Parcel{Due: noon().Add(time.Minute)})
	looked := make(chan struct{}, 9)
	worker := store.NewTable(b.openProbed(func(point string) {
		if point == "commit.after" {
			looked <- struct{}{}
		}
	}), b.kind())
	defer b.work(worker, store.WorkOptions{Idle: never}, finishing(told))()
	<-looked // and found nothing: from here on only the clock wakes it
	b.must(b.business.Set(noon().Add(time.Hour)))
	b.equal("worked on", <-told, row.ID)
}

func foundByPolling(b *bench) {
	told := make(chan string, 9)
	other := store.NewTable(b.open(), b.kind())
	defer b.work(other, store.WorkOptions{Idle: 5 * time.Millisecond}, finishing(told))()
	row := b.create(due())
	b.equal("worked on", <-told, row.ID)
}

func workContext(b *bench) {
	calls, left := make(chan call.Call, 1), make(chan time.Duration, 1)
	b.create(due())
	const lease = time.Hour
	defer b.work(b.parcels, store.WorkOptions{Idle: never, Lease: lease}, func(ctx context.Context, c *store.Claim[Parcel]) error {
		deadline, _ := ctx.Deadline()
		left <- deadline.Sub(clock.Machine{}.Now().Time())
		calls <- call.From(ctx)
		return c.Finish(ctx, changed(sleepNow))
	})()
	d := <-left
	b.equal("deadline is half the lease", d > lease/2-time.Minute && d <= lease/2, true)
	c := <-calls
	b.equal("subject", c.Actor.Subject, "service:"+b.service)
	b.equal("scope", c.Scope.All(), true)
	b.equal("id", c.ID != "", true)
}

func failingParks(b *bench) {
	for name, do := range map[string]workFunc{
		"away": func(context.Context, *store.Claim[Parcel]) error { return errors.New("away") },
		"the work panicked: broken": func(context.Context, *store.Claim[Parcel]) error {
			panic("broken") //nolint:forbidigo // what a panic does is the case
		},
		"the work ended without Finish": func(context.Context, *store.Claim[Parcel]) error { return nil },
	} {
		row := b.create(due())
		tries := make(chan struct{}, 9)
		stop := b.work(b.parcels, store.WorkOptions{Idle: time.Millisecond, MaxAttempts: 2, BackOff: 1, BackOffMax: 1},
			func(ctx context.Context, c *store.Claim[Parcel]) error {
				tries <- struct{}{}
				return do(ctx, c)
			})
		<-tries
		<-tries
		stop()
		read := b.get(row.ID)
		b.equal("parked", read.Parked, true)
		b.equal("tries left over", len(tries), 0)
		if len(read.LastError) < len(name) || read.LastError[:len(name)] != name {
			b.Errorf("last error is %q, want %q", read.LastError, name)
		}
	}
}

func retryAfterKept(b *bench) {
	b.create(due())
	tried := make(chan struct{}, 9)
	stop := b.work(b.parcels, store.WorkOptions{Idle: time.Millisecond, BackOff: 1, BackOffMax: 1},
		func(context.Context, *store.Claim[Parcel]) error {
			tried <- struct{}{}
			e := errs.New(errs.Exhausted, "THROTTLED", "later")
			e.RetryAfter = time.Hour
			return e
		})
	<-tried
	stop()
	pending, err := b.db.Pending(b.Context())
	b.must(err)
	b.equal("backing off", pending.BackingOff, 1)
}

func losingParks(b *bench) {
	row := b.create(due())
	for range 3 {
		b.claimFor(1, 0)
	}
	other, told := b.create(Parcel{Due: noon()}), make(chan string, 9)
	stop := b.work(b.parcels, store.WorkOptions{Idle: never, MaxAttempts: 3, Parallel: 1}, finishing(told))
	b.equal("worked on", <-told, other.ID)
	stop()
	b.equal("work on the other", len(told), 0)
	b.equal("parked", b.get(row.ID).Parked, true)
}

func gracefulEnd(b *bench) {
	row := b.create(due())
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	began, release := make(chan context.Context), make(chan struct{})
	go func() {
		ended <- store.Work(ctx, b.parcels, store.WorkOptions{Idle: never}, func(ctx context.Context, c *store.Claim[Parcel]) error {
			began <- ctx
			<-release
			return c.Finish(ctx, changed(sleepNow))
		})
	}()
	working := <-began
	cancel()
	b.create(due()) // not claimed any more
	select {
	case err := <-ended:
		b.Errorf("the loop ended before its work: %v", err)
	default:
	}
	b.must(working.Err())
	close(release)
	b.must(<-ended)
	b.equal("finished", b.get(row.ID).Doc.Due.IsZero(), true)
	pending, err := b.db.Pending(b.Context())
	b.must(err)
	b.equal("claimed", pending.Claimed, 0)
	b.equal("due", pending.Due, 1)
}

func parallelWork(b *bench) {
	const places = 3
	for range 2 * places {
		b.create(due())
	}
	inside, release := make(chan string, 9), make(chan struct{})
	o := store.WorkOptions{Idle: never, Parallel: places, Batch: 2}
	defer b.work(b.parcels, o, func(ctx context.Context, c *store.Claim[Parcel]) error {
		inside <- c.ID
		<-release
		return c.Finish(ctx, changed(sleepNow))
	})()
	ids := map[string]bool{}
	for range places {
		ids[<-inside] = true
	}
	pending, err := b.db.Pending(b.Context())
	b.must(err)
	b.equal("claimed", pending.Claimed, places)
	close(release)
	for range places {
		ids[<-inside] = true
	}
	b.equal("rows worked on", len(ids), 2*places)
}
