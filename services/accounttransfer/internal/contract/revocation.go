package contract

import "time"

// Revocation is the handshake that ends a service term before its time. Only the reseller can send it, and the customer must
// accept it; AWS withdraws no billing transfer that a term binds.
type Revocation struct {
	Handshake
	Needless bool `json:"needless,omitempty"` // AWS sees nothing to revoke, or lets us revoke nothing
	Left     bool `json:"left,omitempty"`     // AWS does not let us take it back
}

// Revoked reports whether the customer has agreed to the end of a term.
func (c *Contract) Revoked(t *Term) bool {
	r := c.Revocation
	return r != nil && r.State == Accepted && !r.RespondedAt.Before(t.RespondedAt)
}

// BindsUntil is before when AWS ends no billing transfer without the customer's consent; zero: no term binds.
func (c *Contract) BindsUntil() (until time.Time) {
	if c.Revocation != nil && c.Revocation.Needless {
		return until // AWS's answer to the withdrawal tells
	}
	for i := range c.Terms {
		if t := &c.Terms[i]; t.State == Accepted && t.EndAt.After(until) && !c.Revoked(t) {
			until = t.EndAt
		}
	}
	return until
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
