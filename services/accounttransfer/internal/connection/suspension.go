package connection

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// What becomes of an account that AWS has suspended. It stays a member and is billed, and what the connection waits for stays what it is.
// Beside that Operations has a case and mails, and the customer mails, until AWS ends the suspension, closes the account for good, or the
// account is a member no more: of the latter two its departure tells.
//
// AWS says that an account is suspended, and neither since when nor until when: what is known is between which two looks that was.

// How long AWS keeps an account that it has suspended before it closes it for good, how much earlier the account may be gone when it is not
// known since when it was suspended, and how long after that Operations is told that AWS has done neither.
const (
	suspendedFor = 90 * day
	foundLate    = 7 * day
	undecidedFor = 7 * day
)

// What Notifications calls the mails that tell the customer: of an account whose root user is its own, so that it alone can answer AWS, and
// of one whose root user the reseller has.
const (
	suspendedMail = "account-suspended"
	handledMail   = "account-suspended-handled"
)

// EnterRoots notes of which accounts the customer has handed the root user to the reseller, as its journey says; empty: of none.
func EnterRoots(c *Connection, of process.Target) { c.RootsOf = of }

// rootAtReseller reports whether the reseller has the root user of an account, so that the customer cannot read what AWS writes to it.
func (m *Member) rootAtReseller(c *Connection) bool {
	switch c.RootsOf {
	case process.Linked:
		return true
	case process.Master:
		return m.AccountID == c.PayerAccountID && c.ReturnedAt.IsZero()
	}
	return false
}

// trusted forgets a suspension.
func (m *Member) trusted() {
	m.SuspendedAt, m.Unsuspended, m.Undecided = time.Time{}, time.Time{}, time.Time{}
}

// suspended reports whether AWS has suspended an account that is bound.
func (m *Member) suspended(c *Connection) bool {
	return c.State != Ended && m.State == MemberJoined && !m.SuspendedAt.IsZero()
}

// SuspensionEnd is when AWS closes an account for good, at the latest, that it has suspended; zero: it is not suspended.
func (m *Member) SuspensionEnd() time.Time {
	if m.SuspendedAt.IsZero() {
		return time.Time{}
	}
	return m.SuspendedAt.Add(suspendedFor)
}

// SuspensionEarliest is when AWS closes it at the earliest; zero: it is not suspended, or AWS never said before that it was not.
func (m *Member) SuspensionEarliest() time.Time {
	if m.SuspendedAt.IsZero() || m.Unsuspended.IsZero() {
		return time.Time{}
	}
	return m.Unsuspended.Add(suspendedFor)
}

// answerUntil is until when AWS is to be answered: the account is there until then, as far as is known.
func (m *Member) answerUntil() time.Time {
	if first := m.SuspensionEarliest(); !first.IsZero() {
		return first
	}
	return m.SuspensionEnd()
}

// shutFor reports whether AWS had suspended an account for so long when it listed it no more that it has closed it for good. One that is
// gone before was removed from the organization.
func (m *Member) shutFor(gone time.Time) bool {
	if first := m.SuspensionEarliest(); !first.IsZero() {
		return !gone.Before(first)
	}
	return !m.SuspendedAt.IsZero() && !gone.Before(m.SuspensionEnd().Add(-foundLate))
}

