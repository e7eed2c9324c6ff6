package cases

import "example.com/handover/pkg/fact"

// PrepareComment keeps the intent to send a comment: a repeated write adds a second entry, so that one whose answer was
// lost is looked for first.
func (c *Case) PrepareComment(id string) ([]fact.Fact, error) {
	return c.settle(id, func(m *Comment) { m.Asked = true })
}

// CommentNotSent takes the intent back after a call that surely had no effect.
func (c *Case) CommentNotSent(id string) ([]fact.Fact, error) {
	return c.settle(id, func(m *Comment) { m.Asked = false })
}

// CommentSent notes that ServiceNow has the comment.
func (c *Case) CommentSent(id string) ([]fact.Fact, error) {
	return c.settle(id, func(m *Comment) { m.Asked, m.Sent = false, true })
}

// CommentRefused notes that ServiceNow does not take the comment. It is not sent again; a look will show why, most
// often because the record was closed.
func (c *Case) CommentRefused(id string) ([]fact.Fact, error) {
	if _, err := c.settle(id, func(m *Comment) { m.Asked, m.Refused, c.Look = false, true, true }); err != nil {
		return nil, err
	}
	return []fact.Fact{internal(FactProgressed, "ServiceNow did not take a comment: it is not sent again.", "comment_id", id)}, nil
}

// CommentLookedUp settles a comment whose answer was lost. Entries is how many entries of ours ServiceNow has with its
// text: comments are sent one after another, so that it has arrived when there are more than were sent before it.
func (c *Case) CommentLookedUp(id string, entries int) ([]fact.Fact, error) {
	return c.settle(id, func(m *Comment) {
		for _, other := range c.Comments {
			if other.Own && other.Sent && SameText(other.Text, m.Text) {
				entries--
			}
		}
		m.Asked, m.Sent = false, entries > 0
	})
}

// settle changes a comment that is still to be sent. It was told when it was said, so there is no fact.
func (c *Case) settle(id string, change func(*Comment)) ([]fact.Fact, error) {
	m := c.comment(id)
	if m == nil || !m.waits() {
		return nil, c.stateRefuses("the comment %s is not to be sent", id)
	}
	change(m)
	return nil, nil
}
