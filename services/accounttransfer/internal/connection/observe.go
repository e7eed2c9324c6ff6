package connection

import (
	"cmp"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Observation is what AWS says now of an invitation that it has.
type Observation struct {
	AWSTransferID string
	ARN           string          // "": it did not say
	Status        InvitationState // REQUESTED, ACCEPTED, DECLINED, CANCELED, EXPIRED or WITHDRAWN
	StartAt       time.Time       // zero: it did not say
	EndsAt        time.Time       // of a withdrawal
	BoundAt       time.Time       // when a sweep last saw an accepted one bind; zero: none did
}

// Observe brings the connection to what AWS says of an invitation. The same again, an unknown transfer id and what cannot
// follow from the state that is known change nothing but the time of the last look.
func (c *Connection) Observe(o Observation, now time.Time) []fact.Fact {
	inv := c.find(func(inv *Invitation) bool { return inv.AWSTransferID != "" && inv.AWSTransferID == o.AWSTransferID })
	if inv == nil || c.State == Ended {
		return nil
	}
	last := now // when AWS last said that it binds
	if inv.State == Accepted && !inv.CheckedAt.IsZero() {
		last = latest(inv.CheckedAt, o.BoundAt)
	}
	inv.CheckedAt, c.CheckedAt = now, now
	inv.AWSTransferARN = cmp.Or(o.ARN, inv.AWSTransferARN)
	if !inv.canBecome(o.Status) {
		return startMoved(c, inv, o)
	}
	inv.State, inv.RespondedAt, inv.EndsAt = o.Status, now, o.EndsAt
	if o.Status == Withdrawn && o.EndsAt.IsZero() {
		inv.EndsAt = nextMonth(last) // AWS ends with a month
		c.LastBoundAt, c.FoundEndAt = last, now
	}
	if !o.StartAt.IsZero() {
		inv.dateTo(calendar.MonthOf(o.StartAt))
	}
	switch o.Status {
	case Accepted:
		dropUnsent(c) // the customer was faster than a plan to invite again
		c.AccountID = inv.AccountID
		return c.bind(inv.StartAt)
	case Withdrawn:
		return c.withdrawn(inv, now)
	default:
		return append(disagree(c, inv, now), c.conclude(now)...)
	}
}

// startMoved follows a start that AWS has moved after the acceptance.
func startMoved(c *Connection, inv *Invitation, o Observation) []fact.Fact {
	if !movesStart(c, inv, o) {
		return nil
	}
	inv.dateTo(calendar.MonthOf(o.StartAt))
	c.StartAt = inv.StartAt
	return []fact.Fact{tell(FactStartMoved, "start", stamp(c.StartAt))}
}

func movesStart(c *Connection, inv *Invitation, o Observation) bool {
	return c.State == Effective && inv.State == Accepted && o.Status == Accepted && !o.StartAt.IsZero() && !o.StartAt.Equal(c.StartAt)
}

// canBecome reports whether AWS's state follows from ours. An acceptance may have come and gone between two looks.
func (inv *Invitation) canBecome(s InvitationState) bool {
	switch inv.State {
	case Requested:
		return s == Accepted || s == Declined || s == Canceled || s == Expired || s == Withdrawn
	case Accepted:
		return s == Withdrawn
	default:
		return false
	}
}

// withdrawn ends a connection that AWS ends. One that was accepted and withdrawn between two looks had begun, too.
func (c *Connection) withdrawn(inv *Invitation, now time.Time) []fact.Fact {
	dropUnsent(c)
	var facts []fact.Fact
	if c.State == Proposed {
		facts = c.bind(inv.StartAt)
	}
	reason := WithdrawnInAWS
	if c.Withdrawing() {
		reason = WithdrawnByReseller
	}
	return append(facts, c.endWith(inv.EndsAt, reason, now)...)
}

// disagree is what becomes of a proposal whose invitation has ended without an acceptance; see Policy.
func disagree(c *Connection, inv *Invitation, now time.Time) []fact.Fact {
	name := map[InvitationState]string{
		Declined: FactInvitationDeclined, Expired: FactInvitationExpired, Canceled: FactInvitationCanceled,
	}[inv.State]
	facts := []fact.Fact{inv.tell(tell(name))}
	switch {
	case c.Stopped, inv != c.Current(), c.State != Proposed, inv.AccountID != c.AccountID:
	case inv.State == Declined:
		c.fail(CodeInvitationDeclined, now) // ORD-042
	case inv.State == Expired && expired(c) <= c.Policy.Reinvites:
		missed := inv.StartAt
		facts = append(facts, c.plan(startAfter(c, now), now))
		facts = append(facts, postponed(missed, c.Current().StartAt)...)
	case inv.State == Expired:
		c.fail(CodeInvitationExpired, now) // ORD-042
	default: // cancelled, and not by us
		c.block(InvitationSent, Block{
			Failure: failure(CodeInvitationCanceled), At: now,
			Blocked: process.Blocked{Owner: process.Reseller, Text: text.New("remedy.invitation-canceled")},
		})
	}
	return facts
}

// fail ends the proposal for good: the journey follows.
func (c *Connection) fail(code string, now time.Time) {
	c.block(InvitationAccepted, Block{
		Failure: failure(code), Final: true, At: now,
		Blocked: process.Blocked{Owner: process.Reseller, Text: text.New("remedy.order-again")},
	})
}

// expired counts the invitations that ran out.
func expired(c *Connection) int {
	n := 0
	for _, inv := range c.Invitations {
		if inv.State == Expired && inv.AccountID == c.AccountID {
			n++
		}
	}
	return n
}
