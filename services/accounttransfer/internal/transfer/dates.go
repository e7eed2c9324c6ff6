package transfer

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// furthest is how many months ahead a transfer may start. AWS does not say where it draws the line, so only the next
// month and the one after it are ever asked for.
const furthest = 2

// Dates is what an acceptance at a certain time would mean.
type Dates struct {
	Start         time.Time      // first instant that the reseller bills (XFR-BT-12, BIL-008)
	AcceptBy      time.Time      // last second in which the invitation can be accepted for that start
	FirstCharge   calendar.Month // first month that is charged, whole (BIL-009)
	VendorInvoice time.Time      // when AWS's invoice of that month arrives (BIL-011)
	CommitmentEnd time.Time      // first instant after the commitment of twelve cycles (BIL-002)
}

// PreviewDates says what an acceptance at this time would mean, for the earliest start or for a chosen one. Refused
// with START_NOT_FIRST_OF_MONTH, START_TOO_EARLY and START_TOO_LATE.
func PreviewDates(accept, chosen time.Time) (Dates, error) {
	start, err := startMonth(chosen, accept, 0)
	if err != nil {
		return Dates{}, err
	}
	return Dates{
		Start: start.Start(), AcceptBy: calendar.Cutoff(start), FirstCharge: start,
		VendorInvoice: calendar.VendorInvoice(start), CommitmentEnd: start.AddMonths(policy().Cycles).Start(),
	}, nil
}

// startMonth returns the month in which a transfer starts: the earliest one that leaves the customer the minimum lead,
// or the chosen one if AWS would take it. Who chooses may go below the lead, which is a courtesy of ours.
func startMonth(chosen, now time.Time, lead time.Duration) (calendar.Month, error) {
	if chosen.IsZero() {
		return calendar.StartAfter(now, lead), nil
	}
	start := calendar.MonthOf(chosen)
	earliest := calendar.StartAfter(now, 0)
	remedy := errs.Remedy{Who: "OPERATOR", Text: text.Plain("Choose "+earliest.String()+" or the month after it.", "TransferService.PreviewDates")}
	switch {
	case !chosen.Equal(start.Start()):
		return start, errs.InvalidField("start_time", ReasonStartNotFirstOfMonth, "a transfer starts on the first of a month, 00:00 UTC").WithRemedy(remedy)
	case !calendar.InTime(start, now):
		return start, errs.InvalidField("start_time", ReasonStartTooEarly, "an invitation for %s could not be accepted in time", start).WithRemedy(remedy)
	case start.Sub(calendar.MonthOf(now)) > furthest:
		return start, errs.InvalidField("start_time", ReasonStartTooLate, "%s is too far away", start).WithRemedy(remedy)
	}
	return start, nil
}
