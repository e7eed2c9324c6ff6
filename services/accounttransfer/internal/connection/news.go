package connection

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Listed is what AWS lists of a payer.
type Listed struct {
	Transfers map[string]Observation // by AWS's id
	Members   MembersListed          // of the payer's organization
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
			c.Looks++
			changed = true
		case newsOf(c, o):
			o.BoundAt = l.BoundAt
			facts, changed = append(facts, c.Observe(o, l.At)...), true
		}
	}
	if c.Basis != Membership || c.State != Effective && c.State != Proposed || c.CheckedAt.After(l.At) {
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
