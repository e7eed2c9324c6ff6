package connection

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Answer is what AWS says of an invitation that it has.
type Answer struct {
	AWSTransferID  string
	AWSHandshakeID string
	StartAt        time.Time // AWS's date beats what was computed; zero: it did not say
	RequestedAt    time.Time // zero: now
	ExpiresAt      time.Time
}

// InviteWanted is when AWS is to be asked for an invitation: one is demanded, and nothing is left at AWS.
func InviteWanted(c *Connection) []intent.Want {
	at, demanded := c.wants(InvitationSent)
	if !demanded || c.State != Proposed || c.Outstanding() != nil || !process.ValidAccountID(c.AccountID) {
		return nil
	}
	return []intent.Want{{Subject: number(nextAttempt(c)), At: at}}
}

func nextAttempt(c *Connection) int {
	switch inv := c.Current(); {
	case inv == nil:
		return 1
	case inv.State == Prepared:
		return inv.Attempt
	default:
		return inv.Attempt + 1
	}
}

// Invite prepares the invitation, before AWS is called. What AWS refused before stays known until it does not any more: the wait for
// whoever mends it goes on. AWS knows no idempotency token, so that an invitation whose answer was
// lost can only be found by the name that is saved here.
func (c *Connection) Invite(now time.Time) []fact.Fact {
	inv := c.Current()
	if inv != nil && inv.State == Prepared {
		inv.AccountID = c.AccountID
	}
	switch {
	case inv == nil || inv.State != Prepared:
		start := startAfter(c, now)
		facts := []fact.Fact{c.plan(start, now)}
		if inv == nil && !c.ChosenStart.IsZero() { // what was chosen cannot be accepted in time any more
			facts = append(facts, postponed(c.ChosenStart, start.Start())...)
		}
		return facts
	case !calendar.InTime(calendar.MonthOf(inv.StartAt), now): // planned, and waited too long since
		missed := inv.StartAt
		inv.dateTo(startAfter(c, now))
		return append([]fact.Fact{inv.intended()}, postponed(missed, inv.StartAt)...)
	}
	return nil
}

// Answered notes that AWS has the invitation of an attempt.
func Answered(c *Connection, attempt string, a Answer, now time.Time) []fact.Fact {
	inv := c.Attempt(attempt)
	if inv == nil || inv.State != Prepared {
		return nil
	}
	c.unblock(InvitationSent)
	return append(requested(inv, a, now), c.conclude(now)...)
}

// requested takes over what AWS says of an invitation that it has.
func requested(inv *Invitation, a Answer, now time.Time) []fact.Fact {
	inv.take(a, now)
	return []fact.Fact{inv.tell(tell(FactInvitationRequested))}
}

// take copies AWS's answer into the invitation.
func (inv *Invitation) take(a Answer, now time.Time) {
	inv.State = Requested
	inv.AWSTransferID, inv.AWSHandshakeID, inv.ExpiresAt = a.AWSTransferID, a.AWSHandshakeID, a.ExpiresAt
	inv.RequestedAt, inv.CheckedAt = now, now
	if !a.RequestedAt.IsZero() {
		inv.RequestedAt = a.RequestedAt
	}
	if !a.StartAt.IsZero() {
		inv.dateTo(calendar.MonthOf(a.StartAt))
	}
}

// InviteRefused notes that AWS will not send the invitation, and who can mend that. A start that has become too early is
// mended here: the next month is tried, but not for ever.
func InviteRefused(c *Connection, attempt string, r Refusal, now time.Time) []fact.Fact {
	inv := c.Attempt(attempt)
	if inv == nil || inv.State != Prepared {
		return nil
	}
	inv.State, inv.RespondedAt = Refused, now
	inv.Error = &AWSRefusal{Reason: r.Reason, Text: r.Failure.Text, Owner: r.Blocked.Owner, Remedy: r.Blocked.Text}
	news := fact.Because(
		inv.tell(fact.Internally(tell(FactInvitationRefused, "owner", string(r.Blocked.Owner), "failure", r.Failure.Text.Key))), r.Reason,
	)
	facts := []fact.Fact{news}
	later := calendar.MonthOf(inv.StartAt).Next()
	forgetRefused(c) // inv may have moved
	if c.Stopped {
		return append(facts, c.conclude(now)...)
	}
	if r.LaterStart && later.Sub(calendar.MonthOf(now)) <= furthest {
		facts = append(facts, c.plan(later, now))
		return append(facts, postponed(later.AddMonths(-1).Start(), later.Start())...)
	}
	c.block(InvitationSent, r.block(backOff(c, r.RetryAfter), now))
	return facts
}

// postponed is the fact that a start could not be accepted in time any more, and a later one takes its place; none for the same.
func postponed(missed, start time.Time) []fact.Fact {
	if !start.After(missed) {
		return nil
	}
	return []fact.Fact{tell(FactStartPostponed, "missed", stamp(missed), "start", stamp(start))}
}

// backOff stretches the time to the next try with every refusal in a row, up to a week: whoever mends it can ask to look, so
// that a slow beat loses nothing.
func backOff(c *Connection, after time.Duration) time.Duration {
	row := 0
	for i := len(c.Invitations) - 1; i >= 0 && c.Invitations[i].State == Refused; i-- {
		row++
	}
	return min(after*time.Duration(max(row, 1)), max(after, 7*day))
}
