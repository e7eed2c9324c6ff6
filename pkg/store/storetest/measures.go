package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/handover/pkg/store"
)

func measureCases() []testCase {
	return []testCase{
		{"waits are counted by owner, and those that are late apart", waitsCounted},
		{"states are counted, with holds", statesCounted},
		{"the aggregate that is due longest is known", oldestDue},
		{"the permits that are left are known, of the emptiest bucket", permitsLeft},
	}
}

// counted are counts in a fixed order, as text.
func (b *bench) counted(counts []store.Count, err error) string {
	b.Helper()
	b.must(err)
	var lines []string
	for _, c := range counts {
		lines = append(lines, fmt.Sprintf("%s %s %s %t %d", c.Kind, c.Is, c.Hold, c.Overdue, c.Number))
	}
	slices.Sort(lines)
	return fmt.Sprint(lines)
}

func waitsCounted(b *bench) {
	b.equal("of nobody", b.counted(b.db.Waits(b.Context())), "[]")
	for _, p := range []Parcel{
		{},
		{Waits: "AWS"},
		{Waits: "AWS"},
		{Waits: "CUSTOMER", Late: noon().Add(time.Hour)},
		{Waits: "CUSTOMER", Late: noon().Add(-time.Hour)},
		{Waits: "CUSTOMER", Told: true},
	} {
		b.create(p)
	}
	b.equal("waits", b.counted(b.db.Waits(b.Context())),
		"[parcel AWS  false 2 parcel CUSTOMER  false 1 parcel CUSTOMER  true 2]")
}

func statesCounted(b *bench) {
	for _, c := range []crate{{State: "OPEN"}, {State: "OPEN"}, {State: "HELD", Hold: "RATE_MISSING"}, {State: "HELD", Hold: "MISMATCH"}} {
		b.tx(func(tx *store.Tx) error {
			_, err := b.crates.Create(tx, "", &c)
			return err
		})
	}
	b.equal("states", b.counted(b.db.States(b.Context())),
		"[crate HELD MISMATCH false 1 crate HELD RATE_MISSING false 1 crate OPEN  false 2]")
}

func oldestDue(b *bench) {
	waits := func() time.Duration {
		b.Helper()
		d, err := b.db.OldestDue(b.Context())
		b.must(err)
		return d
	}
	b.create(Parcel{Due: noon().Add(time.Hour)})
	b.equal("of what sleeps", waits(), time.Duration(0))
	b.create(due())
	b.equal("of what is due at once", waits(), time.Duration(0))
	b.must(b.business.Set(noon().Add(3 * time.Hour)))
	b.equal("three hours later", waits(), 3*time.Hour)
	b.must(b.claim(1)[0].Fail(b.ctx(), errors.New("no"), 0, 1)) // parked
	b.equal("of the other", waits(), 2*time.Hour)
}

func permitsLeft(b *bench) {
	draw := func(party string, times int) {
		for range times {
			_, err := b.db.Permit(b.ctx(), party, "ListAccounts", 0.001, 5)
			b.must(err)
		}
	}
	draw("111", 1)
	draw("222", 3)
	left, err := b.db.PermitsLeft(b.Context())
	b.must(err)
	b.equal("left", fmt.Sprint(left), "map[ListAccounts:2]")
	draw("222", 9)
	left, err = b.db.PermitsLeft(b.Context())
	b.must(err)
	b.equal("left of none", left["ListAccounts"], 0)
}
