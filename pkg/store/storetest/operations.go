package storetest

import (
	"errors"
	"sync/atomic"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func operationCases() []testCase {
	return []testCase{
		{"pending work is counted", pendingCounted},
		{"parked rows are paged", parkedPaged},
		{"an inbox drops what is older or equal", inboxDrops},
		{"refusals become a dead letter that is taken once", deadLetters},
		{"a lease has one holder and is taken over", leaseTakenOver},
		{"a bucket of permits empties and fills", permits},
		{"permits are drawn once by all replicas", permitRace},
		{"a sweep deletes what is old and no more", sweeps},
		{"opening again changes nothing", opensAgain},
	}
}

func pendingCounted(b *bench) {
	expect := func(want store.Pending) {
		b.Helper()
		got, err := b.db.Pending(b.Context())
		b.must(err)
		got.Unpublished -= want.Unpublished
		want.Unpublished = 0
		b.equal("pending", got, want)
	}
	expect(store.Pending{})
	b.create(Parcel{Due: noon().Add(2 * time.Hour)})
	b.create(Parcel{Due: noon().Add(time.Hour)})
	b.create(Parcel{})
	row := b.create(due())
	expect(store.Pending{Due: 1, Unpublished: 4, NextDue: noon().Add(time.Hour)})

	c := b.claim(1)[0]
	expect(store.Pending{Claimed: 1, Unpublished: 4, NextDue: noon().Add(time.Hour)})
	b.update(row.ID, sleepNow) // still being worked on
	expect(store.Pending{Claimed: 1, Unpublished: 5, NextDue: noon().Add(time.Hour)})
	b.must(c.Fail(b.ctx(), errors.New("away"), time.Hour, 9))
	expect(store.Pending{Unpublished: 5, NextDue: noon().Add(time.Hour)}) // asleep: nothing to back off from
	b.update(row.ID, func(p *Parcel) { p.Due = noon() })
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("away"), time.Hour, 9))
	expect(store.Pending{BackingOff: 1, Unpublished: 6, NextDue: noon().Add(time.Hour)})
	b.update(row.ID, func(p *Parcel) { p.Due = noon().Add(time.Minute) })
	expect(store.Pending{Unpublished: 7, NextDue: noon().Add(time.Minute)})

	b.must(b.business.Set(noon().Add(90 * time.Minute)))
	expect(store.Pending{Due: 2, Unpublished: 7, NextDue: noon().Add(2 * time.Hour)})
	b.claimFor(1, 0)
	expect(store.Pending{Due: 2, Unpublished: 7, NextDue: noon().Add(2 * time.Hour)}) // a lapsed claim is due
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("no"), 0, 1))
	expect(store.Pending{Due: 1, Unpublished: 7, NextDue: noon().Add(2 * time.Hour)}) // parked is not pending
}

func parkedPaged(b *bench) {
	for range 5 {
		b.create(due())
	}
	for _, c := range b.claim(5) {
		b.must(c.Fail(b.ctx(), errors.New("no"), 0, 1))
	}
	seen, token := map[string]bool{}, ""
	for pages := 0; ; pages++ {
		rows, next, err := b.db.Parked(b.Context(), 2, token)
		b.must(err)
		for _, r := range rows {
			seen[r.ID] = true
		}
		if token = next; token == "" {
			b.equal("pages before the last", pages, 2)
			break
		}
	}
	b.equal("parked", len(seen), 5)
	_, err := b.db.RecordRefusal(b.ctx(), "c1", store.DeadLetter{Message: "evt_1"}, 1)
	b.must(err)
	_, err = b.db.RecordRefusal(b.ctx(), "c1", store.DeadLetter{Message: "evt_2"}, 2) // not dead yet
	b.must(err)
	parked, dead, err := b.db.Stuck(b.Context())
	b.must(err)
	b.equal("stuck", [2]int{parked, dead}, [2]int{5, 1})
}

func inboxDrops(b *bench) {
	for _, step := range []struct {
		consumer, aggregate string
		revision            int64
		seen                bool
	}{
		{"c1", "ord_1", 2, false},
		{"c1", "ord_1", 2, true},
		{"c1", "ord_1", 1, true},
		{"c1", "ord_1", 5, false},
		{"c1", "ord_2", 1, false},
		{"c2", "ord_1", 1, false},
	} {
		b.tx(func(tx *store.Tx) error {
			seen, err := tx.Seen(step.consumer, step.aggregate, step.revision)
			b.equal("seen", seen, step.seen)
			return err
		})
	}
	no := errors.New("no")
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := tx.Seen("c1", "ord_1", 6)
		return errors.Join(no, err)
	})
	b.equal("refused", errors.Is(err, no), true)
	b.tx(func(tx *store.Tx) error {
		seen, err := tx.Seen("c1", "ord_1", 6)
		b.equal("seen after a refusal", seen, false)
		return err
	})
}

