package cases

import "example.com/handover/pkg/intent"

// WantsRecord returns the wish for a record in ServiceNow.
func (c *Case) WantsRecord() []intent.Want {
	if c.State.Ended() || c.Record != nil {
		return nil
	}
	return intent.Now()
}

// WantsComment returns the wish for the comment that goes out next.
func (c *Case) WantsComment() []intent.Want {
	if id := c.NextComment(); id != "" {
		return []intent.Want{{Subject: id, At: intent.Immediately}}
	}
	return nil
}

// WantsResolve returns the wish to have the record resolved.
func (c *Case) WantsResolve() []intent.Want {
	switch {
	case c.State.Ended() || c.Record == nil || c.Wish == nil:
		return nil
	case c.Wish.TryAt.IsZero():
		return intent.Now()
	}
	return intent.At(c.Wish.TryAt)
}

// WantsLook returns when the record is read next; the zero time for never.
func (c *Case) WantsLook() []intent.Want {
	switch {
	case c.State.Ended() || c.Record == nil:
		return nil
	case c.Look:
		return intent.Now()
	default:
		return intent.At(c.pollAt())
	}
}