// Suspension is what Operations is to do about accounts that AWS has suspended, until the first of them may be closed for good; nil: none
// is. It was told of each at once.
func Suspension(c *Connection) *process.Waiting {
	w := &process.Waiting{Owner: process.Reseller, Escalated: true}
	var accounts, ours []string
	for i := range c.Members {
		m := &c.Members[i]
		if !m.suspended(c) {
			continue
		}
		accounts = append(accounts, m.AccountID)
		if m.rootAtReseller(c) {
			ours = append(ours, m.AccountID)
		}
		if end := m.answerUntil(); m.Undecided.IsZero() && (w.Until.IsZero() || end.Before(w.Until)) {
			w.Until = end
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	w.Text = text.New("wait.member-suspended", "accounts", strings.Join(accounts, ", "), "ours", strings.Join(ours, ", "))
	return w
}

// SuspensionTold is the same as the customer reads it: what of it is the customer's to do.
func SuspensionTold(c *Connection) *process.Waiting {
	w := Suspension(c)
	if w == nil {
		return nil
	}
	var theirs []string
	for i := range c.Members {
		if m := &c.Members[i]; m.suspended(c) && !m.rootAtReseller(c) {
			theirs = append(theirs, m.AccountID)
		}
	}
	if len(theirs) > 0 {
		w.Owner = process.Customer
	}
	w.Text = text.New("wait.accounts-suspended", "accounts", w.Text.Params["accounts"], "theirs", strings.Join(theirs, ", "))
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

// suspensions are the cases and mails of accounts that AWS has suspended: one case for each, another one beside it when AWS has not decided
// in its time, and mails to the customer.
func suspensions(c *Connection) (wishes []intent.Wish) {
	for i := range c.Members {
		m := &c.Members[i]
		if !m.suspended(c) {
			continue
		}
		wishes = append(wishes, m.suspensionCases(c)...)
		wishes = append(wishes, m.suspensionMail(c))
	}
	return wishes
}

// suspensionParams are what texts about a suspension name.
func (m *Member) suspensionParams(c *Connection) []string {
	ours := ""
	if m.rootAtReseller(c) {
		ours = m.AccountID
	}
	return []string{
		"account_id", m.AccountID, "accounts", m.AccountID, "ours", ours, "connection_id", c.ID, "agreement_id", c.AgreementID,
		"since", stamp(m.SuspendedAt), "earliest", stampOr(m.SuspensionEarliest()), "end", stamp(m.SuspensionEnd()),
	}
}

// suspensionCases are a case that lasts as long as the suspension, and the mails that remind Operations of it; once AWS has not decided in
// its time, another case, and mails of that instead.
func (m *Member) suspensionCases(c *Connection) []intent.Wish {
	params := m.suspensionParams(c)
	where := text.New("wait.member-suspended", params...)
	alert := func(name, title, body, over string) []intent.Wish {
		return process.Alert(name+"/"+m.AccountID+"@"+stamp(m.SuspendedAt), intent.Wish{
			Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.suspended."+title, params...),
			Body: text.New("case.suspended."+body, params...), Resolved: text.New("case.suspended."+over, params...),
		}, where)
	}
	opened := alert("suspended", "title", "body", "over")
	if m.Undecided.IsZero() {
		return opened
	}
	return append(opened[:1:1], alert("undecided", "title-undecided", "undecided", "over-undecided")...)
}

// suspensionMail tells the customer, and reminds it until the account may be gone when it alone can answer AWS. What AWS charges for an
// account of the payer's organization is the payer's to pay, so that the customer reads no reason that AWS has not given.
func (m *Member) suspensionMail(c *Connection) intent.Wish {
	key := "customer/suspended/" + m.AccountID + "@" + stamp(m.SuspendedAt)
	mail := intent.Wish{
		Key: "mail/" + key, Kind: intent.Mail, Name: handledMail, To: "TECHNICAL", Params: map[string]string{"account_id": m.AccountID},
	}
	if m.rootAtReseller(c) {
		return mail
	}
	params := m.suspensionParams(c)
	mail.Key, mail.Kind, mail.Name, mail.Plan, mail.Until = "remind/"+key, intent.Reminder, suspendedMail, blockedPlan, m.answerUntil()
	mail.Title, mail.Body = text.New("case.suspended.customer", params...), text.New("wait.account-suspended.what", params...)
	mail.Where = text.New("wait.account-suspended", params...)
	return mail
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

// ListedBy is the wait by which lists find a connection: what it waits for is whoever's turn it is, and while AWS has suspended an account
// it is among what Operations was told of, besides.
func ListedBy(c *Connection) *process.Waiting {
	suspended, real := Suspension(c), c.Waiting()
	if suspended == nil || real == nil {
		return cmp.Or(real, suspended)
	}
	listed := *real
	listed.Escalated = true
	return &listed
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
