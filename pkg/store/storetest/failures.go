package storetest

import (
	"context"
	"errors"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func failureCases() []testCase {
	return []testCase{
		{"a retry-after is not cut short by a change", firmBackOff},
		{"a change ends what of a back-off is not firm", firmPartOnly},
		{"a change during the claim makes a failed row due at once", changedWhileFailing},
		{"a change during the claim does not cut a retry-after short", changedWhileFirm},
		{"what passes by itself never parks", outageNeverParks},
		{"after an outage tries are left", triesLeftAfterOutage},
	}
}

// away is an error of a party that is away, and says how long to leave it alone; zero: it does not say.
func away(retryAfter time.Duration) error {
	e := errs.New(errs.Unavailable, "AWAY", "nobody answers")
	e.RetryAfter = retryAfter
	return e
}

func (b *bench) backingOff() int {
	b.Helper()
	pending, err := b.db.Pending(b.Context())
	b.must(err)
	b.equal("claimed", pending.Claimed, 0)
	return pending.BackingOff
}

func firmBackOff(b *bench) {
	row := b.create(due())
	b.must(b.claim(1)[0].Fail(b.ctx(), away(time.Hour), 0, 3))
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	b.equal("claimed after a change", len(b.claim(1)), 0)
	b.equal("backing off", b.backingOff(), 1)
	b.equal("last error", b.get(row.ID).LastError, "AWAY: nobody answers")
}

func firmPartOnly(b *bench) {
	row := b.create(due())
	b.must(b.claim(1)[0].Fail(b.ctx(), away(time.Microsecond), time.Hour, 3))
	b.equal("claimed while backing off", len(b.claim(1)), 0)
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	b.equal("claimed after a change", len(b.claim(1)), 1)
}

func changedWhileFailing(b *bench) {
	row := b.create(due())
	for range 3 { // more often than it may fail
		c := b.claim(1)[0]
		b.equal("attempts", c.Attempts, 1)
		b.update(row.ID, func(p *Parcel) { p.Weight++ })
		b.must(c.Fail(b.ctx(), errors.New("no"), time.Hour, 1))
	}
	c := b.claim(1)[0]
	b.must(c.Save(b.ctx(), changed(func(p *Parcel) { p.Label = "intent" }))) // its own change is no news
	b.must(c.Fail(b.ctx(), errors.New("no"), time.Hour, 1))
	b.equal("parked", b.get(row.ID).Parked, true)
}

func changedWhileFirm(b *bench) {
	row := b.create(due())
	c := b.claim(1)[0]
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	b.must(c.Fail(b.ctx(), away(time.Hour), 0, 3))
	b.equal("claimed", len(b.claim(1)), 0)
	b.equal("backing off", b.backingOff(), 1)
}

func outageNeverParks(b *bench) {
	row := b.create(due())
	const tries = 10
	tried := make(chan struct{}, 2*tries)
	kinds := []errs.Kind{errs.Unavailable, errs.Deadline, errs.Exhausted, errs.Cancelled}
	ends := make(chan struct{})
	stop := b.work(b.parcels, store.WorkOptions{Idle: time.Millisecond, MaxAttempts: 2, BackOff: 1, BackOffMax: 1},
		func(ctx context.Context, c *store.Claim[Parcel]) error {
			if len(tried) == tries {
				defer close(ends)
				return c.Finish(ctx, changed(sleepNow))
			}
			tried <- struct{}{}
			return errs.New(kinds[len(tried)%len(kinds)], "AWAY", "nobody answers")
		})
	<-ends
	stop()
	read := b.get(row.ID)
	b.equal("parked", read.Parked, false)
	b.equal("attempts", read.Attempts, 0)
}

func triesLeftAfterOutage(b *bench) {
	row := b.create(due())
	const most = 4
	for range 3 * most {
		b.must(b.claim(1)[0].Fail(b.ctx(), away(0), 0, most))
	}
	b.equal("attempts after the outage", b.get(row.ID).Attempts, most/2)
	for left := most / 2; left > 0; left-- {
		b.equal("parked", b.get(row.ID).Parked, false)
		b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("no"), 0, most))
	}
	b.equal("parked", b.get(row.ID).Parked, true)
}
