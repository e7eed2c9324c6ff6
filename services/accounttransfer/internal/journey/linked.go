package journey

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
)

// ReinviteLinked has AWS asked for another invitation of one linked account; see connection.ReinviteMember. Refused with
// STEP_GUARD_CLOSED before the first is sent, too.
func ReinviteLinked(t *Transfer, c *connection.Connection, accountID string, now time.Time) (Changes, error) {
	if err := ofMembers(t, "invited again"); err != nil {
		return Changes{}, err
	}
	invites := t.For(connection.MembersInvited)
	if invites == nil {
		return Changes{}, t.Refuses("invited again")
	}
	if invites.OpenedAt.IsZero() {
		return Changes{}, t.GuardClosed(invites)
	}
	facts, err := connection.ReinviteMember(c, accountID, now)
	if err != nil {
		return Changes{}, err
	}
	return relinked(t, c, facts), nil
}

// RemoveLinked takes one linked account out of the transfer; see connection.RemoveMember.
func RemoveLinked(t *Transfer, c *connection.Connection, accountID, reason string, now time.Time) (Changes, error) {
	if err := ofMembers(t, "changed"); err != nil {
		return Changes{}, err
	}
	facts, err := connection.RemoveMember(c, accountID, reason, now)
	if err != nil {
		return Changes{}, err
	}
	return relinked(t, c, facts), nil
}

// CorrectLinked names another linked account in place of one that was named by mistake; see connection.CorrectMember. Refused with
// FIELD_REQUIRED for others than the customer that do not say why, too.
func CorrectLinked(
	t *Transfer, c *connection.Connection, wrong, right, reason string, by call.Actor, now time.Time,
) (Changes, error) {
	if err := ofMembers(t, "corrected"); err != nil {
		return Changes{}, err
	}
	if by.Role != "CUSTOMER" && reason == "" {
		return Changes{}, errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	if reason == "" {
		reason = "named by mistake"
	}
	facts, err := connection.CorrectMember(c, wrong, right, reason, now)
	if err != nil {
		return Changes{}, err
	}
	return relinked(t, c, facts), nil
}

// ofMembers refuses a verb about linked accounts to a transfer that has none, or is not being worked on.
func ofMembers(t *Transfer, verb string) error {
	if t.Kind != templates.Membership {
		return t.Refuses(verb)
	}
	return t.going(verb)
}

// relinked takes over which accounts the connection is about.
func relinked(t *Transfer, c *connection.Connection, facts []fact.Fact) Changes {
	t.AccountID = c.AccountID
	t.Linked = slices.DeleteFunc(connection.WantedAccounts(c), func(id string) bool { return id == c.AccountID })
	return Changes{Connection: facts}
}
