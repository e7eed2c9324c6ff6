package connection

import (
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/access"
)

// driftBeat is how often a role that was safe is looked at again, for as long as the account is bound.
const driftBeat = 7 * day

// CheckRoleWanted looks for the role at once, then on the beat of everything that the customer must do, after a day once a day, and
// once more when its time is over. One that the journey goes on without is looked for all the same.
func CheckRoleWanted(c *Connection) []intent.Want {
	d, demanded := c.Demands[RoleDeployed]
	switch {
	case c.Role.State == access.Safe && c.State == Effective:
		return intent.At(c.watch(LookRole, c.Role.CheckedAt.Add(driftBeat)))
	case c.Role.State == access.Limited && c.State == Effective: // it is to be mended
		return intent.At(c.watch(LookRole, c.Role.CheckedAt.Add(day)))
	}
	if c.Role.In() && c.EndReason == WithdrawnInAWS && c.Role.CheckedAt.Before(c.CheckedAt) {
		return intent.Now()
	}
	if !demanded || c.Role.In() || c.Role.ARN(c.AccountID) == "" || !c.Bound() {
		return nil
	}
	switch {
	case d.Relaxed:
		return intent.At(c.watch(LookRole, c.Role.CheckedAt.Add(day)))
	case c.Role.CheckedAt.Before(d.Since):
		return intent.Now()
	}
	return intent.At(c.watch(LookRole, byTurn(beatThen(d.Since, c.Role.CheckedAt, day), c.Role.CheckedAt, d.Due)))
}

// RoleSeen notes what was found. One that is unsafe is told once and left to the customer, as is what one may not do.
func RoleSeen(c *Connection, state access.State, now time.Time, denied ...string) []fact.Fact {
	if c.State == Ending || c.State == Ended {
		return closureSeen(c, state, now)
	}
	wasIn := c.Role.In()
	before := c.Role.Found(access.Look{State: state, Denied: denied}, now)
	state = c.Role.State
	news, arn := state != before, c.Role.ARN(c.AccountID)
	switch {
	case news && state == access.Limited:
		return []fact.Fact{tell(FactRoleLimited, "arn", arn, "actions", strings.Join(c.Role.Denied, ", "))}
	case news && state == access.Safe:
		return []fact.Fact{tell(FactRoleFound, "arn", arn)}
	case news && state == access.Unsafe:
		return []fact.Fact{tell(FactRoleUnsafe, "arn", arn)}
	case news && wasIn:
		return []fact.Fact{tell(FactRoleLost, "arn", arn)}
	}
	return nil
}

// closureSeen notes that AWS does not let us any more into an account whose billing transfer it has ended: no API tells a payer that
// a customer's account is closed, but no role of a closed account lets anybody in.
func closureSeen(c *Connection, state access.State, now time.Time) []fact.Fact {
	c.Role.CheckedAt = now
	if state != access.Missing || !c.ShutAt.IsZero() {
		return nil
	}
	c.ShutAt = now
	return []fact.Fact{fact.Internally(tell(FactClosureSuspected, "account_id", c.AccountID))}
}

// RoleAsked reports whether the customer has been asked for the role.
func RoleAsked(c *Connection) bool {
	_, demanded := c.Demands[RoleDeployed]
	return demanded || c.Role.State != ""
}