func deadLetters(b *bench) {
	letter := store.DeadLetter{
		Message: "evt_1", Subject: "a.b", Headers: map[string][]string{"ce-id": {"evt_1"}}, Body: []byte{0, 1}, LastError: "no\x00",
	}
	for try := range 3 {
		dead, err := b.db.RecordRefusal(b.ctx(), "c1", letter, 3)
		b.must(err)
		b.equal("dead", dead, try == 2)
		letters, _, err := b.db.DeadLetters(b.ctx(), 10, "")
		b.must(err)
		b.equal("letters", len(letters), try/2)
	}
	dead, err := b.db.RecordRefusal(b.ctx(), "c2", letter, 1)
	b.must(err)
	b.equal("dead at once", dead, true)

	first, next, err := b.db.DeadLetters(b.ctx(), 1, "")
	b.must(err)
	second, last, err := b.db.DeadLetters(b.ctx(), 1, next)
	b.must(err)
	b.equal("consumers", first[0].Consumer+" "+second[0].Consumer, "c1 c2")
	b.equal("more", last, "")
	got := first[0]
	b.equal("letter", got.Message+" "+got.Subject+" "+got.Headers["ce-id"][0]+" "+got.LastError, "evt_1 a.b evt_1 no")
	b.equal("body", string(got.Body), "\x00\x01")
	b.equal("tries", got.Tries, 3)

	b.tx(func(tx *store.Tx) error {
		_, err := tx.TakeDeadLetter(got.ID)
		return err
	})
	err = b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := tx.TakeDeadLetter(got.ID)
		return err
	})
	b.refused(err, errs.NotFound, "NOT_FOUND")
}

func leaseTakenOver(b *bench) {
	for _, step := range []struct {
		holder string
		ttl    time.Duration
		held   bool
	}{
		{"a", time.Hour, true},
		{"b", time.Hour, false},
		{"a", time.Hour, true},
		{"a", 0, true}, // given back
		{"b", time.Hour, true},
		{"a", time.Hour, false},
	} {
		held, err := b.db.Lease(b.ctx(), "relay", step.holder, step.ttl)
		b.must(err)
		b.equal(step.holder+" holds", held, step.held)
	}
	var held atomic.Int32
	for _, err := range together(4, func(i int) error {
		ok, err := b.db.Lease(b.ctx(), "other", string(rune('a'+i)), time.Hour)
		if ok {
			held.Add(1)
		}
		return err
	}) {
		b.must(err)
	}
	b.equal("holders", held.Load(), int32(1))
}

func permits(b *bench) {
	const slow = 1.0 / 3600 // one an hour
	draw := func(party string) time.Duration {
		b.Helper()
		wait, err := b.db.Permit(b.ctx(), party, "ListAccounts", slow, 3)
		b.must(err)
		return wait
	}
	for range 3 {
		b.equal("wait within the burst", draw("111"), time.Duration(0))
	}
	wait := draw("111")
	b.equal("wait is about an hour", wait > 59*time.Minute && wait <= time.Hour, true)
	b.equal("the refused draw cost nothing", draw("111") <= wait, true)
	b.equal("another party's bucket", draw("222"), time.Duration(0))
	refusal := b.db.Admit(b.ctx(), "111", "ListAccounts", slow, 3)
	b.refused(refusal, errs.Exhausted, "RATE_LIMITED")
	e, _ := errs.As(refusal)
	b.equal("what it says to wait is about an hour", e.RetryAfter > 59*time.Minute && e.RetryAfter <= time.Hour, true)
	b.must(b.db.Admit(b.ctx(), "222", "ListAccounts", slow, 3))
	// As if the hour had passed.
	b.exec("UPDATE permits SET drawn_to = drawn_to - 3600000000 WHERE party = '111'")
	b.equal("wait after an hour", draw("111"), time.Duration(0))
	b.equal("wait after that", draw("111") > 0, true)
	_, err := b.db.Permit(b.ctx(), "111", "ListAccounts", 0, 1)
	b.refused(err, errs.Internal, "INTERNAL")
}

func permitRace(b *bench) {
	drawn := make(chan bool, 12)
	for _, err := range together(12, func(int) error {
		wait, err := b.db.Permit(b.ctx(), "111", "ListAccounts", 0.001, 5)
		drawn <- wait == 0
		return err
	}) {
		b.must(err)
	}
	close(drawn)
	n := 0
	for ok := range drawn {
		if ok {
			n++
		}
	}
	b.equal("drawn", n, 5)
}

func sweeps(b *bench) {
	for range 3 {
		b.create(Parcel{})
	}
	b.tx(func(tx *store.Tx) error {
		if _, err := tx.Seen("c1", "ord_1", 1); err != nil {
			return err
		}
		_, err := b.parcels.Create(tx, "", &Parcel{}, fact.Fact{Name: "hidden", Private: true})
		return err
	})
	_, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	_, err = b.db.RecordRefusal(b.ctx(), "c1", store.DeadLetter{Message: "evt_1"}, 1)
	b.must(err)
	for table, deleted := range map[string]int{"events": 6, "idempotency": 1, "inbox": 1, "dead_letters": 1} {
		n, err := b.db.Sweep(b.ctx(), table, time.Hour)
		b.must(err)
		b.equal("young rows deleted from "+table, n, 0)
		n, err = b.db.Sweep(b.ctx(), table, -time.Hour) // as if an hour had passed
		b.must(err)
		b.equal("old rows deleted from "+table, n, deleted)
	}
	b.equal("still to be relayed", b.text("SELECT count(*) FROM revisions"), "4")
	_, err = b.db.Sweep(b.ctx(), "parcels", 0)
	b.refused(err, errs.Internal, "INTERNAL")
}

func opensAgain(b *bench) {
	row := b.create(Parcel{Label: "kept"})
	other := store.NewTable(b.open(), b.kind())
	read, err := other.Get(b.Context(), everyone(), row.ID)
	b.must(err)
	b.equal("label", read.Doc.Label, Label("kept"))
}
