package cases

import (
	"strings"
	"time"

	"example.com/handover/pkg/fact"
)

// Text is what the record in ServiceNow says: the description, and what the people who work on it look things up by.
func (c *Case) Text() string {
	lines := []string{c.Description, ""}
	for _, ref := range []struct{ name, id string }{
		{"Case", c.ID}, {"Customer", c.CustomerID}, {"Began with", c.Correlation}, {"About", c.SubjectID},
	} {
		if ref.id != "" {
			lines = append(lines, ref.name+": "+ref.id)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// PrepareRecord keeps the intent to create the record, before ServiceNow is called: it takes no idempotency token, so
// that a record whose answer was lost can only be found by its correlation id, which is the id of the case.
func (c *Case) PrepareRecord() ([]fact.Fact, error) {
	if c.Record != nil || c.Asked {
		return nil, c.stateRefuses("ServiceNow has the case, or was asked to")
	}
	c.Asked = true
	return nil, nil
}

// RecordNotSent takes the intent back after a call that surely had no effect.
func (c *Case) RecordNotSent() ([]fact.Fact, error) {
	c.Asked = false
	return nil, nil
}

// RecordNotFound notes that an unanswered call left no record, so that it is made again. What was sent first may still
// be on its way.
func (c *Case) RecordNotFound() ([]fact.Fact, error) {
	if c.Record == nil {
		c.Asked, c.Repeated = false, true
	}
	return nil, nil
}

// Recorded notes the record that ServiceNow has, and where it stands already.
func (c *Case) Recorded(seen Seen, now time.Time) ([]fact.Fact, error) {
	if c.Record != nil {
		return nil, c.stateRefuses("ServiceNow has the case as %s", c.Record.Number)
	}
	c.Asked = false
	c.Record = &Record{Ref: seen.Ref, Number: seen.Number}
	facts := []fact.Fact{internal(FactSubmitted, "ServiceNow has the case as "+seen.Number+".", "number", seen.Number, "sys_id", seen.SysID)}
	more, err := c.Observe(seen, nil, now)
	if seen.ModCount > 0 { // found again: what was said meanwhile is still to be read
		c.Look = !c.State.Ended()
	}
	return append(facts, more...), err
}
