package connection

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// CommitmentPolicy is from when the months of the commitment count. The suite holds customers to cycles; what AWS enforces, and what
// a purchase would say, stand beside it.
type CommitmentPolicy string

// The policies.
const (
	ByCycles      CommitmentPolicy = "CYCLES"
	FromHandshake CommitmentPolicy = "MONTHS_FROM_HANDSHAKE"
	FromPurchase  CommitmentPolicy = "MONTHS_FROM_PURCHASE"
)

// Commitment is what a policy means for a start.
type Commitment struct {
	Policy   CommitmentPolicy
	End      time.Time // first instant after it
	Earliest time.Time // first instant after the last month that is charged at least
	Cycles   int       // until then
}

// Committed returns what each policy means; those whose date is zero are left out.
func Committed(start calendar.Month, cycles int, handshake, purchase time.Time) (all []Commitment) {
	for _, p := range []struct {
		policy CommitmentPolicy
		from   time.Time
	}{{ByCycles, start.Start()}, {FromHandshake, handshake}, {FromPurchase, purchase}} {
		if p.from.IsZero() {
			continue
		}
		c := Commitment{Policy: p.policy, End: monthsLater(p.from, cycles)}
		last := calendar.MonthOf(c.End.Add(-time.Nanosecond)) // no month is charged in part
		c.Earliest, c.Cycles = last.Next().Start(), max(last.Sub(start)+1, 0)
		all = append(all, c)
	}
	return all
}

// monthsLater is the same day and time some calendar months later, or the last day of a month that has no such day.
func monthsLater(from time.Time, months int) time.Time {
	from = from.UTC()
	month := calendar.MonthOf(from).AddMonths(months)
	into := from.Sub(calendar.MonthOf(from).Start())
	lastDay := month.Next().Start().AddDate(0, 0, -1)
	if at := month.Start().Add(into); at.Before(month.Next().Start()) {
		return at
	}
	return lastDay.Add(into % day)
}

// Removal is what a removal at a time means.
type Removal struct {
	End         time.Time      // first instant that the reseller does not bill
	LastCharged calendar.Month // zero: it is removed before its start
	Final       calendar.Month // in whose cycle the final invoice is issued; zero: there is none
	Cycles      int
}

// Removed says what a removal at a time means for a start: it takes effect with the month, but never before the start.
func Removed(start calendar.Month, at time.Time) Removal {
	last := calendar.MonthOf(at)
	if last.Compare(start) < 0 {
		return Removal{End: start.Start()}
	}
	return Removal{End: last.Next().Start(), LastCharged: last, Final: last.Next(), Cycles: last.Sub(start) + 1}
}
