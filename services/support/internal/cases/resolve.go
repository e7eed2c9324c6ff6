package cases

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Wish is somebody's wish to resolve a case.
type Wish struct {
	Notes string     `json:"notes"` // what was done
	By    call.Actor `json:"by"`
	At    time.Time  `json:"at"`
	TryAt time.Time  `json:"try_at,omitzero"` // when ServiceNow, which refused, is asked again; zero: at once
}

// afterRefusal is how long ServiceNow is left alone after it refused to resolve: people must mend that.
const afterRefusal = 6 * time.Hour

// ResolveRefused notes that ServiceNow does not resolve the record as it is. The wish waits, and nothing else does.
func (c *Case) ResolveRefused(now time.Time) []fact.Fact {
	if c.Wish == nil || c.State.Ended() {
		return nil
	}
	told := !c.Wish.TryAt.IsZero()
	c.Wish.TryAt = now.Add(afterRefusal)
	if told {
		return nil
	}
	return []fact.Fact{{Name: FactProgressed, Audience: fact.Operator, Text: "case.resolve_refused"}}
}

// NotNeeded asks to resolve the case, unless it is over or somebody has asked already.
func (c *Case) NotNeeded(notes string, by call.Actor, now time.Time) []fact.Fact {
	facts, err := c.AskResolve(notes, by, now)
	if err != nil {
		return nil
	}
	return facts
}

// AskResolve records the wish to resolve the case: it is RESOLVED when ServiceNow says so. Refused with CASE_CLOSED and
// STATE_REFUSES.
func (c *Case) AskResolve(notes string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.going("resolved"); err != nil {
		return nil, err
	}
	if c.State == Resolved || c.Wish != nil {
		return nil, c.stateRefuses("the case is resolved, or about to be")
	}
	c.Wish = &Wish{Notes: notes, By: by, At: now}
	return []fact.Fact{internal(FactResolveRequested)}, nil
}
