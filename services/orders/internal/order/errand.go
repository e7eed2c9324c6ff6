package order

import (
	"slices"

	"example.com/handover/pkg/fact"
)

// Request is how far something is that Notifications is asked for.
type Request string

// The states of a request. The zero value is not asked for yet.
const (
	RequestAsked   Request = "ASKED"   // it was asked for, the answer is not known
	RequestGranted Request = "GRANTED" // Notifications has it
	RequestDropped Request = "DROPPED" // it was refused, or is not wanted any more
)

// open reports whether it is still to be asked for, or asked for again.
func (r Request) open() bool { return r == "" || r == RequestAsked }

// Errand is the one thing that Notifications is to do next for a link.
type Errand struct {
	Action Action
	Link   Link
}

// NextErrand returns it; the action is None when there is nothing. While the order is a draft its newest link is mailed,
// and the customer reminded of it. Reminders that were planned, or may have been, are stopped as soon as the draft is
// submitted or deleted, the link revoked or replaced; what became of an unanswered request is found out first.
func (o *Order) NextErrand() Errand {
	for i, l := range o.Links {
		wanted := o.State == Draft && i == len(o.Links)-1 && !l.Revoked
		switch {
		case wanted && l.Mail.open():
			return Errand{MailLink, l}
		case l.Reminder == RequestAsked, wanted && l.Reminder == "":
			return Errand{PlanReminder, l}
		case !wanted && l.Reminder == RequestGranted:
			return Errand{StopReminder, l}
		}
	}
	return Errand{}
}

// IntendErrand notes that Notifications is about to be asked. It changes nothing when it is not to be asked any more.
func (o *Order) IntendErrand(e Errand) ([]fact.Fact, error) {
	if next := o.NextErrand(); next.Action == e.Action && next.Link.Number == e.Link.Number && e.Action != StopReminder {
		o.note(e, RequestAsked)
	}
	return nil, nil
}

// RecordErrand notes that Notifications has done it, or, with false, that it is not asked any more.
func (o *Order) RecordErrand(e Errand, done bool) ([]fact.Fact, error) {
	outcome := RequestGranted
	if !done || e.Action == StopReminder {
		outcome = RequestDropped
	}
	o.note(e, outcome)
	return nil, nil
}

// RecordErrandRefused notes that Notifications will not do it, and tells Operations why.
func (o *Order) RecordErrandRefused(e Errand, reason string) ([]fact.Fact, error) {
	if !o.note(e, RequestDropped) {
		return nil, nil
	}
	told := tell(FactMailRefused, "Notifications refused a mail or reminder.", "errand", string(e.Action), "reason", reason)
	return []fact.Fact{inside(told)}, nil
}

// note reports whether the link is still there.
func (o *Order) note(e Errand, r Request) bool {
	i := slices.IndexFunc(o.Links, func(l Link) bool { return l.Number == e.Link.Number })
	if i < 0 {
		return false
	}
	o.Links = slices.Clone(o.Links)
	if e.Action == MailLink {
		o.Links[i].Mail = r
	} else {
		o.Links[i].Reminder = r
	}
	return true
}

// settled reports whether a replaced link leaves nothing to do.
func (l Link) settled() bool { return l.Reminder == "" || l.Reminder == RequestDropped }
