package storetest

import (
	"sync"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func conflictCases() []testCase {
	return []testCase{
		{"two writers of one row lose nothing", twoWriters},
		{"what was read under the lock still holds at the update", readUnderLock},
		{"an etag of yesterday is refused", etagMismatch},
		{"of two writers with one etag one wins", etagRace},
		{"a unique column refuses and names itself", uniqueViolation},
		{"of two creators of a unique value one wins", uniqueRace},
	}
}

// together runs n copies of do at once and returns their errors.
func together(n int, do func(i int) error) []error {
	failures := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			failures[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return failures
}

func twoWriters(b *bench) {
	row := b.create(Parcel{})
	for _, err := range together(4, func(int) error {
		for range 10 {
			if _, err := b.tryUpdate(row.ID, "", func(p *Parcel) { p.Weight++ }); err != nil {
				return err
			}
		}
		return nil
	}) {
		b.must(err)
	}
	read := b.get(row.ID)
	b.equal("weight", read.Doc.Weight, 40)
	b.equal("revision", read.Revision, int64(41))
	b.equal("events", b.text("SELECT count(*) FROM events WHERE aggregate = $1", row.ID), "41")
}

// readUnderLock counts in what it read, which loses counts without the lock.
func readUnderLock(b *bench) {
	row := b.create(Parcel{Customer: "cus_a"})
	for _, err := range together(4, func(int) error {
		return b.db.InTx(b.ctx(), func(tx *store.Tx) error {
			read, err := b.parcels.GetForUpdate(tx, everyone(), row.ID)
			if err != nil {
				return err
			}
			_, err = b.parcels.Update(tx, everyone(), row.ID, "", changed(func(p *Parcel) { p.Weight = read.Doc.Weight + 1 }))
			return err
		})
	}) {
		b.must(err)
	}
	b.equal("weight", b.get(row.ID).Doc.Weight, 4)
	err := b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, err := b.parcels.GetForUpdate(tx, call.Customers("cus_b"), row.ID)
		return err
	})
	b.refused(err, errs.NotFound, "NOT_FOUND")
}

func etagMismatch(b *bench) {
	row := b.create(Parcel{})
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	_, err := b.tryUpdate(row.ID, row.ETag(), func(p *Parcel) { p.Weight = 2 })
	b.refused(err, errs.Conflict, "ETAG_MISMATCH")
	_, err = b.tryUpdate(row.ID, "no etag", func(p *Parcel) { p.Weight = 2 })
	b.refused(err, errs.Conflict, "ETAG_MISMATCH")
	_, err = b.tryUpdate(row.ID, "2", func(p *Parcel) { p.Weight = 3 })
	b.must(err)
	b.equal("weight", b.get(row.ID).Doc.Weight, 3)
}

func etagRace(b *bench) {
	row := b.create(Parcel{})
	won := 0
	for _, err := range together(6, func(int) error {
		_, err := b.tryUpdate(row.ID, row.ETag(), func(p *Parcel) { p.Weight++ })
		return err
	}) {
		if err == nil {
			won++
			continue
		}
		b.refused(err, errs.Conflict, "ETAG_MISMATCH")
	}
	b.equal("winners", won, 1)
	b.equal("weight", b.get(row.ID).Doc.Weight, 1)
}

func uniqueViolation(b *bench) {
	b.create(Parcel{Label: "same"})
	other := b.create(Parcel{Label: "other"})
	_, err := b.tryUpdate(other.ID, "", func(p *Parcel) { p.Label = "same" })
	b.refused(err, errs.Exists, "ALREADY_EXISTS")
	b.equal("column", column(err), "label")
	err = b.db.InTx(b.ctx(), func(tx *store.Tx) error {
		_, _ = b.parcels.Create(tx, "", &Parcel{Label: "third"})
		_, _ = b.parcels.Create(tx, "", &Parcel{Label: "same"})
		return nil // a caller that forgets the error commits nothing all the same
	})
	b.refused(err, errs.Exists, "ALREADY_EXISTS")
	b.equal("rows", b.text("SELECT count(*) FROM parcels"), "2")
}

func uniqueRace(b *bench) {
	won := 0
	for _, err := range together(6, func(int) error {
		return b.db.InTx(b.ctx(), func(tx *store.Tx) error {
			_, err := b.parcels.Create(tx, "", &Parcel{Label: "one"})
			return err
		})
	}) {
		if err == nil {
			won++
			continue
		}
		b.refused(err, errs.Exists, "ALREADY_EXISTS")
		b.equal("column", column(err), "label")
	}
	b.equal("winners", won, 1)
}

func column(err error) string {
	e, ok := errs.As(err)
	if !ok {
		return ""
	}
	return e.Meta["unique"]
}
