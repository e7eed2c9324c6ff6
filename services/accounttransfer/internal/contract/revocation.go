package contract

import (
	"slices"
	"time"
)

// Revocation is the handshake that ends a service term before its time. Only the reseller can send it, and the customer must
// accept it; AWS withdraws no billing transfer that a term binds.
type Revocation struct {
	Handshake
	Needless bool `json:"needless,omitempty"` // AWS sees nothing to revoke, or lets us revoke nothing
}

// Revoked reports whether the customer has agreed to the end of a term.
func (c *Contract) Revoked(t *Term) bool {
	r := c.Revocation
	return r != nil && r.State == Accepted && !r.RespondedAt.Before(t.RespondedAt)
}

// Binds reports whether the customer must agree to the end of a term before AWS withdraws at an instant.
func (c *Contract) Binds(end time.Time) bool {
	if c.Revocation != nil && c.Revocation.Needless {
		return false // AWS's answer to the withdrawal tells
	}
	return slices.ContainsFunc(c.Terms, func(t Term) bool {
		return t.State == Accepted && t.EndAt.After(end) && !c.Revoked(&t)
	})
}

// Revoking returns the revocation that the customer must answer; nil when there is none.
func (c *Contract) Revoking() *Revocation {
	if r := c.Revocation; r != nil && r.State == Pending {
		return r
	}
	return nil
}

// Revoke begins a revocation, unless one is intended already. A term that was ended for an earlier withdrawal stays ended.
func (c *Contract) Revoke() {
	if r := c.Revocation; r == nil || r.State != Prepared {
		c.Revocation = &Revocation{Handshake: Handshake{State: Prepared}}
	}
}
