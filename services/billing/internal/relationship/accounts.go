package relationship

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Account is one account of a membership, and for how long it belongs to the relationship.
type Account struct {
	ID      string    `json:"id"`               // twelve digits
	StartAt time.Time `json:"start_at"`         // first instant that is billed
	LeftAt  time.Time `json:"left_at,omitzero"` // when it was found to have left; zero: it is there
}

// Part is what accounts have used from one day of a month to another one.
type Part struct {
	AccountIDs  []string
	From, Until time.Time // 00:00 of days; Until is exclusive
}

// Parts returns what a month of a membership is made of: accounts that belong to it on the same days stand together. An account that
// leaves is billed for the day on which it was found to have left, and for nothing after it: what it then uses is somebody else's,
// though the payer may still be the same.
func (r *Relationship) Parts(m calendar.Month) []Part {
	var parts []Part
	for _, a := range r.Accounts {
		from, until := a.days(m)
		if !from.Before(until) {
			continue
		}
		i := slices.IndexFunc(parts, func(p Part) bool { return p.From.Equal(from) && p.Until.Equal(until) })
		if i < 0 {
			i, parts = len(parts), append(parts, Part{From: from, Until: until})
		}
		parts[i].AccountIDs = append(parts[i].AccountIDs, a.ID)
	}
	return parts
}

// days are those of a month on which an account belongs to the relationship; the second is exclusive.
func (a Account) days(m calendar.Month) (from, until time.Time) {
	from, until = m.Start(), m.Next().Start()
	if a.StartAt.After(from) {
		from = midnightAfter(a.StartAt)
	}
	if !a.LeftAt.IsZero() && midnightAfter(a.LeftAt).Before(until) {
		until = midnightAfter(a.LeftAt)
	}
	return from, until
}

// midnightAfter is the first midnight at an instant or after it.
func midnightAfter(at time.Time) time.Time {
	day := at.UTC().Truncate(24 * time.Hour)
	if day.Before(at) {
		return day.AddDate(0, 0, 1)
	}
	return day
}

// observeAccounts takes over which accounts belong to the relationship, and since and until when.
func (r *Relationship) observeAccounts(seen []Account) []fact.Fact {
	var facts []fact.Fact
	for _, a := range seen {
		i := slices.IndexFunc(r.Accounts, func(b Account) bool { return b.ID == a.ID && b.StartAt.Equal(a.StartAt) })
		switch {
		case i < 0:
			r.Accounts = append(r.Accounts, a)
			facts = append(facts, fact.Internally(tell(FactAccountAdded, "account_id", a.ID, "start", date(a.StartAt))))
			if a.LeftAt.IsZero() {
				continue
			}
		case r.Accounts[i].LeftAt.Equal(a.LeftAt):
			continue
		default:
			r.Accounts[i].LeftAt = a.LeftAt
			if a.LeftAt.IsZero() { // it is back
				facts = append(facts, fact.Internally(tell(FactAccountAdded, "account_id", a.ID, "start", date(a.StartAt))))
				continue
			}
		}
		facts = append(facts, fact.Internally(tell(FactAccountLeft, "account_id", a.ID, "left", date(a.LeftAt))))
	}
	return facts
}
