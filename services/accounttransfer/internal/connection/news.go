package connection

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// Listed is what AWS lists of a payer.
type Listed struct {
	Transfers map[string]Observation // by AWS's id
	Members   MembersListed          // of the payer's organization
	Terms     map[string]bool        // ids of the service terms that wait for an answer; nil: they were not listed
	At        time.Time              // when it was
	BoundAt   time.Time              // when it was the time before
	ToldAt    time.Time              // when it is told; zero: at once
}

// News brings a connection to what AWS lists, and reports whether anything of that is new: most sweeps bring nothing new of most
// connections, which are then not saved. What AWS does not list, the connection asks for itself; what it has looked at since, it
// knows better.
func News(c *Connection, l Listed) (facts []fact.Fact, changed bool) {
	for _, id := range watched(c) {
		o, listed := l.Transfers[id]
		switch {
		case lookedSince(c, id, l.At):
		case !listed:
			changed = c.ask(LookInvitation) || changed
		case newsOf(c, o):
			o.BoundAt = l.BoundAt
			facts, changed = append(facts, c.Observe(o, l.At)...), true
		}
	}
	if termAnswered(c, l) {
		changed = c.ask(LookTerm) || changed
	}
	if !FollowsMembers(c) || c.CheckedAt.After(l.At) {
		return facts, changed
	}
	l.Members.At = l.At
	told := followMembers(c, l.Members, latest(c.CheckedAt, l.BoundAt), latest(l.At, l.ToldAt))
	return append(facts, told...), changed || len(told) > 0
}

// watched are the ids at AWS of the invitations that are to be answered, and of the one that binds.
func watched(c *Connection) (ids []string) {
	for _, inv := range c.Invitations {
		if inv.State == Requested || inv.State == Accepted && c.State != Ending {
			ids = append(ids, inv.AWSTransferID)
		}
	}
	return ids
}

// lookedSince reports whether AWS has told the state of an invitation after a time.
func lookedSince(c *Connection, id string, at time.Time) bool {
	inv := c.find(func(inv *Invitation) bool { return inv.AWSTransferID == id })
	return inv != nil && inv.CheckedAt.After(at)
}

// newsOf reports whether the connection has to follow what AWS says of an invitation.
func newsOf(c *Connection, o Observation) bool {
	inv := c.find(func(inv *Invitation) bool { return inv.AWSTransferID == o.AWSTransferID })
	return inv != nil && c.State != Ended && (inv.canBecome(o.Status) || movesStart(c, inv, o))
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// One list of AWS's that lacks an account ends nothing that cannot be begun again: AWS is asked for that account by itself, and only what
// it says then counts. The time of leaving is that of the list.

// LookAbsence is the effect by which AWS is asked for one account; its subject is the account.
const LookAbsence = "check-absence"

// unlisted is how long after the list AWS is asked for an account that has just accepted: it may not be listed everywhere yet.
const unlisted = 15 * time.Minute

// absent notes that AWS did not list an account that is a member, or has just accepted, when the list was asked for. The same again is
// no news.
func (m *Member) absent(last, listed time.Time) []fact.Fact {
	if !m.AbsentAt.IsZero() {
		return nil
	}
	m.AbsentAt, m.LastAt = listed, last
	return []fact.Fact{fact.Internally(tell(FactMemberAbsent, "account_id", m.AccountID))}
}

// present forgets that AWS did not list an account.
func (m *Member) present() {
	if !m.AbsentAt.IsZero() {
		m.AbsentAt, m.LastAt = time.Time{}, time.Time{}
	}
}

// AbsenceWanted is when AWS is asked for the accounts that it did not list.
func AbsenceWanted(c *Connection) (wants []intent.Want) {
	if !FollowsMembers(c) {
		return nil
	}
	for _, m := range c.Members {
		switch {
		case m.AbsentAt.IsZero(), c.State == Ending && !m.inside():
		case m.inside():
			wants = append(wants, intent.Want{Subject: m.AccountID, At: m.AbsentAt})
		default:
			wants = append(wants, intent.Want{Subject: m.AccountID, At: m.AbsentAt.Add(unlisted)})
		}
	}
	return wants
}

// AbsenceSeen notes what AWS says of one account that it did not list: whether it is in the payer's organization, and open.
func AbsenceSeen(c *Connection, accountID string, there, active bool, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	if m == nil || m.AbsentAt.IsZero() || !FollowsMembers(c) || c.State == Ending && !m.inside() {
		return nil
	}
	if there {
		m.present()
		seen := MembersListed{At: now, Active: map[string]bool{accountID: active}}
		return append(m.inOrganization(c, seen, now), settle(c, now)...)
	}
	return append(m.left(now), settle(c, now)...)
}
