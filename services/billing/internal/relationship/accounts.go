package relationship

import (
	"slices"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Account is one account of a membership, and for how long it belongs to the relationship.
type Account struct {
	ID       string    `json:"id"`                 // twelve digits
	JoinedAt time.Time `json:"joined_at,omitzero"` // when it became a member; zero: is not known
	StartAt  time.Time `json:"start_at"`           // first instant that is billed
	LeftAt   time.Time `json:"left_at,omitzero"`   // when it was found to have left; zero: it is there
	Closed   bool      `json:"closed,omitempty"`   // it was closed at AWS when it left
}

// Part is what accounts have used from one day of a month to another one.
type Part struct {
	AccountIDs  []string
	From, Until time.Time // 00:00 of days; Until is exclusive
}

// Parts returns what a month of a membership is made of: accounts that belong to it on the same days stand together. Others are the
// relationships of the same payer, which may have had an account before, or have it again.
func (r *Relationship) Parts(m calendar.Month, others ...*Relationship) []Part {
	var parts []Part
	all := append(slices.Clone(others), r)
	for _, a := range r.Accounts {
		from, until := a.days(m, all)
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

// PartsBeside are what others bill in a month of the same payer's organization.
func PartsBeside(r *Relationship, m calendar.Month, others []*Relationship) (all []Part) {
	for i, o := range others {
		all = append(all, o.Parts(m, append(slices.Delete(slices.Clone(others), i, i+1), r)...)...)
	}
	return all
}

// days are those of a month on which an account belongs to the relationship; the second is exclusive. An account that leaves is billed for
// the day on which it was found to have left, and whoever has it next from the day after. What it then uses is somebody else's, though the
// payer may still be the same. One that was closed is billed to the end of that month, because AWS goes on to charge for it, or to the day
// on which somebody has it again.
func (a Account) days(m calendar.Month, all []*Relationship) (from, until time.Time) {
	from, until = m.Start(), m.Next().Start()
	start, left := midnightAfter(a.StartAt), a.leaves()
	if a.Closed && !a.LeftAt.IsZero() {
		left = calendar.MonthOf(left.Add(-1)).Next().Start()
	}
	for _, r := range all {
		for _, b := range r.Accounts {
			switch {
			case b.ID != a.ID:
			case b.joins().Before(a.joins()) && midnightAfter(b.StartAt).Before(b.leaves()) && start.Before(b.leaves()):
				start = b.leaves()
			case a.Closed && b.joins().After(a.joins()) && b.joins().Before(left):
				left = b.joins().Truncate(24 * time.Hour)
			}
		}
	}
	if a.Closed && left.Before(a.leaves()) {
		left = a.leaves()
	}
	if start.After(from) {
		from = start
	}
	if !left.IsZero() && left.Before(until) {
		until = left
	}
	return from, until
}

// leaves is the first midnight after an account has left; zero: it is there.
func (a Account) leaves() time.Time { return midnightAfter(a.LeftAt) }

// joins is when the account became a member, as far as is known.
func (a Account) joins() time.Time {
	if a.JoinedAt.IsZero() {
		return a.StartAt
	}
	return a.JoinedAt
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
		i := slices.IndexFunc(r.Accounts, func(b Account) bool {
			return b.ID == a.ID && b.StartAt.Equal(a.StartAt) && b.JoinedAt.Equal(a.JoinedAt)
		})
		switch {
		case i < 0:
			r.Accounts = append(r.Accounts, a)
			facts = append(facts, fact.Internally(tell(FactAccountAdded, "account_id", a.ID, "start", date(a.StartAt))))
			if a.LeftAt.IsZero() {
				continue
			}
		case r.Accounts[i].LeftAt.Equal(a.LeftAt) && r.Accounts[i].Closed == a.Closed:
			continue
		default:
			r.Accounts[i] = a
			if a.LeftAt.IsZero() { // it is back
				facts = append(facts, fact.Internally(tell(FactAccountAdded, "account_id", a.ID, "start", date(a.StartAt))))
				continue
			}
		}
		facts = append(facts, fact.Internally(tell(FactAccountLeft, "account_id", a.ID, "left", date(a.LeftAt))))
	}
	return facts
}
