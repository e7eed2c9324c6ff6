package transfer

import (
	"time"

	"example.com/handover/pkg/fact"
)

// RoleState is what was found when the Bootstrap Role was assumed.
type RoleState string

// The states of a role.
const (
	RoleMissing RoleState = "MISSING"  // it cannot be assumed with the external id
	RoleUnsafe  RoleState = "UNSAFE"   // it can be assumed without the external id
	RoleSafe    RoleState = "DEPLOYED" // it can be assumed with the external id alone
)

// Role is the Bootstrap Role in the customer's management account: the only access that the reseller has (XFR-BT-09).
// Its external id is the transfer's id: unique, and no secret. Its name and where it is deployed are copied at the start
// of the transfer, so that nobody is told two things.
type Role struct {
	Name      string    `json:"name"`
	DeployURL string    `json:"deploy_url,omitempty"` // where the customer deploys it with one click; empty: nowhere
	State     RoleState `json:"state,omitempty"`      // empty: not looked for yet
	CheckedAt time.Time `json:"checked_at,omitzero"`
}

// RoleARN returns the ARN of the Bootstrap Role; "" while the account is not known.
func (t *Transfer) RoleARN() string {
	if t.Role == nil || t.SourceAccountID == "" {
		return ""
	}
	return "arn:aws:iam::" + t.SourceAccountID + ":role/" + t.Role.Name
}

// RoleWanted reports whether the customer has been asked for the Bootstrap Role.
func (t *Transfer) RoleWanted() bool {
	s := t.stepFor(RoleDeployed)
	return s != nil && s.State != Pending
}

// What the customer reads when the role is there but lets others in.
const unsafeRole = "The Bootstrap Role can be assumed without its external id: anybody who knows its name could be let in. " +
	"Deploy it again with the link, and leave its external id as it is."

// RoleSeen notes what was found. A role that is there and safe completes its step; one that is unsafe is told once and
// left to the customer. One that was gone on without is looked for all the same.
func (t *Transfer) RoleSeen(state RoleState, now time.Time) ([]fact.Fact, error) {
	if t.Role == nil || t.work(RoleDeployed) == nil && !t.missesRole() {
		return nil, nil
	}
	before := t.Role.State
	t.Role.State, t.Role.CheckedAt = state, now
	switch {
	case state == RoleSafe:
		t.settleMatters()
		facts := []fact.Fact{tell(FactRoleFound, "The Bootstrap Role is there, and safe.", "arn", t.RoleARN())}
		facts = append(facts, t.observed(RoleDeployed, now)...)
		return append(facts, t.advance(now)...), nil
	case state == RoleUnsafe && before != RoleUnsafe:
		return []fact.Fact{tell(FactRoleUnsafe, unsafeRole, "arn", t.RoleARN())}, nil
	}
	return nil, nil
}

// Told returns what must be done for a step and where, as things are now.
func (t *Transfer) Told(s *Step) (what, where string) {
	what, where = s.What, s.Where
	if s.CompletedBy != RoleDeployed || t.Role == nil {
		return what, where
	}
	if t.Role.State == RoleUnsafe {
		what = unsafeRole
	}
	if t.Role.DeployURL != "" {
		where = t.Role.DeployURL
	}
	return what, where
}

// roleTimers looks for the role at once, then on the beat of everything that the customer must do, and once more when
// its time is over.
func (t *Transfer) roleTimers() []timer {
	s := t.work(RoleDeployed)
	if s == nil && t.missesRole() {
		return []timer{t.watch(t.Role.CheckedAt.Add(day), CheckRole)}
	}
	if s == nil || t.Role == nil {
		return nil
	}
	if t.Role.CheckedAt.Before(s.OpenedAt) {
		return []timer{{at: immediately, kind: CheckRole}}
	}
	at := beat(s.OpenedAt, t.Role.CheckedAt)
	if !t.lookedAfterDue(s) && s.DueAt.Before(at) {
		at = s.DueAt
	}
	return []timer{t.watch(at, CheckRole)}
}

// missesRole reports whether a transfer under way goes on without the role, which may still come.
func (t *Transfer) missesRole() bool {
	return t.Role != nil && t.underWay() && len(t.openMatters()) > 0
}

// lookedAfterDue reports whether a step may be called overdue: a role may have come since the last look.
func (t *Transfer) lookedAfterDue(s *Step) bool {
	return s.DueAt.IsZero() || s.CompletedBy != RoleDeployed || t.Role == nil || !t.Role.CheckedAt.Before(s.DueAt)
}
