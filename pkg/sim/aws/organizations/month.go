package organizations

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// decisionLead is how long before its start a transfer must have been accepted.
const decisionLead = 24 * time.Hour

// monthStart is the first instant of the month that lies n months after t's.
func monthStart(t time.Time, n int) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
}

// monthEnd is the last millisecond of the month that lies n months after t's.
func monthEnd(t time.Time, n int) time.Time { return monthStart(t, n+1).Add(-time.Millisecond) }

// checkStart holds a transfer's start to the rules: the first instant of a month, acceptable still, not too far away.
func (s Settings) checkStart(start *time.Time, now time.Time) error {
	if start == nil {
		return invalid(types.InvalidInputExceptionReasonInputRequired, "StartTimestamp is required.")
	}
	at := start.UTC()
	switch {
	case at.Day() != 1:
		return invalid(types.InvalidInputExceptionReasonStartDateNotBeginningOfMonth, "The start date must be the first day of the month.")
	case !at.Equal(monthStart(at, 0)):
		return invalid(
			types.InvalidInputExceptionReasonStartDateNotBeginningOfDay, "The start date must be the beginning of the day (00:00:00.000).",
		)
	case !now.Before(at.Add(-decisionLead)):
		return invalid(types.InvalidInputExceptionReasonStartDateTooEarly, "The start date is too early.")
	case at.After(monthStart(now, s.StartMonthsAhead)):
		return invalid(types.InvalidInputExceptionReasonStartDateTooLate, "The start date is too late.")
	}
	return nil
}

// checkEnd holds a transfer's end to the rules: the last millisecond of this month or the next one.
func checkEnd(end, now time.Time) error {
	switch {
	case !end.Equal(monthEnd(end, 0)):
		return invalid(
			types.InvalidInputExceptionReasonEndDateNotEndOfMonth, "The end date must be the end of the last day of the month (23:59:59.999).",
		)
	case end.Before(monthEnd(now, 0)):
		return invalid(types.InvalidInputExceptionReasonEndDateTooEarly, "The end date is too early.")
	case end.After(monthEnd(now, 1)):
		return invalid(types.InvalidInputExceptionReasonEndDateTooLate, "The end date is too late.")
	}
	return nil
}
