package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func claimCases() []testCase {
	return []testCase{
		{"due rows are claimed, those due longest first", dueFirst},
		{"a claimed row is nobody else's", claimedOnce},
		{"eight workers never work on a row twice", eightWorkers},
		{"a wake during a claim makes the row due again afterwards", wakeDuringClaim},
		{"an outcome is applied to the newest document", newestDocument},
		{"an intent is saved under the claim", intentSaved},
		{"a lost lease saves nothing", lostLease},
		{"a lapsed lease that nobody took still finishes", lapsedLease},
		{"a failure backs off and a change ends it", failureBacksOff},
		{"too many failures park until released", parksAndReleases},
		{"a lost worker counts as a failure", lostWorkerCounts},
		{"a claim finishes within a larger transaction", finishWithin},
		{"a claim goes on to what is due next", goesOn},
	}
}

func due() Parcel { return Parcel{Due: store.Immediately} }

func sleepNow(p *Parcel) { p.Due = time.Time{} }

func dueFirst(b *bench) {
	for label, due := range map[Label]time.Time{
		"c": noon(), "b": noon().Add(-time.Hour), "later": noon().Add(time.Microsecond), "a": store.Immediately, "never": {},
	} {
		b.create(Parcel{Label: label, Due: due})
	}
	var order []string
	for _, n := range []int{2, 5, 5} {
		for _, c := range b.claim(n) {
			order = append(order, string(c.Doc.Label))
		}
	}
	b.equal("order", strings.Join(order, ""), "abc")
	b.must(b.business.Set(noon().Add(time.Second)))
	b.equal("due a second later", string(b.claim(5)[0].Doc.Label), "later")
}

func claimedOnce(b *bench) {
	row := b.create(due())
	c := b.claim(5)[0]
	b.equal("claimed twice", len(b.claim(5)), 0)
	b.equal("revision", c.Revision, row.Revision)
	b.equal("attempts", c.Attempts, 1)
	b.must(c.Finish(b.ctx(), changed(sleepNow)))
	b.equal("claimed when asleep", len(b.claim(5)), 0)
	b.equal("attempts after finishing", b.get(row.ID).Attempts, 0)
	b.equal("revision after finishing", c.Revision, int64(2))
}

func eightWorkers(b *bench) {
	const rows = 120
	for range rows {
		b.create(due())
	}
	replicas := []*store.Table[Parcel]{b.parcels, store.NewTable(b.open(), b.kind())}
	var mu sync.Mutex
	worked := map[string]int{}
	for _, err := range together(8, func(i int) error {
		for {
			claims, err := replicas[i%2].Claim(b.ctx(), 7, time.Hour)
			if err != nil || len(claims) == 0 {
				return err
			}
			for _, c := range claims {
				mu.Lock()
				worked[c.ID]++
				mu.Unlock()
				if err := c.Finish(b.ctx(), changed(sleepNow)); err != nil {
					return err
				}
			}
		}
	}) {
		b.must(err)
	}
	// A worker may leave while others hold rows locked, but none may be left or worked on twice.
	for _, c := range b.claim(rows) {
		worked[c.ID]++
	}
	b.equal("rows worked on", len(worked), rows)
	for id, times := range worked {
		b.equal("work on "+id, times, 1)
	}
}

func wakeDuringClaim(b *bench) {
	row := b.create(due())
	c := b.claim(1)[0]
	b.update(row.ID, func(p *Parcel) { p.Weight = 7 })
	b.equal("claimed meanwhile", len(b.claim(1)), 0)
	b.must(c.Finish(b.ctx(), nil))
	again := b.claim(1)
	b.equal("claimed afterwards", len(again), 1)
	b.equal("weight", again[0].Doc.Weight, 7)

	b.update(row.ID, sleepNow) // what wakes may also let sleep
	b.must(again[0].Finish(b.ctx(), nil))
	b.equal("claimed when asleep", len(b.claim(1)), 0)
}

func newestDocument(b *bench) {
	row := b.create(due())
	c := b.claim(1)[0]
	b.update(row.ID, func(p *Parcel) { p.Weight = 7 })
	b.must(c.Finish(b.ctx(), changed(func(p *Parcel) { p.Label = "done" })))
	read := b.get(row.ID)
	b.equal("document", fmt.Sprint(read.Doc.Weight, " ", read.Doc.Label), "7 done")
	b.equal("revision", read.Revision, int64(3))
	b.equal("the claim's own row", *c.Doc, *read.Doc)
}

func intentSaved(b *bench) {
	b.create(due())
	c := b.claim(1)[0]
	b.must(c.Save(b.ctx(), noted(func(p *Parcel) { p.Label = "intent" })))
	b.equal("document", c.Doc.Label, Label("intent"))
	b.equal("claimed by another", len(b.claim(1)), 0)
	refusal := errs.New(errs.Precondition, "STATE_REFUSES", "no")
	err := c.Save(b.ctx(), func(*Parcel) ([]fact.Fact, error) { return nil, refusal })
	b.refused(err, errs.Precondition, "STATE_REFUSES")
	b.must(c.Finish(b.ctx(), changed(sleepNow)))
}

