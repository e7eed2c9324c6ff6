package connection

// Replacing is what a membership knows of the billing transfer that is to bill in its place. It is asked after every change of that one, in
// the same transaction.
type Replacing struct {
	ConnectionID string `json:"connection_id"`
	Unsure       bool   `json:"unsure,omitempty"` // it ends, is to end, or brings no agreement: whether it stays is open
}

// FollowReplacement notes how the billing transfer stands that is to bill in the place of the membership, and forgets one of which nothing
// has come. It reports whether that is news.
func FollowReplacement(c, by *Connection) bool {
	if by.ReplacesID != c.ID || c.Basis != Membership {
		return false
	}
	before := c.Replacing
	if by.State == Ended && !by.Charged() {
		if before == nil || before.ConnectionID != by.ID {
			return false
		}
		c.Replacing = nil
		return true
	}
	agreed := by.Agreement == agreementUnderWay || by.Agreement == agreementInForce
	next := Replacing{ConnectionID: by.ID, Unsure: by.Stopped || by.State == Ending || by.State == Ended || !agreed}
	if before != nil && *before == next {
		return false
	}
	c.Replacing = &next
	return true
}

// leavesForAnother reports whether the accounts are expected to leave, because another connection is to bill in the place of the membership,
// or has begun to. One that comes to nothing is none: whoever has left by then has departed.
func leavesForAnother(c *Connection) bool { return c.Replacing != nil || !c.SupersededAt.IsZero() }
