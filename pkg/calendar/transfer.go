package calendar

import "time"

// acceptance is how long before its start AWS wants an invitation accepted.
const acceptance = 24 * time.Hour

// StartAfter returns the earliest month in which a transfer invited now can start: its last second for accepting must
// leave the customer at least minimumLead. A negative lead counts as none.
func StartAfter(now time.Time, minimumLead time.Duration) Month {
	ready := now.Add(max(minimumLead, 0))
	m := MonthOf(ready).Next()
	for !InTime(m, ready) {
		m = m.Next()
	}
	return m
}

// AcceptBefore returns the instant from which on an invitation for this start is too late.
func AcceptBefore(start Month) time.Time { return start.Start().Add(-acceptance) }

// Cutoff returns the last second in which an invitation for this start can be accepted, as it is shown to people.
func Cutoff(start Month) time.Time { return AcceptBefore(start).Add(-time.Second) }

// InTime reports whether an acceptance at this instant is early enough for the start. The whole second of Cutoff is.
func InTime(start Month, accepted time.Time) bool { return accepted.Before(AcceptBefore(start)) }

// VendorInvoice returns when AWS issues the invoice of the first charged month, which is the month of the start.
func VendorInvoice(start Month) time.Time { return start.Next().Start() }

// CommitmentEnd returns the last second of the last of so many full billing cycles. It counts months, not days: a
// cycle that ends in February of a leap year ends on the 29th.
func CommitmentEnd(start Month, cycles int) time.Time { return start.AddMonths(cycles - 1).End() }

// EndOfRemoval returns the last second of a relationship that is removed at this instant: AWS bills the whole month.
func EndOfRemoval(at time.Time) time.Time { return MonthOf(at).End() }

// RemovalFor returns the first instant at which a removal brings an end that is not before another one, both as the first instant that
// is not charged.
func RemovalFor(end time.Time) time.Time { return MonthOf(end.Add(-1)).Start() }

// Early brings what may take a while from an instant on forward, so that half of the time is left to an end that would be missed otherwise.
func Early(at time.Time, takes time.Duration, end time.Time) time.Time {
	if left := end.Sub(at) / 2; left > 0 && left < takes {
		takes = left
	}
	return at.Add(takes)
}

// FinalCycle returns the month in which the last charges of a removal at this instant are invoiced.
func FinalCycle(at time.Time) Month { return MonthOf(at).Next() }

// Cycles counts the billing months from the start to the one that contains end, both included; none when it ended
// before it started.
func Cycles(start Month, end time.Time) int { return max(MonthOf(end).Sub(start)+1, 0) }