// goesOn has a claim of a row that failed before go on: its tries begin anew, nobody else gets the row, and what the changed document is
// to have is asked after the change.
func goesOn(b *bench) {
	row := b.create(due())
	for range 2 {
		b.must(b.claim(1)[0].Fail(b.ctx(), errs.New(errs.Precondition, "NO", "no"), 0, 20))
	}
	c := b.claim(1)[0]
	b.equal("tries before", c.Attempts, 3)
	unlessAsleep := func(p *Parcel) store.Then {
		if p.Due.IsZero() {
			return store.Free
		}
		return store.GoOn
	}
	b.must(c.Settle(b.ctx(), changed(func(p *Parcel) { p.Label = "half" }), unlessAsleep))
	b.equal("tries after it went on", c.Attempts, 1)
	b.equal("what failed", b.get(row.ID).LastError, "")
	b.equal("claimed by others", len(b.claim(5)), 0)
	b.must(c.Settle(b.ctx(), changed(sleepNow), unlessAsleep))
	b.equal("label", b.get(row.ID).Doc.Label, Label("half"))
	b.equal("tries after its end", b.get(row.ID).Attempts, 0)
	b.equal("save after its end is refused", errors.Is(c.Save(b.ctx(), nil), store.ErrLostClaim), true)
}

func lostLease(b *bench) {
	row := b.create(due())
	lost := b.claimFor(1, 0)[0]
	holder := b.claim(1)[0]
	for what, err := range map[string]error{
		"save":   lost.Save(b.ctx(), changed(func(p *Parcel) { p.Label = "lost" })),
		"finish": lost.Finish(b.ctx(), changed(func(p *Parcel) { p.Label = "lost" })),
		"fail":   lost.Fail(b.ctx(), errors.New("lost"), 0, 1),
	} {
		b.equal(what+" is refused", errors.Is(err, store.ErrLostClaim), true)
	}
	b.equal("revision", b.get(row.ID).Revision, int64(1))
	b.must(holder.Finish(b.ctx(), changed(func(p *Parcel) { p.Label = "held" })))
	b.equal("label", b.get(row.ID).Doc.Label, Label("held"))
}

func lapsedLease(b *bench) {
	b.create(due())
	c := b.claimFor(1, 0)[0]
	b.must(c.Finish(b.ctx(), changed(sleepNow)))

	row := b.create(due())
	c = b.claimFor(1, 0)[0]
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 }) // whoever changes a row with a lapsed claim frees it
	b.equal("finish is refused", errors.Is(c.Finish(b.ctx(), nil), store.ErrLostClaim), true)
}

func failureBacksOff(b *bench) {
	row := b.create(due())
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("away"), time.Hour, 3))
	b.equal("claimed while backing off", len(b.claim(1)), 0)
	read := b.get(row.ID)
	b.equal("last error", read.LastError, "away")
	b.equal("attempts", read.Attempts, 1)
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), row.ID, "", noted(func(p *Parcel) { p.Weight = 1 }))
		return err
	})
	b.equal("claimed after bookkeeping", len(b.claim(1)), 0)
	b.update(row.ID, func(p *Parcel) { p.Weight = 2 })
	c := b.claim(1)[0]
	b.equal("attempts of the next try", c.Attempts, 2)
	b.must(c.Fail(b.ctx(), errors.New("away"), 0, 3))
	b.equal("claimed after a back-off of nothing", len(b.claim(1)), 1)
}

func parksAndReleases(b *bench) {
	row := b.create(due())
	for range 3 {
		b.must(b.claim(1)[0].Fail(b.ctx(), errors.New(strings.Repeat("no \xff", 2000)), 0, 3))
	}
	b.equal("claimed when parked", len(b.claim(1)), 0)
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	b.equal("claimed when parked and changed", len(b.claim(1)), 0)
	parked, next, err := b.db.Parked(b.Context(), 10, "")
	b.must(err)
	b.equal("parked", len(parked), 1)
	b.equal("more", next, "")
	b.equal("row", parked[0].Kind+" "+parked[0].ID, "parcel "+row.ID)
	b.equal("attempts", parked[0].Attempts, 3)
	b.equal("last error is cut", len(parked[0].LastError) <= 2000 && parked[0].LastError != "", true)

	b.must(b.db.Release(b.Context(), "parcel", row.ID))
	b.equal("attempts after release", b.claim(1)[0].Attempts, 1)
	b.refused(b.db.Release(b.Context(), "parcel", row.ID), errs.Precondition, "NOT_PARKED")
	b.refused(b.db.Release(b.Context(), "parcel", "par_none"), errs.NotFound, "NOT_FOUND")
	b.refused(b.db.Release(b.Context(), "crate", row.ID), errs.NotFound, "NOT_FOUND")
}

func lostWorkerCounts(b *bench) {
	b.create(due())
	for try := range 3 {
		b.equal("attempts", b.claimFor(1, 0)[0].Attempts, try+1)
	}
}

func finishWithin(b *bench) {
	row := b.create(due())
	c := b.claim(1)[0]
	no := errors.New("no")
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		return errors.Join(c.FinishTx(tx, changed(sleepNow)), no)
	})
	b.equal("undone", errors.Is(err, no), true)
	b.equal("row of the claim", c.Revision, int64(1))
	b.tx(func(tx *store.Tx) error {
		if _, err := b.parcels.Create(tx, "", &Parcel{Label: "second"}); err != nil {
			return err
		}
		return c.FinishTx(tx, changed(sleepNow))
	})
	b.equal("row of the claim", c.Revision, int64(2))
	b.equal("row", b.get(row.ID).Doc.Due.IsZero(), true)
	b.parcelCount("2")
}
