package connection

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// immediately is the time of what is to be done now.
var immediately = intent.Immediately

// The beat at which AWS is asked whether the customer has answered: often while the customer is likely to be at it, then ever less,
// so that a hundred thousand old questions cost little. Whoever cannot wait asks to look now. What AWS lists for the payer, its
// sweep tells; the connection asks for itself only at first, at the turns, and in case no sweep is heard of.
const (
	shortestBeat = 5 * time.Minute
	longestBeat  = 6 * time.Hour
	askedFor     = 25 * time.Hour     // after something was sent to the customer; from then on the sweeps are enough
	unheardBeat  = 7 * 24 * time.Hour // of what the sweep tells
	again        = 5 * time.Minute    // after a call that AWS answered and did not carry out
)

// The looks, by the names of their effects.
const (
	LookInvitation = "check-invitation"
	LookTerm       = "check-term"
	LookRevocation = "check-revocation"
	LookRole       = "check-role"
	LookMembership = "check-membership"

	LookOrganization = "check-organization"
)

// AskCheck is "look now" instead of at the next planned time (XFR-BT-06). Each request is counted, so that one that
// comes while another is being served is not lost.
func (c *Connection) AskCheck() ([]fact.Fact, error) {
	if c.State == Ended {
		return nil, errs.New(
			errs.Precondition, ReasonStateRefuses, "a connection that has ended cannot be checked",
		).WithMeta("state", string(c.State))
	}
	c.Looks++
	c.Intents.TryDenied()
	return []fact.Fact{fact.Internally(tell(FactCheckRequested))}, nil
}

// Served notes up to which request a look was done.
func (c *Connection) Served(look string, requests int64) {
	if c.Looked == nil {
		c.Looked = map[string]int64{}
	}
	c.Looked[look] = max(c.Looked[look], requests)
}

// lookAsked reports whether somebody has asked to look at a thing before its time.
func (c *Connection) lookAsked(look string) bool { return c.Looks > c.Looked[look] }

// ask has one thing looked at before its time, and reports whether nobody has asked for that yet.
func (c *Connection) ask(look string) bool {
	if c.lookAsked(look) {
		return false
	}
	if c.Looked == nil {
		c.Looked = map[string]int64{}
	}
	c.Looked[look] = c.Looks - 1 // as if somebody had asked to look at everything, and all else were done
	return true
}

// watch is when something is looked at that somebody may ask for before its time.
func (c *Connection) watch(look string, at time.Time) time.Time {
	if c.lookAsked(look) {
		return immediately
	}
	return at
}

// beat returns the look after the last one at something that began at a time.
func beat(began, last time.Time) time.Time {
	return last.Add(min(max(last.Sub(began)/8, shortestBeat), longestBeat))
}

// beatThen returns the look after the last one at something that is asked for often on its first day, and then at a steady pace.
func beatThen(began, last time.Time, steady time.Duration) time.Time {
	if last.Before(began.Add(askedFor)) {
		return beat(began, last)
	}
	return last.Add(steady)
}

// byTurn brings a look forward to the first instant since the last one at which the answer may have changed.
func byTurn(next, last time.Time, turns ...time.Time) time.Time {
	for _, turn := range turns {
		if turn.After(last) && turn.Before(next) {
			next = turn
		}
	}
	return next
}

// pollAt returns when AWS is next asked about an invitation that it has. Besides its beat there is always a look at the
// instants at which the answer must have changed: too late to accept, and expired.
func (inv *Invitation) pollAt() time.Time {
	last := inv.RequestedAt
	if inv.CheckedAt.After(last) {
		last = inv.CheckedAt
	}
	if inv.State == Accepted {
		return last.Add(unheardBeat)
	}
	return byTurn(beatThen(inv.RequestedAt, last, unheardBeat), last, inv.AcceptBy.Add(time.Second), inv.ExpiresAt)
}

