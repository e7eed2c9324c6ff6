package cases

import (
	"time"

	"example.com/handover/pkg/fact"
)

// Journal is what ServiceNow's people said in a record, oldest first.
type Journal []Entry

// Entry is one comment in ServiceNow.
type Entry struct {
	ID   string // its sys_id
	Text string
	At   time.Time // by ServiceNow's clock
}

// Hears reports whether the journal is worth reading: every comment counts as a change of the record.
func (c *Case) Hears(seen Seen) bool { return c.Record != nil && seen.ModCount != c.Record.Heard }

// Observe brings the case to where its record is. A journal that was not read is nil.
func (c *Case) Observe(seen Seen, journal Journal, now time.Time) ([]fact.Fact, error) {
	r := c.Record
	if r == nil || r.Ref != seen.Ref {
		return nil, c.stateRefuses("ServiceNow's record %s is not of this case", seen.SysID)
	}
	if c.State.Ended() {
		return nil, nil
	}
	c.Look = false
	r.Number, r.State, r.ModCount, r.SyncedAt = seen.Number, seen.State, seen.ModCount, now
	r.AccountSysID = seen.AccountSysID
	var facts []fact.Fact
	if journal != nil {
		r.Heard = seen.ModCount
		facts = c.hear(journal)
	}
	facts = append(facts, c.move(seen, now)...)
	if len(facts) > 0 {
		c.moved(now)
	}
	return facts, nil
}

// move takes over the state.
func (c *Case) move(seen Seen, now time.Time) []fact.Fact {
	to := seen.Means()
	if to == c.State {
		return nil
	}
	switch r := seen.resolution(); {
	case r == nil:
		c.Resolution = nil
	case c.Resolution == nil:
		r.At = now
		c.Resolution = r
	}
	switch to {
	case Resolved:
		c.State, c.Wish = to, nil
		return []fact.Fact{c.tell(FactResolved, "code", seen.Code)}
	case Closed:
		c.end(to, now)
		return []fact.Fact{c.tell(FactClosed)}
	case Cancelled:
		c.end(to, now)
		return []fact.Fact{c.tell(FactCancelled)}
	default:
		c.State = to
		return []fact.Fact{internal(FactProgressed, "state", string(to))}
	}
}
