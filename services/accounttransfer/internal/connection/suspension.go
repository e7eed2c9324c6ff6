package connection

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// What becomes of an account that AWS has suspended, for abuse or an unpaid bill. It stays a member and is billed, and what the connection
// waits for stays what it is. Beside that Operations has a case and mails, and the customer mails, until AWS ends the suspension, closes
// the account for good, or the account is a member no more: of the latter two its departure tells.

// How long AWS keeps an account that it has suspended before it closes it for good, how much earlier the account may be gone because the
// suspension was found late, and how long after that Operations is told that AWS has done neither.
const (
	suspendedFor = 90 * day
	foundLate    = 7 * day
	undecidedFor = 7 * day
)

// suspendedMail tells the customer.
const suspendedMail = "account-suspended"

// suspended reports whether AWS has suspended an account that is bound.
func (m *Member) suspended(c *Connection) bool {
	return c.State != Ended && m.State == MemberJoined && !m.SuspendedAt.IsZero()
}

// SuspensionEnd is when AWS closes an account for good that it has suspended; zero: it is not suspended.
func (m *Member) SuspensionEnd() time.Time {
	if m.SuspendedAt.IsZero() {
		return time.Time{}
	}
	return m.SuspendedAt.Add(suspendedFor)
}

// shutFor reports whether AWS had suspended an account for so long when it listed it no more that it has closed it for good. One that is
// gone before was removed from the organization.
func (m *Member) shutFor(gone time.Time) bool {
	return !m.SuspendedAt.IsZero() && !gone.Before(m.SuspensionEnd().Add(-foundLate))
}

// Suspension is what Operations is to do about accounts that AWS has suspended, until the first of them is closed for good; nil: none is.
// It was told of each at once.
func Suspension(c *Connection) *process.Waiting {
	w := &process.Waiting{Owner: process.Reseller, Escalated: true}
	var accounts []string
	for i := range c.Members {
		m := &c.Members[i]
		if !m.suspended(c) {
			continue
		}
		accounts = append(accounts, m.AccountID)
		if end := m.SuspensionEnd(); m.Undecided.IsZero() && (w.Until.IsZero() || end.Before(w.Until)) {
			w.Until = end
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	w.Text = text.New("wait.member-suspended", "accounts", strings.Join(accounts, ", "))
	return w
}

// suspensionLook is when AWS must have decided on the first of the accounts that it has suspended; zero: none is, or that was looked at.
func suspensionLook(c *Connection) (first time.Time) {
	for i := range c.Members {
		m := &c.Members[i]
		if end := m.SuspensionEnd(); m.suspended(c) && end.After(c.CheckedAt) && (first.IsZero() || end.Before(first)) {
			first = end
		}
	}
	return first
}

// suspensionNext is when Operations is told that AWS has decided nothing of an account in its time; zero: never.
func suspensionNext(c *Connection) (next time.Time) {
	for i := range c.Members {
		m := &c.Members[i]
		at := m.SuspensionEnd().Add(undecidedFor)
		if m.suspended(c) && m.Undecided.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// undecided says once of each account that AWS has neither ended its suspension nor closed it in its time.
func undecided(c *Connection, now time.Time) (facts []fact.Fact) {
	for i := range c.Members {
		m := &c.Members[i]
		if at := m.SuspensionEnd().Add(undecidedFor); m.suspended(c) && m.Undecided.IsZero() && !at.After(now) {
			m.Undecided = now
			facts = append(facts, fact.Internally(tell(FactWaitEscalated, "wait", "suspended/"+m.AccountID, "owner", string(process.Reseller))))
		}
	}
	return facts
}

// suspensions are the cases and mails of accounts that AWS has suspended: one case for each, another one when AWS has not decided in its
// time, and a mail to the customer, who alone reads what AWS writes to the root user.
func suspensions(c *Connection) (wishes []intent.Wish) {
	for i := range c.Members {
		m := &c.Members[i]
		if !m.suspended(c) {
			continue
		}
		params := []string{
			"account_id", m.AccountID, "connection_id", c.ID, "agreement_id", c.AgreementID, "since", stamp(m.SuspendedAt),
			"end", stamp(m.SuspensionEnd()),
		}
		where := text.New("wait.member-suspended", "accounts", m.AccountID)
		key := "suspended/" + m.AccountID + "@" + stamp(m.SuspendedAt)
		body, act := "case.suspended.body", "case.suspended.title"
		if !m.Undecided.IsZero() {
			key, body, act = "undecided/"+m.AccountID+"@"+stamp(m.SuspendedAt), "case.suspended.undecided", "case.suspended.title-undecided"
		}
		wishes = append(wishes, process.Alert(key, intent.Wish{
			Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New(act, params...), Body: text.New(body, params...),
			Resolved: text.New("case.suspended.over", params...),
		}, where)...)
		wishes = append(wishes, intent.Wish{
			Key: "remind/customer/suspended/" + m.AccountID + "@" + stamp(m.SuspendedAt), Kind: intent.Reminder,
			Name: suspendedMail, Plan: blockedPlan, To: "TECHNICAL", Params: map[string]string{"account_id": m.AccountID}, Until: m.SuspensionEnd(),
			Title: text.New("case.suspended.customer", params...), Body: text.New("wait.account-suspended.what", params...),
			Where: text.New("wait.account-suspended", params...),
		})
	}
	return wishes
}

// Todo is what the reseller's people are to do next about a connection; nil: nothing. What AWS has suspended is seen to while somebody
// else, or the journey, has what the connection waits for.
func Todo(c *Connection) *process.Waiting {
	suspended, real := Suspension(c), c.Waiting()
	if suspended == nil || real != nil && real.Owner == process.Reseller && waitsAlone(c) {
		return real
	}
	return suspended
}

// waitsAlone reports whether what a connection waits for is not shown by a journey that is under way: there is none, or it waits for
// something else than the accounts.
func waitsAlone(c *Connection) bool {
	if _, awaited := c.Demands[MembersJoined]; awaited || c.JourneyEndedAt.IsZero() && c.TransferID == "" {
		return StandsAlone(c)
	}
	departed := func(m Member) bool { return (c.State == Proposed || c.State == Effective) && m.departed(c) }
	return slices.ContainsFunc(c.Members, departed) || StandsAlone(c)
}

// ShownAlone reports whether a connection is listed by itself, and not by a journey that is under way.
func ShownAlone(c *Connection) bool { return Suspension(c) != nil || waitsAlone(c) }
