package journey

import (
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Issue is something open that does not stop the transfer, or outlives it. People follow it in a case.
type Issue string

// The issues.
const (
	RolesMissing Issue = "ROLES_MISSING" // the customer, whose support does not need the Bootstrap Role, has not deployed it
	RoleUnsafe   Issue = "ROLE_UNSAFE"   // the role lets in whoever knows its name; it is never left at that
)

// roleOverdue goes on without the Bootstrap Role, because somebody else supports, and leaves it to a case. A role that
// anybody can enter is not left at that: its step fails until it is mended.
func (t *Transfer) roleOverdue(s *process.Step, now time.Time) []fact.Fact {
	if s.Told.Key == unsafeRole || s.Told.Key == unsafeRole+".link" {
		facts := t.flag(RoleUnsafe)
		return append(facts, s.Fail(failure(CodeRolesMissing), process.Blocked{Owner: process.Customer, Text: s.Told}, now)...)
	}
	return append(t.flag(RolesMissing), s.Skip("the Bootstrap Role was not deployed in time; support does not need it", now))
}

// insist keeps the step of a role that anybody could enter failed until the role is safe.
func (t *Transfer) insist(r process.Report) process.Report {
	if r.Condition != connection.RoleDeployed || r.Met || !slices.Contains(t.Issues, RoleUnsafe) {
		return r
	}
	if s := t.For(r.Condition); s.State == process.Broken {
		r.Failure, r.Blocked = s.Failure, process.Blocked{Owner: process.Customer, Text: r.Told}
	}
	return r
}

// unsafeRole is the instruction for a role that anybody can enter.
const unsafeRole = "step.deploy-roles.unsafe"

func (t *Transfer) flag(i Issue) []fact.Fact {
	if slices.Contains(t.Issues, i) {
		return nil
	}
	t.Issues = append(t.Issues, i)
	return []fact.Fact{internally(tell(FactFlagged, "flag", string(i)))}
}

// settleRole ends the issues about the role when it is there and safe, also after the end of the transfer.
func (t *Transfer) settleRole(c *connection.Connection) []fact.Fact {
	if c.Role.State != access.Safe || len(t.Issues) == 0 {
		return nil
	}
	var facts []fact.Fact
	for _, i := range t.Issues {
		facts = append(facts, internally(tell(FactFlagCleared, "flag", string(i))))
	}
	t.Issues = nil
	return facts
}
