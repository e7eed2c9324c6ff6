package cases

import "example.com/handover/pkg/fact"

// NextComment returns the id of the comment that ServiceNow gets next; empty: none, or no record to put it in. They go
// out one after another, so that a lost answer can be settled by counting.
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

// CommentText is the text of a comment; empty when it is not there.
func (c *Case) CommentText(id string) string {
	if m := c.comment(id); m != nil {
		return m.Text
	}
	return ""
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

// CommentArrived settles a comment whose answer was lost. Entries is how many of our entries ServiceNow has with its
// text: it has arrived when there are more than were sent before it.
func (c *Case) CommentArrived(id string, entries int) bool {
	m := c.comment(id)
	if m == nil {
		return false
	}
	for _, other := range c.Comments {
		if other.Own && other.Sent && SameText(other.Text, m.Text) {
			entries--
		}
	}
	return entries > 0
}
