package connection

// EveryAccount returns the accounts that the connection binds, is to bind, or has bound.
func EveryAccount(c *Connection) []string {
	all := []string{c.AccountID}
	for _, inv := range c.Invitations {
		all = append(all, inv.AccountID)
	}
	for _, m := range c.Members {
		all = append(all, m.AccountID)
	}
	return all
}

// EveryID returns what AWS calls the connection and what belongs to it: billing transfers, handshakes, the relationship and the billing
// group. One that is not known is empty.
func EveryID(c *Connection) []string {
	var all []string
	for _, inv := range c.Invitations {
		all = append(all, inv.AWSTransferID, inv.AWSHandshakeID)
	}
	for _, m := range c.Members {
		all = append(all, m.HandshakeID)
	}
	for _, t := range c.Contract.Terms {
		all = append(all, t.ID)
	}
	if r := c.Contract.Revocation; r != nil {
		all = append(all, r.ID)
	}
	for _, made := range c.Made {
		all = append(all, made.ID)
	}
	return all
}
