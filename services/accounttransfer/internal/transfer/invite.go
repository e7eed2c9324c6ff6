package transfer

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Answer is what AWS says of an invitation that it has.
type Answer struct {
	AWSTransferID  string
	AWSHandshakeID string
	StartAt        time.Time // AWS's word beats what was computed; zero: it did not say
	RequestedAt    time.Time // zero: now
	ExpiresAt      time.Time
}

// Prepare keeps the intent to invite, before AWS is called: AWS knows no idempotency token, so that an invitation whose
// answer was lost can only be found by the name that was saved here. Current is the invitation to send. Refused when
// the transfer no longer wants one.
func (t *Transfer) Prepare(now time.Time) ([]fact.Fact, error) {
	if !t.invites() {
		return nil, t.stateRefuses("invited")
	}
	var facts []fact.Fact
	if s := t.stepFor(InvitationSent); s.State == Broken {
		facts = append(facts, s.retry(now))
	}
	inv := t.Current()
	switch {
	case inv == nil || inv.State != Prepared:
		facts = append(facts, t.plan(calendar.StartAfter(now, t.Policy.MinimumLead), now))
	case !calendar.InTime(calendar.MonthOf(inv.StartAt), now): // planned, and waited too long since
		inv.dateTo(calendar.StartAfter(now, t.Policy.MinimumLead))
		facts = append(facts, inv.intended("The invitation is for a later start."))
	}
	t.Current().Asked = true
	return facts, nil
}

// invites reports whether an invitation is to be sent: its step is open and nothing is left at AWS.
func (t *Transfer) invites() bool {
	if !t.underWay() || t.outstanding() != nil || t.accepted() != nil {
		return false
	}
	s := t.stepFor(InvitationSent)
	return s != nil && s.State.active()
}

// asked returns the invitation of an attempt whose answer is awaited.
func (t *Transfer) asked(attempt int) (*Invitation, error) {
	inv := t.find(func(inv *Invitation) bool { return inv.Attempt == attempt && inv.Asked })
	if inv == nil {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "no answer is awaited for attempt %d", attempt)
	}
	return inv, nil
}

// Answered notes that AWS has the invitation.
func (t *Transfer) Answered(attempt int, a Answer, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	facts := t.requested(inv, a, now)
	facts = append(facts, t.advance(now)...)
	return append(facts, t.conclude(now)...), nil
}

// requested takes over what AWS says of an invitation that it has.
func (t *Transfer) requested(inv *Invitation, a Answer, now time.Time) []fact.Fact {
	inv.take(a, now)
	facts := []fact.Fact{inv.tell(tell(FactInvitationRequested, "AWS sent the invitation to the root address of the management account."))}
	return append(facts, t.observed(InvitationSent, now)...)
}

// take copies AWS's word into the invitation.
func (inv *Invitation) take(a Answer, now time.Time) {
	inv.State, inv.Asked = Requested, false
	inv.AWSTransferID, inv.AWSHandshakeID, inv.ExpiresAt = a.AWSTransferID, a.AWSHandshakeID, a.ExpiresAt
	inv.RequestedAt, inv.CheckedAt = now, now
	if !a.RequestedAt.IsZero() {
		inv.RequestedAt = a.RequestedAt
	}
	if !a.StartAt.IsZero() {
		inv.dateTo(calendar.MonthOf(a.StartAt))
	}
}

// Refused notes that AWS will not send the invitation, and who can mend that. A start that has become too early is
// mended here: the next month is tried, but not for ever.
func (t *Transfer) Refused(attempt int, r Refusal, now time.Time) ([]fact.Fact, error) {
	inv, err := t.asked(attempt)
	if err != nil {
		return nil, err
	}
	inv.State, inv.Asked, inv.RespondedAt = Refused, false, now
	inv.Error = &AWSRefusal{Reason: r.Reason, Message: r.Message, Owner: r.Owner, Remedy: r.What}
	facts := []fact.Fact{because(inv.tell(internally(tell(FactInvitationRefused, r.Message, "owner", string(r.Owner)))), r.Reason)}
	later := calendar.MonthOf(inv.StartAt).Next()
	t.forgetRefused() // inv may have moved
	if t.Ending != nil {
		return append(facts, t.conclude(now)...), nil
	}
	if r.LaterStart && later.Sub(calendar.MonthOf(now)) <= furthest {
		return append(facts, t.plan(later, now)), nil
	}
	b := Blocked{Owner: r.Owner, What: r.What, Where: r.Where}
	if r.RetryAfter > 0 {
		b.RetryAt = now.Add(t.backOff(r.RetryAfter))
	}
	return append(facts, t.broken(t.stepFor(InvitationSent), Failure{r.Code, r.Message}, b, now)...), nil
}

// backOff stretches the time to the next try with every refusal in a row, up to a week: whoever mends it can say "look
// now", so that a slow beat loses nothing.
func (t *Transfer) backOff(after time.Duration) time.Duration {
	row := 0
	for i := len(t.Invitations) - 1; i >= 0 && t.Invitations[i].State == Refused; i-- {
		row++
	}
	return min(after*time.Duration(max(row, 1)), max(after, 7*day))
}
