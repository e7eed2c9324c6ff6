package connection

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Found is an invitation as AWS lists it.
type Found struct {
	Answer
	Name   string // the reference in it
	ARN    string
	Status InvitationState // as AWS says: REQUESTED, ACCEPTED, DECLINED, CANCELED, EXPIRED, WITHDRAWN
	EndsAt time.Time       // of a withdrawal
}

// LookedUp settles an attempt whose answer was lost, by what AWS lists for the account. Our invitation is taken over,
// under whatever name it was sent; an earlier one of ours that has come alive is cancelled first. With none of ours
// (nil, or somebody else's) it was not sent, and goes out again as another attempt.
func LookedUp(c *Connection, attempt string, found *Found, now time.Time) []fact.Fact {
	inv := c.Attempt(attempt)
	if inv == nil || inv.State != Prepared {
		return nil
	}
	ours := c.ours(found)
	switch {
	case ours == inv:
		return adopt(c, inv, *found, now)
	case ours != nil && found.Status == Requested:
		return cancelFirst(c, ours, *found, now)
	case c.Stopped:
		return c.conclude(now)
	}
	return []fact.Fact{renew(c, inv)}
}

// Duplicated handles AWS's refusal to send because an invitation for that account is outstanding (XFR-BT-17): found is
// what AWS lists, nil when it shows nothing. Our own invitation is taken over; an earlier one of ours is cancelled
// before this attempt goes out again; somebody else's is Operations' to end (XFR-BT-18).
func Duplicated(c *Connection, attempt string, found *Found, now time.Time) []fact.Fact {
	inv := c.Attempt(attempt)
	if inv == nil || inv.State != Prepared {
		return nil
	}
	ours := c.ours(found)
	switch {
	case ours == nil, ours != inv && found.Status != Requested: // not ours, or ours and over: there is nothing to cancel
		return InviteRefused(c, attempt, Judge(DuplicateInvitation), now)
	case ours == inv:
		return adopt(c, inv, *found, now)
	}
	return cancelFirst(c, ours, *found, now)
}

// ours returns the invitation that AWS lists under one of its names; nil when it lists none of ours.
func (c *Connection) ours(found *Found) *Invitation {
	if found == nil {
		return nil
	}
	return c.find(func(inv *Invitation) bool { return inv.calledAs(found.Name) })
}

// cancelFirst has an earlier invitation, which AWS still holds, cancelled before the next one goes out.
func cancelFirst(c *Connection, earlier *Invitation, found Found, now time.Time) []fact.Fact {
	c.unblock(InvitationSent)
	earlier.take(found.Answer, now)
	earlier.Cancel, earlier.CancelSentAt, earlier.RespondedAt, earlier.Error = true, time.Time{}, time.Time{}, nil
	f := earlier.tell(fact.Internally(tell(FactInvitationRequested)))
	f.Text = "connection.earlier_invitation"
	return append([]fact.Fact{f}, c.conclude(now)...)
}

// adopt takes over an invitation that AWS has under our name, whatever has become of it meanwhile.
func adopt(c *Connection, inv *Invitation, found Found, now time.Time) []fact.Fact {
	inv.Name = found.Name
	c.unblock(InvitationSent)
	facts := requested(inv, found.Answer, now)
	facts = append(facts, c.Observe(Observation{
		AWSTransferID: found.AWSTransferID, ARN: found.ARN, Status: found.Status, StartAt: found.StartAt, EndsAt: found.EndsAt,
	}, now)...)
	return append(facts, c.conclude(now)...)
}
