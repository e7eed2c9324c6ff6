package store

import "time"

// Waiting says who must act before an aggregate goes on; the zero value says that it waits for nobody.
type Waiting struct {
	Owner     string    // CUSTOMER, OPERATOR, AWS …; empty: nobody
	Until     time.Time // after this it is late, business time; zero: no date
	Escalated bool      // it is late, and was told to those who must see to it
}

// OrderUrgency is the column that puts the most urgent rows first: what was escalated, then what is due earliest, then
// what waits without a date. What waits for nobody comes last.
const OrderUrgency = "urgency"

const (
	undated  = int64(1) << 60 // later than every date
	nobody   = int64(1) << 62 // what waits for nobody; also the column's default
	urgently = int64(1) << 61 // how much earlier an escalated row comes: its urgency is below 0
)

func (w Waiting) urgency() int64 {
	if w.Owner == "" {
		return nobody
	}
	u := undated
	if !w.Until.IsZero() {
		u = w.Until.UnixMicro()
	}
	if w.Escalated {
		u -= urgently
	}
	return u
}

// values are those of waitingColumns.
func (w Waiting) values() []any {
	if w.Owner == "" {
		w = Waiting{}
	}
	return []any{w.Owner, micros(w.Until), columnValue(w.Escalated), w.urgency()}
}

const waitingColumns = "waiting_owner, waiting_until, escalated, urgency"

// WaitingFor holds where one of these must act; without any, where anybody must.
func WaitingFor(owners ...string) []Cond {
	somebody := Cond{Column: "waiting_owner", Op: "SOME"}
	if len(owners) == 0 {
		return []Cond{somebody}
	}
	return []Cond{somebody, Any("waiting_owner", owners...)}
}

// Overdue holds where a wait was escalated, or its date is before a time.
func Overdue(now time.Time) Cond { return Before(OrderUrgency, now) }

// Escalated holds where a wait was escalated.
func Escalated() Cond { return Before(OrderUrgency, 0) }

// Parked holds where an aggregate failed too often and waits for Release.
func Parked() Cond { return True("parked") }
