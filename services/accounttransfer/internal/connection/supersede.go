package connection

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// How a customer of a legacy model comes to a billing transfer: the membership goes on until the first instant that AWS bills the billing
// transfer, and ends with it. A migration that comes to nothing before leaves the membership as it was.

// Replaceable refuses to begin a billing transfer in the place of what is no membership that binds. Refused with STATE_REFUSES.
func Replaceable(c *Connection) error {
	if c.Basis != Membership || c.State != Effective {
		return refuses(c, "replaced", text.New("remedy.connection-state"))
	}
	return nil
}

// Supersede ends a membership in whose place another connection bills. A customer's own organization ends at the instant at which the
// billing transfer of that organization has begun, also when it ended later already: AWS bills one payer for it. Other accounts, and an
// organization in whose place another one bills, are to leave, as after a withdrawal: AWS bills each to the payer that it is with.
// Refused with STATE_REFUSES before the other one bills, and when that is none that replaces it; with UNAVAILABLE until AWS has said, at
// the start or later, that it stands: the end of an own organization is not taken back.
func Supersede(c, by *Connection, now time.Time) ([]fact.Fact, error) {
	bills := by.ReplacesID == c.ID && by.CustomerID == c.CustomerID && !by.StartAt.IsZero() && !by.StartAt.After(now) &&
		(by.Bound() || by.Charged())
	switch {
	case !bills || c.Basis != Membership || c.State == Proposed:
		return nil, refuses(c, "superseded", text.New("remedy.connection-state"))
	case c.State == Ended || !c.SupersededAt.IsZero():
		return nil, nil
	case by.State == Effective && by.CheckedAt.Before(by.StartAt):
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "AWS has not said yet that it bills connection %s", by.ID)
	}
	c.SupersededAt = by.StartAt
	told := tell(FactSuperseded, "start", stamp(by.StartAt), "connection_id", by.ID)
	switch {
	case ownOrganization(c) && by.AccountID == c.PayerAccountID && (c.State == Effective || c.EndAt.After(by.StartAt)):
		return append([]fact.Fact{told}, c.endWith(by.StartAt, Superseded, now)...), nil
	case c.State == Effective && !c.Withdrawing():
		c.Withdraw(now)
	}
	return []fact.Fact{told}, nil
}
