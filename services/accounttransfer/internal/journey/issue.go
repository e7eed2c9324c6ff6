package journey

import (
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
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
	RoleLost     Issue = "ROLE_LOST"     // the role was there, and is not any more
	RoleLimited  Issue = "ROLE_LIMITED"  // the role lets us in, and may not do all that we need
	TermRefused  Issue = "TERM_REFUSED"  // the customer has not accepted the service term, and the journey goes on without
)

// roleOverdue goes on without the Bootstrap Role, because somebody else supports, and leaves it to a case. A role that
// anybody can enter is not left at that: its step fails until it is mended.
func (t *Transfer) roleOverdue(s *process.Step, now time.Time) []fact.Fact {
	if unsafe(s) {
		facts := t.flag(RoleUnsafe)
		return append(facts, s.Fail(unsafeFailure(), process.Blocked{Owner: process.Customer, Text: s.Told}, now)...)
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

// unsafe reports whether the role of a step is there and lets in whoever knows its name.
func unsafe(s *process.Step) bool {
	return s.Told.Key == unsafeRole || s.Told.Key == unsafeRole+".link"
}

func unsafeFailure() process.Failure {
	return process.Failure{Code: CodeRolesMissing, Text: text.New("failure.ROLE_UNSAFE")}
}

// ObserveSupport notes who supports by an agreement in force, which may have changed since the journey. The reseller cannot support without
// the Bootstrap Role: whatever the journey went on without is then to be mended.
func ObserveSupport(t *Transfer, m SupportModel, c *connection.Connection) []fact.Fact {
	if t.State != Completed || m == "" || m == t.SupportModel {
		return nil
	}
	t.SupportModel = m
	facts := []fact.Fact{fact.Internally(tell(FactSupportChanged, "support_model", string(m)))}
	if s := t.For(connection.RoleDeployed); m == PartnerLed && s != nil && c.Bound() && c.Role.State != access.Safe && !roleOpen(t) {
		facts = append(facts, t.flag(RolesMissing)...)
	}
	return facts
}

func (t *Transfer) flag(i Issue) []fact.Fact {
	if slices.Contains(t.Issues, i) {
		return nil
	}
	t.Issues = append(t.Issues, i)
	return []fact.Fact{fact.Internally(tell(FactFlagged, "flag", string(i)))}
}

// settleRole ends the issues about the role when it is there and safe, also after the end of the transfer.
func (t *Transfer) settleRole(c *connection.Connection) []fact.Fact {
	switch {
	case c.Role.State == access.Safe:
		return settle(t, RolesMissing, RoleUnsafe, RoleLost, RoleLimited)
	case c.Role.State == access.Limited && c.Bound() && !t.State.Ended(), c.Role.State == access.Limited && c.Bound() && t.State == Completed:
		return append(settle(t, RolesMissing, RoleUnsafe, RoleLost), t.flag(RoleLimited)...)
	}
	return append(settle(t, RoleLimited), drifted(t, c)...)
}

// drifted flags a role that was found safe by a journey that has ended, and is not any more. A journey under way opens its step
// again.
func drifted(t *Transfer, c *connection.Connection) []fact.Fact {
	s := t.For(connection.RoleDeployed)
	if t.State != Completed || !c.Bound() || s == nil || s.State != process.Done {
		return nil
	}
	switch c.Role.State {
	case access.Unsafe:
		return append(settle(t, RoleLost), t.flag(RoleUnsafe)...)
	case access.Missing:
		return append(settle(t, RoleUnsafe), t.flag(RoleLost)...)
	case access.Safe, access.Limited: // it has not
	}
	return nil
}

// termRefused follows the template's policy when the customer has not accepted the service term. What Operations keeps in spite of it
// goes on without; ReopenStep sends another.
func termRefused(t *Transfer, c *connection.Connection, now time.Time) []fact.Fact {
	if c.Contract.Binding() != nil {
		return settle(t, TermRefused)
	}
	b, blocked := c.Blocks[connection.TermSent]
	if !blocked || b.Failure.Code != connection.CodeTermRefused || !t.underWay() {
		return nil
	}
	kept := t.Decision != nil && t.Decision.Outcome == KeepTransfer
	if s := t.For(connection.TermAccepted); s != nil && s.State == process.Skipped {
		kept = true // Operations goes on without it
	}
	if c.Policy.TermRefused == connection.TermFails && !kept {
		t.wish(Ending{Failure: &b.Failure}, now)
		return []fact.Fact{fact.Because(tell(FactEndingRequested), b.Failure.Code)}
	}
	var facts []fact.Fact
	for _, cond := range []process.Condition{connection.TermSent, connection.TermAccepted} {
		if s := t.For(cond); s != nil && s.State != process.Skipped {
			facts = append(facts, s.Skip("the customer did not accept the service term", now))
		}
	}
	return append(facts, t.flag(TermRefused)...)
}

// settle ends issues that are settled.
func settle(t *Transfer, settled ...Issue) (facts []fact.Fact) {
	t.Issues = slices.DeleteFunc(t.Issues, func(i Issue) bool {
		over := slices.Contains(settled, i)
		if over {
			facts = append(facts, fact.Internally(tell(FactFlagCleared, "flag", string(i))))
		}
		return over
	})
	if len(t.Issues) == 0 {
		t.Issues = nil
	}
	return facts
}

// roleOpen reports whether an issue about the role is open.
func roleOpen(t *Transfer) bool {
	return slices.ContainsFunc(t.Issues, func(i Issue) bool { return i != TermRefused })
}