// CheckInvitationWanted is when AWS is asked how its invitations stand: those that are to be answered, and the accepted one
// for as long as it binds.
func CheckInvitationWanted(c *Connection) []intent.Want {
	if c.State == Ended || c.State == Ending {
		return nil
	}
	var wants []intent.Want
	for i := range c.Invitations {
		inv := &c.Invitations[i]
		if inv.State == Requested && !inv.Cancel || inv.State == Accepted {
			at := inv.pollAt()
			if c.ReplacesID != "" && inv.State == Accepted { // with its start, what it replaces ends
				at = byTurn(at, inv.CheckedAt, inv.StartAt)
			}
			wants = append(wants, intent.Want{Subject: number(inv.Attempt), At: c.watch(LookInvitation, at)})
		}
	}
	return wants
}

// CancelInvitationWanted is when AWS is asked to take an invitation back. A cancel that did not take is repeated, but not at
// once.
func CancelInvitationWanted(c *Connection) []intent.Want {
	var wants []intent.Want
	for i := range c.Invitations {
		inv := &c.Invitations[i]
		if inv.State == Requested && inv.Cancel && c.State != Ended {
			wants = append(wants, intent.Want{Subject: number(inv.Attempt), At: cancelAt(c, inv)})
		}
	}
	return wants
}

// CancelSent notes that AWS was asked to cancel an invitation, and what it says of it since.
func CancelSent(c *Connection, attempt string, seen Observation, now time.Time) []fact.Fact {
	if inv := c.Attempt(attempt); inv != nil {
		inv.CancelSentAt = now
	}
	if b, blocked := c.Blocks[InvitationSent]; blocked && b.Failure.Code == CodeCancelRefused {
		c.unblock(InvitationSent)
	}
	return c.Observe(seen, now)
}

// CancelRefused notes that AWS will not cancel an invitation as things are. Operations must mend that, or cancel it at AWS;
// it is tried again by itself.
func CancelRefused(c *Connection, attempt, reason string, now time.Time) []fact.Fact {
	inv := c.Attempt(attempt)
	if inv == nil || inv.State != Requested || !inv.Cancel {
		return nil
	}
	r := Refusal{
		Reason: reason, RetryAfter: day,
		Failure: process.Failure{Code: CodeCancelRefused, Text: text.New("failure."+CodeCancelRefused, "reason", reason)},
		Blocked: process.Blocked{Owner: process.Reseller, Text: text.New("remedy.cancel-refused", "reason", reason)},
	}
	if reason == AccessDenied {
		r.RetryAfter = time.Hour
	}
	before, known := c.Blocks[InvitationSent]
	if c.block(InvitationSent, r.block(r.RetryAfter, now)); known && before.says(c.Blocks[InvitationSent]) {
		return nil // the same again is no news
	}
	return []fact.Fact{fact.Because(
		inv.tell(fact.Internally(tell(FactCancelRefused, "owner", string(r.Blocked.Owner), "failure", r.Failure.Text.Key))), reason,
	)}
}

// CancelBlocked returns who can mend that an invitation is not cancelled; nil when AWS refuses nothing.
func CancelBlocked(c *Connection) *process.Blocked {
	if problems := memberProblems(c); len(problems) > 0 && c.Stopped {
		return &process.Blocked{Owner: problems[0].Owner, Text: problems[0].Text}
	}
	if b, blocked := c.Blocks[InvitationSent]; blocked && b.Failure.Code == CodeCancelRefused {
		return &b.Blocked
	}
	return nil
}

// cancelAt is when an invitation is cancelled: now, after a while again, or when what AWS refused is tried again.
func cancelAt(c *Connection, inv *Invitation) time.Time {
	if b, blocked := c.Blocks[InvitationSent]; blocked && b.Failure.Code == CodeCancelRefused {
		return retryAt(c, InvitationSent, b)
	}
	return repeat(inv.CancelSentAt)
}

// repeat is when a call that may not take at once is made: now, or again after a while.
func repeat(sentAt time.Time) time.Time {
	if sentAt.IsZero() {
		return immediately
	}
	return sentAt.Add(again)
}
