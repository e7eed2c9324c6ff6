package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonLinkedAccountUnknown = "LINKED_ACCOUNT_UNKNOWN"
	ReasonLinkedAccountJoined  = "LINKED_ACCOUNT_JOINED"
	ReasonLinkedAccountsWrong  = "LINKED_ACCOUNTS_WRONG"
)

// changeable returns an account that people may still change. Refused with LINKED_ACCOUNT_UNKNOWN for one that is none of the
// connection's, with STATE_REFUSES when nothing is to be bound any more, and with LINKED_ACCOUNT_JOINED.
func changeable(c *Connection, accountID string) (*Member, error) {
	m := memberOf(c, accountID)
	switch {
	case m == nil:
		return nil, errs.InvalidField("account_id", ReasonLinkedAccountUnknown, "account %s is none of the transfer", accountID)
	case c.State != Proposed && c.State != Effective:
		return nil, errs.New(
			errs.Precondition, ReasonStateRefuses, "the connection is %s", c.State,
		).WithMeta("state", string(c.State))
	case m.State == MemberJoined && m.Removed == "":
		return nil, errs.New(errs.Precondition, ReasonLinkedAccountJoined, "account %s is a member of the payer's organization", accountID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.linked-account-joined")})
	}
	return m, nil
}

// ReinviteMember has AWS asked for another invitation of one account. One that is outstanding is taken back first; if the account
// accepts it meanwhile, that counts. An account that Operations has taken out, and that has joined all the same, is wanted again.
// Refused with INVITATION_PENDING while AWS's answer is not known, too.
func ReinviteMember(c *Connection, accountID string, now time.Time) ([]fact.Fact, error) {
	m, err := changeable(c, accountID)
	switch {
	case err != nil:
		return nil, err
	case m.asked(c):
		return nil, errs.New(errs.Precondition, ReasonInvitationPending, "it is being found out whether AWS has the last invitation").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.invitation-pending")})
	}
	m.Removed, m.Error, m.RetryAt, c.OrganizationAt = "", nil, time.Time{}, time.Time{}
	switch m.State {
	case MemberJoined: // it is kept
	case MemberInvited:
		m.Again, m.CancelSentAt, m.CancelError = true, time.Time{}, ""
	default:
		m.becomes(MemberPrepared, now)
	}
	return []fact.Fact{fact.Internally(tell(FactMemberAgain, "account_id", m.AccountID))}, nil
}

// RemoveMember takes one account out of the transfer, which goes on without it. An invitation that is outstanding is taken back; if
// the account accepts it meanwhile, it is a member, and Operations has a case. Refused with LINKED_ACCOUNTS_WRONG for the last one, too.
func RemoveMember(c *Connection, accountID, reason string, now time.Time) ([]fact.Fact, error) {
	m, err := changeable(c, accountID)
	switch {
	case err != nil:
		return nil, err
	case len(WantedAccounts(c)) == 1 && m.Removed == "":
		return nil, errs.InvalidField("account_id", ReasonLinkedAccountsWrong, "account %s is the last one of the transfer", accountID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.last-linked-account")})
	}
	return append(takeOut(c, m, reason, now), c.conclude(now)...), nil
}

func takeOut(c *Connection, m *Member, reason string, now time.Time) []fact.Fact {
	m.Removed, m.Again = reason, false
	if m.State != MemberInvited && m.State != MemberJoined && !m.asked(c) {
		m.becomes(MemberCancelled, now)
	}
	lead(c)
	return []fact.Fact{fact.Because(fact.Internally(tell(FactMemberRemoved, "account_id", m.AccountID)), reason)}
}

// CorrectMember names another account in place of one that was named by mistake: that is taken out, and the right one is invited in
// its place. Refused with ACCOUNT_ID_INVALID, and with LINKED_ACCOUNTS_WRONG for an account of the transfer, too.
func CorrectMember(c *Connection, wrong, right, reason string, now time.Time) ([]fact.Fact, error) {
	m, err := changeable(c, wrong)
	switch {
	case err != nil:
		return nil, err
	case !process.ValidAccountID(right):
		return nil, process.AccountIDInvalid()
	case memberOf(c, right) != nil:
		return nil, errs.InvalidField("right_account_id", ReasonLinkedAccountsWrong, "account %s is part of the transfer already", right)
	}
	i := slices.IndexFunc(c.Members, func(o Member) bool { return o.AccountID == wrong && o.State != MemberCancelled })
	facts := takeOut(c, m, reason, now)
	added := Member{AccountID: right, State: MemberPrepared, Attempt: m.Attempt}
	c.Members = slices.DeleteFunc(c.Members, func(o Member) bool { return o.AccountID == right }) // it was taken out before
	c.Members = slices.Insert(c.Members, min(i, len(c.Members)), added)
	lead(c)
	return append(facts, tell(FactMemberAdded, "account_id", added.AccountID)), nil
}

// WantedAccounts are the accounts that nobody has taken out.
func WantedAccounts(c *Connection) (all []string) {
	for _, m := range c.Members {
		if m.in() && m.Removed == "" {
			all = append(all, m.AccountID)
		}
	}
	return all
}

// lead makes the first account of a membership that is wanted the one that it is known by.
func lead(c *Connection) {
	if wanted := WantedAccounts(c); len(wanted) > 0 && !slices.Contains(wanted, c.AccountID) {
		c.AccountID = wanted[0]
	}
}

// inviteAgain wants again the accounts whose invitations were taken back because the journey was to end.
func inviteAgain(c *Connection) {
	for i := range c.Members {
		if m := &c.Members[i]; m.State == MemberCancelled && m.Removed == "" {
			m.State, m.RespondedAt = MemberPrepared, time.Time{}
		}
	}
}
