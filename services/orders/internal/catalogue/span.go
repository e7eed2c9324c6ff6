package catalogue

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// lately is how far back an instant still counts as now: a caller reads the time before it sends it.
const lately = time.Minute

// span is a time with a beginning and an end; zero: none.
type span struct{ from, until time.Time }

// dated is what has a time that Operations sets, as its refusals speak of it.
type dated struct {
	noun        string
	from, until string // fields of the call
	endFirst    string // what to do when it has begun, and is to begin at another time
}

func inForce() dated {
	return dated{noun: "rule", from: "valid_from_time", until: "valid_until_time", endFirst: "remedy.end_rule_first"}
}

func sold() dated {
	return dated{noun: "sale", from: "sale_start_time", until: "sale_end_time", endFirst: "remedy.end_sale_first"}
}

// moves fills in or refuses another beginning and end. What was stays: what has begun keeps its beginning, and what has ended begins
// again from now on at the earliest.
func (d dated) moves(was span, from, until *time.Time, now time.Time) error {
	if err := d.begins(was, from, now); err != nil {
		return err
	}
	if err := future(d.until, until, now); err != nil {
		return err
	}
	if !until.IsZero() && !from.Before(*until) {
		return errs.InvalidField(d.until, ReasonValidityEmpty, "the %s would end before it begins", d.noun).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.end_after_begin")})
	}
	return nil
}

// begins fills in or refuses a beginning.
func (d dated) begins(was span, from *time.Time, now time.Time) error {
	begun, ended := !now.Before(was.from), !was.until.IsZero() && !now.Before(was.until)
	switch {
	case begun && ended && from.IsZero():
		return required(d.from, "the "+d.noun+" has ended: say from when on it begins again", "remedy.give_later_time")
	case from.IsZero():
		*from = was.from
	case begun && !ended && !from.Equal(was.from):
		return errs.InvalidField(d.from, ReasonValidityPast, "the %s has begun: end it first", d.noun).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New(d.endFirst)})
	}
	if begun && !ended {
		return nil
	}
	return future(d.from, from, now)
}

// future refuses an instant that lies in the past.
func future(field string, at *time.Time, now time.Time) error {
	if at.IsZero() || !at.Before(now) {
		return nil
	}
	if at.Before(now.Add(-lately)) {
		return errs.InvalidField(field, ReasonValidityPast, "it is %s", now.Format(time.RFC3339)).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.give_later_time")})
	}
	*at = now
	return nil
}
