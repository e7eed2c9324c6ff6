package billing_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/relationship"
)

// organization is a customer's own one, of which other relationships bill accounts at times, and on whose behalf AWS charges a day what.
type organization struct {
	rels    []*relationship.Relationship  // the first one bills the whole organization
	charged map[string]map[time.Time]int  // by account and day
	owed    map[string]map[time.Time]bool // the days for which a relationship but the first one is to bill an account
}

func (o *organization) charges(account string, from, until time.Time) {
	if o.charged[account] == nil {
		o.charged[account] = map[time.Time]int{}
	}
	for day := from.Truncate(24 * time.Hour); day.Before(until); day = day.AddDate(0, 0, 1) {
		o.charged[account][day] = 1 + len(account)*31 + day.YearDay()
	}
}

func (o *organization) owes(account string, from, until time.Time) {
	if o.owed[account] == nil {
		o.owed[account] = map[time.Time]bool{}
	}
	for day := from; day.Before(until); day = day.AddDate(0, 0, 1) {
		o.owed[account][day] = true
	}
}

// lives is the life of an account: it comes to a relationship, leaves it or is closed, comes back to it or to another one.
func (o *organization) lives(t *rapid.T, account string, begins time.Time) {
	draw := func(days int, what string) time.Duration {
		return time.Duration(rapid.IntRange(1, days*24).Draw(t, account+" "+what)) * time.Hour
	}
	starts, left := map[int]time.Time{}, map[int]time.Time{}
	for now := begins; now.Before(begins.AddDate(0, 8, 0)); {
		i := rapid.IntRange(1, len(o.rels)-1).Draw(t, account+" comes to")
		a := relationship.Account{ID: account, JoinedAt: now, StartAt: calendar.MonthOf(now).Next().Start()}
		if before, bound := starts[i]; bound { // it comes back: from that day on
			a.StartAt = latest(before, latest(now.Truncate(24*time.Hour), midnight(left[i])))
		}
		starts[i] = a.StartAt
		in := now
		now = now.Add(draw(70, "there"))
		a.LeftAt, a.Closed = now, rapid.Bool().Draw(t, account+" was closed")
		left[i] = now
		end := midnight(now)
		if a.Closed {
			end = calendar.MonthOf(end.Add(-1)).Next().Start()
		}
		comes := now.Add(draw(40, "away"))
		if again := comes.Truncate(24 * time.Hour); again.Before(end) {
			end = latest(again, midnight(now))
		}
		o.charges(account, in, end)
		o.owes(account, latest(a.StartAt, o.leftOn(account)), end)
		o.rels[i].Accounts = append(o.rels[i].Accounts, a)
		now = comes
	}
}

// leftOn is the first midnight after an account has left a relationship that billed it.
func (o *organization) leftOn(account string) (last time.Time) {
	for _, rel := range o.rels {
		for _, a := range rel.Accounts {
			if a.ID == account && a.StartAt.Before(midnight(a.LeftAt)) {
				last = latest(last, midnight(a.LeftAt))
			}
		}
	}
	return last
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func midnight(at time.Time) time.Time { return at.Add(24*time.Hour - 1).Truncate(24 * time.Hour) }

// billed is what the scopes of a relationship hold of each account and day.
func (o *organization) billed(scopes []costs.Scope) map[string]map[time.Time]int {
	all := map[string]map[time.Time]int{}
	for account, days := range o.charged {
		all[account] = map[time.Time]int{}
		for day := range days {
			for _, s := range scopes {
				mine := len(s.LinkedAccountIDs) == 0 || slices.Contains(s.LinkedAccountIDs, account)
				if mine && !slices.Contains(s.Except, account) && !day.Before(s.From) && day.Before(s.Until) {
					all[account][day]++
				}
			}
		}
	}
	return all
}

// TestWholeBill: wherever accounts go, whenever they leave, are closed and come back, all relationships together bill what AWS charges for
// the organization: no day of an account twice, and none to nobody.
func TestWholeBill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begins := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		o := &organization{charged: map[string]map[time.Time]int{}, owed: map[string]map[time.Time]bool{}}
		for _, customer := range []string{"cus_own", "cus_own", "cus_b", "cus_c"} {
			o.rels = append(o.rels, &relationship.Relationship{Basis: relationship.Membership, CustomerID: customer})
		}
		o.rels[0].Accounts = []relationship.Account{{ID: payerAccount, StartAt: begins}}
		o.charges(payerAccount, begins, begins.AddDate(1, 0, 0))
		for _, account := range []string{customerAccount, neighbour} {
			o.lives(t, account, begins)
		}
		for m := calendar.MonthOf(begins); m.Start().Before(begins.AddDate(1, 0, 0)); m = m.Next() {
			o.balances(t, m)
		}
	})
}

func (o *organization) balances(t *rapid.T, m calendar.Month) {
	times := map[string]map[time.Time]int{}
	for i, rel := range o.rels {
		others := slices.Delete(slices.Clone(o.rels), i, i+1)
		scopes, err := billing.Scopes(rel, m, payerAccount, "cus_own", others)
		if err != nil {
			t.Fatal(err)
		}
		for account, days := range o.billed(scopes) {
			for day, n := range days {
				if times[account] == nil {
					times[account] = map[time.Time]int{}
				}
				times[account][day] += n
				if owed := o.owed[account][day]; n > 0 && owed != (i > 0) {
					t.Errorf("%s of %s is billed by relationship %d, and owed by a customer of its own: %v", account, day.Format(time.DateOnly), i, owed)
				}
			}
		}
	}
	charged, billed := 0, 0
	for account, days := range o.charged {
		for day, amount := range days {
			if calendar.MonthOf(day) == m {
				charged, billed = charged+amount, billed+amount*times[account][day]
			}
		}
	}
	if charged != billed {
		t.Errorf("of %d in %s %d are billed", charged, m, billed)
	}
}
