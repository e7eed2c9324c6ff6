// Package calendar is AWS's calendar: months in UTC, the moment until which an invitation can be accepted, the month
// in which a transfer starts, and the cycles that a commitment or a removal counts.
//
// It owns arithmetic only. Which lead time is wanted, how many cycles a contract runs and what happens when a date is
// missed belong to the services; a start timestamp that AWS returned beats whatever is computed here. Intervals are
// half-open inside; what is shown to people is the last second. It imports the standard library only.
package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Month is one calendar month in UTC. Its text form, in JSON and YAML too, is "2026-03"; the zero Month is "".
type Month struct {
	Year  int
	Month time.Month
}

// MonthOf returns the month that contains t, read in UTC.
func MonthOf(t time.Time) Month {
	t = t.UTC()
	return Month{t.Year(), t.Month()}
}

// ParseMonth reads the text form "2026-03".
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Month{}, fmt.Errorf("month %q is not of the form 2026-03", s)
	}
	return MonthOf(t), nil
}

// Start returns the month's first instant.
func (m Month) Start() time.Time {
	return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC)
}

// End returns the month's last second, as documents show it. Inside, a month ends where the next one starts.
func (m Month) End() time.Time { return m.Next().Start().Add(-time.Second) }

// Next returns the month after.
func (m Month) Next() Month { return m.AddMonths(1) }

// AddMonths returns the month n later, or earlier when n is negative.
func (m Month) AddMonths(n int) Month {
	return MonthOf(time.Date(m.Year, m.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
}

// Sub returns how many months m lies after o; negative when it lies before.
func (m Month) Sub(o Month) int {
	return (m.Year-o.Year)*12 + int(m.Month) - int(o.Month)
}

// Compare orders months by time: -1, 0 or 1.
func (m Month) Compare(o Month) int { return cmp.Compare(m.Sub(o), 0) }

// IsZero reports whether no month is meant.
func (m Month) IsZero() bool { return m == Month{} }

func (m Month) String() string {
	if m.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year, m.Month)
}

// MarshalText returns the text form.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the text form; nothing becomes the zero Month.
func (m *Month) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Month{}
		return nil
	}
	parsed, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
