package relationship_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing/internal/relationship"
)

// days are those of a month on which an account is billed by a relationship.
func days(r *relationship.Relationship, m calendar.Month, account string, others ...*relationship.Relationship) (all []int) {
	for _, p := range r.Parts(m, others...) {
		for day := p.From; slices.Contains(p.AccountIDs, account) && day.Before(p.Until); day = day.AddDate(0, 0, 1) {
			all = append(all, day.Day())
		}
	}
	return all
}

func with(accounts ...relationship.Account) *relationship.Relationship {
	return &relationship.Relationship{Basis: relationship.Membership, Accounts: accounts}
}

// TestParts: an account is billed from its start to the end of the day on which it was found to have left.
func TestParts(t *testing.T) {
	march := calendar.Month{Year: 2026, Month: time.March}
	for name, tt := range map[string]struct {
		start, left time.Time
		last        int // day of March; 0: none
	}{
		"it is there":                {at("2026-01-01"), time.Time{}, 31},
		"it starts with the month":   {at("2026-03-01"), time.Time{}, 31},
		"it starts later":            {at("2026-04-01"), time.Time{}, 0},
		"it left within the month":   {at("2026-01-01"), at("2026-03-10").Add(13 * time.Hour), 10},
		"it left with a day":         {at("2026-01-01"), at("2026-03-10"), 9},
		"it left before the month":   {at("2026-01-01"), at("2026-02-20"), 0},
		"it left with the month":     {at("2026-01-01"), at("2026-04-01"), 31},
		"it left after the month":    {at("2026-01-01"), at("2026-05-01"), 31},
		"it left before it was here": {at("2026-04-01"), at("2026-03-20"), 0},
	} {
		r := with(relationship.Account{ID: "111122223333", StartAt: tt.start, LeftAt: tt.left})
		got := days(r, march, "111122223333")
		if len(got) != tt.last || tt.last > 0 && (got[0] != 1 || got[len(got)-1] != tt.last) {
			t.Errorf("%s: billed on %v", name, got)
		}
	}
	r := with(relationship.Account{ID: "1", StartAt: at("2026-01-01")}, relationship.Account{ID: "2", StartAt: at("2026-02-01")},
		relationship.Account{ID: "3", StartAt: at("2026-01-01"), LeftAt: at("2026-03-15")})
	if parts := r.Parts(march); len(parts) != 2 || !slices.Equal(parts[0].AccountIDs, []string{"1", "2"}) {
		t.Errorf("the parts are %+v", parts)
	}
}

// TestClosedParts: an account that was closed when AWS listed it for the last time is billed to the end of that month, unless it is billed
// again before.
func TestClosedParts(t *testing.T) {
	march := calendar.Month{Year: 2026, Month: time.March}
	left := relationship.Account{ID: "1", StartAt: at("2026-01-01"), LeftAt: at("2026-03-10").Add(13 * time.Hour), Closed: true}
	for name, tt := range map[string]struct {
		left  time.Time
		again string // here; "": not
		other string // elsewhere
		last  int    // day of March
	}{
		"within the month":          {left.LeftAt, "", "", 31},
		"at its end":                {at("2026-04-01"), "", "", 31},
		"in the month before":       {at("2026-03-01"), "", "", 0},
		"billed again here":         {left.LeftAt, "2026-03-20", "", 31},
		"billed again elsewhere":    {left.LeftAt, "", "2026-03-20", 19},
		"billed again the next one": {left.LeftAt, "", "2026-04-01", 31},
	} {
		gone := left
		gone.LeftAt = tt.left
		r, other := with(gone), with()
		if tt.again != "" {
			r.Accounts = append(r.Accounts, relationship.Account{ID: "1", StartAt: at(tt.again)})
		}
		if tt.other != "" {
			other.Accounts = append(other.Accounts, relationship.Account{ID: "1", StartAt: at(tt.other)})
		}
		billed := days(r, march, "1", other)
		if len(billed) != tt.last || !slices.IsSorted(billed) {
			t.Errorf("%s: billed on %v", name, billed)
		}
	}
}

// TestAccountOfOneCustomerAtATime: wherever an account goes, no day of it is billed to two, and none on which it has been with a customer
// since a month's first is billed to nobody.
func TestAccountOfOneCustomerAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := at("2026-01-01")
		var all []*relationship.Relationship
		for range rapid.IntRange(1, 5).Draw(t, "customers") {
			now = now.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "away")) * time.Hour)
			joined := relationship.Account{ID: "1", StartAt: calendar.MonthOf(now).Next().Start()}
			now = now.Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "there")) * time.Hour)
			joined.LeftAt = now
			all = append(all, with(joined))
		}
		for m := (calendar.Month{Year: 2026, Month: time.January}); m.Start().Before(now); m = m.Next() {
			billed := map[int]int{}
			for _, r := range all {
				for _, day := range days(r, m, "1") {
					billed[day]++
				}
			}
			for day := m.Start(); day.Before(m.Next().Start()); day = day.AddDate(0, 0, 1) {
				belongs := slices.ContainsFunc(all, func(r *relationship.Relationship) bool {
					return !day.Before(r.Accounts[0].StartAt) && day.Before(r.Accounts[0].LeftAt)
				})
				if n := billed[day.Day()]; n > 1 || (n == 1) != belongs {
					t.Fatalf("%v is billed %d times", day, n)
				}
			}
		}
	})
}

// TestAccountsAreFollowed: accounts that join and leave are told once, whatever the state.
func TestAccountsAreFollowed(t *testing.T) {
	c := seen("2026-03-01", "")
	c.Basis, c.Accounts = relationship.Membership, []relationship.Account{{ID: "1", StartAt: at("2026-03-01")}}
	r, _ := relationship.Record(c)
	more := c
	more.Accounts = []relationship.Account{
		{ID: "1", StartAt: at("2026-03-01"), LeftAt: at("2026-05-07")}, {ID: "2", StartAt: at("2026-06-01")},
	}
	for i, want := range [][]string{{relationship.FactAccountLeft, relationship.FactAccountAdded}, nil} {
		facts, err := r.Observe(more)
		if got := names(facts); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d: told %v, %v", i, got, err)
		}
	}
	if len(c.Accounts) != 1 || len(r.Accounts) != 2 || !r.Accounts[0].LeftAt.Equal(at("2026-05-07")) {
		t.Errorf("the accounts are %+v", r.Accounts)
	}
}
