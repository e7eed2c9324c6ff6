package termination

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// Term is how long neither side may leave: by the agreement, and by what AWS enforces. The two may differ.
type Term struct {
	Start      time.Time // of the billing
	End        time.Time // first instant after the minimum term; zero: the billing has no start yet
	ServiceEnd time.Time // of the service term that the customer accepted at AWS; zero: none
}

// Check is what a term says of a termination that is looked at in an instant.
type Check struct {
	Over       bool      `json:"over"` // both terms allow the earliest end
	TermEnd    time.Time `json:"term_end,omitzero"`
	ServiceEnd time.Time `json:"service_end,omitzero"`
	Earliest   time.Time `json:"earliest"`         // first instant not billed if AWS is asked now
	Scheduled  time.Time `json:"scheduled"`        // the same as soon as both terms allow it
	Differ     bool      `json:"differ,omitempty"` // the terms do not end with the same month
}

// At holds a termination against the term: AWS ends a billing with the month in which it is asked, and never before its start, so that
// whoever asks in the last month has completed the term.
func (t Term) At(now time.Time) Check {
	earliest := later(calendar.MonthOf(now).Next().Start(), t.Start)
	return Check{
		Over:    !earliest.Before(t.End) && !earliest.Before(t.ServiceEnd),
		TermEnd: t.End, ServiceEnd: t.ServiceEnd, Earliest: earliest,
		Scheduled: later(earliest, later(monthsEnd(t.End), monthsEnd(t.ServiceEnd))),
		Differ:    !t.ServiceEnd.IsZero() && !monthsEnd(t.End).Equal(monthsEnd(t.ServiceEnd)),
	}
}

// again is the same check later. The start of the billing is no later than the earliest end was.
func (c Check) again(now time.Time) Check {
	return Term{Start: c.Earliest, End: c.TermEnd, ServiceEnd: c.ServiceEnd}.At(now)
}

// actFor is when AWS is to be asked for the scheduled end: with the first day of its last month, so that people have the whole month.
func (c Check) actFor(now time.Time) time.Time {
	return later(now, calendar.RemovalFor(c.Scheduled))
}

// monthsEnd is the first instant of a month at which an end has come; zero for none.
func monthsEnd(at time.Time) time.Time {
	month := calendar.MonthOf(at)
	if at.IsZero() || at.Equal(month.Start()) {
		return at
	}
	return month.Next().Start()
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
