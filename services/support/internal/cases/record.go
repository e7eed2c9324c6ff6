package cases

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Words are the title and the description, in one language: what the opener wrote, or the suite's own.
func (c *Case) Words(w text.Words) (title, description string) {
	if c.About.IsZero() {
		return c.Title, c.Description
	}
	title = w.Say(text.Text{Key: c.About.Key + ".title", Params: c.About.Params})
	return title, w.Say(text.Text{Key: c.About.Key + ".body", Params: c.About.Params})
}

// RecordText is what the record in ServiceNow says: the description, and what the people who work on it look things up by.
func (c *Case) RecordText(description string) text.Text {
	return text.New("record.text", "description", description,
		"case", c.ID, "customer", c.CustomerID, "correlation", c.Correlation, "subject", c.SubjectID)
}

// RecordAbsent notes that an unanswered call left no record, so that it is made again. What was sent first may still be
// on its way.
func (c *Case) RecordAbsent() { c.Repeated = c.Record == nil }

// Recorded notes the record that ServiceNow has, and where it stands already.
func (c *Case) Recorded(seen Seen, now time.Time) ([]fact.Fact, error) {
	if c.Record != nil {
		return nil, c.stateRefuses("ServiceNow has the case as %s", c.Record.Number)
	}
	c.Record = &Record{Ref: seen.Ref, Number: seen.Number}
	facts := []fact.Fact{internal(FactSubmitted, "number", seen.Number, "sys_id", seen.SysID)}
	more, err := c.Observe(seen, nil, now)
	if seen.ModCount > 0 { // found again: what was said meanwhile is still to be read
		c.Look = !c.State.Ended()
	}
	return append(facts, more...), err
}
