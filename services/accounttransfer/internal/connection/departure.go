package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// What becomes of an account that has left the payer's organization, or was closed: it is a wait of Operations with a case of its own,
// in every phase, until somebody says what was done about it. The commitment of the agreement goes on without the account.

// departed reports whether an account has left or was closed, and nobody has said that that is known. One that leaves while another
// connection is to bill in the place of the membership does what its customer was asked to do.
func (m *Member) departed(c *Connection) bool {
	gone := m.State == MemberClosed || m.State == MemberLeft && (m.LeftBy != LeftOrganization || !leavesForAnother(c))
	return gone && m.Noted == "" && m.Removed == "" && !c.Stopped && !c.Withdrawing()
}

// leavesNobody reports whether an account has departed that no other is left beside, while the journey is under way: it has nothing to go
// on with, however well that is known.
func (m *Member) leavesNobody(c *Connection) bool {
	gone := func(m Member) bool {
		return m.State == MemberLeft || m.State == MemberClosed || m.State == MemberCancelled
	}
	return m.State != MemberCancelled && gone(*m) && c.JourneyEndedAt.IsZero() && !c.Stopped && !c.Withdrawing() &&
		!slices.ContainsFunc(c.Members, func(m Member) bool { return !gone(m) })
}

// departure is what Operations is to do about an account that has departed: more is possible while the journey is under way.
func (m *Member) departure(c *Connection) text.Text {
	if c.JourneyEndedAt.IsZero() {
		return text.New("wait.member-" + m.way())
	}
	return text.New("wait.account-" + m.way())
}

// way is how an account has departed, as the keys of texts name it.
func (m *Member) way() string {
	switch {
	case m.Shut:
		return "shut"
	case m.State == MemberClosed:
		return "closed"
	}
	return "left"
}

// AcknowledgeDeparture notes that the reseller knows of an account that has left or was closed, and what it has done about it. Refused with
// LINKED_ACCOUNT_UNKNOWN, STATE_REFUSES and FIELD_REQUIRED.
func AcknowledgeDeparture(c *Connection, accountID, reason string, _ time.Time) ([]fact.Fact, error) {
	m := memberOf(c, accountID)
	switch {
	case m == nil:
		return nil, errs.InvalidField("account_id", ReasonLinkedAccountUnknown, "account %s is none of the connection", accountID)
	case c.State != Effective, !m.departed(c):
		return nil, refuses(c, "told that account "+accountID+" has left", text.New("remedy.connection-state"))
	case reason == "":
		return nil, errs.InvalidField("reason", process.ReasonFieldRequired, "say what was done")
	}
	m.Noted = reason
	return []fact.Fact{fact.Because(fact.Internally(tell(FactDepartureAcknowledged, "account_id", accountID)), reason)}, nil
}

// departures are the cases of accounts that have departed, one for each.
func departures(c *Connection) (wishes []intent.Wish) {
	if c.State != Proposed && c.State != Effective {
		return nil // the end of all has a case of its own
	}
	for i := range c.Members {
		m := &c.Members[i]
		if !m.departed(c) {
			continue
		}
		params := []string{"account_id", m.AccountID, "connection_id", c.ID, "since", stamp(m.RespondedAt), "agreement_id", c.AgreementID}
		wishes = append(wishes, process.Alert("departed/"+m.AccountID+"@"+stamp(m.RespondedAt), intent.Wish{
			Kind: intent.Case, Name: "TRANSFER_PROBLEM", Title: text.New("case.departed."+m.way(), params...),
			Body: text.New("case.departed.body-"+m.way(), params...), Resolved: text.New("case.departed.over", params...),
		}, m.departure(c).With("accounts", m.AccountID))...)
	}
	return wishes
}

// Replacing is what a membership knows of the billing transfer that is to bill in its place. It is asked after every change of
// that one, in the same transaction.
type Replacing struct {
	ConnectionID string `json:"connection_id"`
	Unsure       bool   `json:"unsure,omitempty"` // it ends, is to end, or brings no agreement: whether it stays is open
}

// FollowReplacement notes how the billing transfer stands that is to bill in the place of the membership, and forgets one of which nothing
// has come. It reports whether that is news.
func FollowReplacement(c, by *Connection) bool {
	if by.ReplacesID != c.ID || c.Basis != Membership {
		return false
	}
	before := c.Replacing
	if by.State == Ended && !by.Charged() {
		if before == nil || before.ConnectionID != by.ID {
			return false
		}
		c.Replacing = nil
		return true
	}
	agreed := by.Agreement == agreementUnderWay || inForce(by)
	next := Replacing{ConnectionID: by.ID, Unsure: by.Stopped || by.State == Ending || by.State == Ended || !agreed}
	if before != nil && *before == next {
		return false
	}
	c.Replacing = &next
	return true
}

// leavesForAnother reports whether the accounts are expected to leave, because another connection is to bill in the place of the
// membership, or has begun to. One that comes to nothing is none: whoever has left by then has departed.
func leavesForAnother(c *Connection) bool { return c.Replacing != nil || !c.SupersededAt.IsZero() }
