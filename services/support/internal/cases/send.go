package cases

import (
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// NextComment returns the id of the comment that ServiceNow gets next; empty: none, or no record to put it in. They go
// out one after another, in the order in which they were said.
func (c *Case) NextComment() string {
	if c.State.Ended() || c.Record == nil {
		return ""
	}
	for _, m := range c.Comments {
		if m.waits() {
			return m.ID
		}
	}
	return ""
}

// CommentText is a comment as ServiceNow gets it. Its id stands in it, which nobody else says: by it a lost answer is
// settled, and people know a comment again that they see twice.
func (c *Case) CommentText(id string) text.Text {
	if m := c.comment(id); m != nil {
		return text.New("record.comment", "text", m.Text, "comment", id)
	}
	return text.Text{}
}

// CommentSent notes that ServiceNow has the comment. It was told when it was said, so there is no fact.
func (c *Case) CommentSent(id string) {
	if m := c.comment(id); m != nil && m.waits() {
		m.Sent = true
	}
}

// CommentRefused notes that ServiceNow does not take the comment. It is not sent again; a look will show why, most
// often because the record was closed.
func (c *Case) CommentRefused(id string) []fact.Fact {
	m := c.comment(id)
	if m == nil || !m.waits() {
		return nil
	}
	m.Refused, c.Look = true, true
	return []fact.Fact{fact.Fact{Name: FactProgressed, Audience: fact.Operator, Text: "case.comment_refused"}.With("comment_id", id)}
}
