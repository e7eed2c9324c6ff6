package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// The conditions of a membership that a journey can demand.
const (
	MembersInvited process.Condition = "MEMBERS_INVITED" // AWS was asked for an invitation of every account
	MembersJoined  process.Condition = "MEMBERS_JOINED"  // every account is a member of the payer's organization
)

// The effects by which AWS is asked for the invitation of an account, and to take one back; their subject is the account.
const (
	EffectInviteMember = "invite-member"
	EffectCancelMember = "cancel-member"
)

// MemberInvitation is what AWS says of the invitation of one account.
type MemberInvitation struct {
	AccountID, HandshakeID string
	State                  InvitationState // REQUESTED, ACCEPTED, DECLINED, CANCELED or EXPIRED
	RequestedAt, ExpiresAt time.Time
}

// memberOf returns the account of a membership that is a part of it, or is to become one; nil for another account.
func memberOf(c *Connection, accountID string) *Member {
	for i := range c.Members {
		if m := &c.Members[i]; m.AccountID == accountID && m.State != MemberCancelled {
			return m
		}
	}
	return nil
}

// asked reports whether AWS may have been asked for an invitation of the account, and its answer is not known.
func (m *Member) asked(c *Connection) bool { return c.Intents.Asked(EffectInviteMember, m.AccountID) }

// AskedSince is since when AWS is asked for an invitation of an account; zero: it is not.
func AskedSince(c *Connection, accountID string) (since time.Time) {
	if m := memberOf(c, accountID); m != nil {
		since = m.AskedAt
	}
	return since
}

// HandshakeOf returns AWS's id of the last invitation of an account; "" when there is none.
func HandshakeOf(c *Connection, accountID string) (id string) {
	if m := memberOf(c, accountID); m != nil {
		id = m.HandshakeID
	}
	return id
}

// becomes is the one way from state to state.
func (m *Member) becomes(s MemberState, now time.Time) { m.State, m.RespondedAt = s, now }

// InviteMemberWanted is when AWS is to be asked for invitations: a journey demands them, the account has none, and the payer's
// organization was found to be one that can invite.
func InviteMemberWanted(c *Connection) []intent.Want {
	if c.OrganizationAt.IsZero() {
		return nil
	}
	return uninvited(c)
}

// CheckOrganizationWanted is when the payer's organization is looked at: before invitations go out.
func CheckOrganizationWanted(c *Connection) []intent.Want {
	wants := uninvited(c)
	if len(wants) == 0 || !c.OrganizationAt.IsZero() {
		return nil
	}
	first := slices.MinFunc(wants, func(a, b intent.Want) int { return a.At.Compare(b.At) })
	return intent.At(first.At)
}

// OrganizationSeen notes that the payer's organization can invite, or why it cannot.
func OrganizationSeen(c *Connection, problem string, now time.Time) []fact.Fact {
	if problem == "" {
		c.OrganizationAt = now
		return nil
	}
	var facts []fact.Fact
	for i := range c.Members {
		if m := &c.Members[i]; m.State == MemberPrepared && m.Removed == "" && !m.asked(c) {
			facts = append(facts, m.refuse(JudgeMember(problem), now)...)
			m.Looks = c.Looks
		}
	}
	return facts
}

// invites reports whether a journey wants accounts to be invited.
func invites(c *Connection) bool {
	_, sends := c.Demands[MembersInvited]
	_, joins := c.Demands[MembersJoined]
	return (sends || joins) && !c.Stopped && c.PayerID != "" && (c.State == Proposed || c.State == Effective)
}

// uninvited are the accounts that AWS is to be asked to invite, with the times.
func uninvited(c *Connection) (wants []intent.Want) {
	if !invites(c) {
		return nil
	}
	for i := range c.Members {
		m := &c.Members[i]
		if at := m.inviteAt(c); m.State == MemberPrepared && m.Removed == "" && !at.IsZero() {
			wants = append(wants, intent.Want{Subject: m.AccountID, At: at})
		}
	}
	return wants
}

// inviteAt is when AWS is asked: now, or when what it refused is tried again, earlier when somebody has asked to look since.
func (m *Member) inviteAt(c *Connection) time.Time {
	switch soon := m.RespondedAt.Add(pause); {
	case m.Error == nil:
		return immediately
	case c.Looks > m.Looks && (m.RetryAt.IsZero() || soon.Before(m.RetryAt)):
		return soon
	}
	return m.RetryAt
}

// IntendMember notes since when AWS is asked, before it is: an invitation whose answer was lost is known by its time.
func IntendMember(c *Connection, accountID string, now time.Time) []fact.Fact {
	if m := memberOf(c, accountID); m != nil && m.AskedAt.IsZero() {
		m.AskedAt, m.Looks = now, c.Looks
	}
	return nil
}

// MemberAnswered notes that AWS has the invitation of an account, and what has become of it meanwhile.
func MemberAnswered(c *Connection, inv MemberInvitation, now time.Time) []fact.Fact {
	m := memberOf(c, inv.AccountID)
	if m == nil || m.State != MemberPrepared {
		return nil
	}
	m.Attempt++
	m.HandshakeID, m.InvitedAt, m.ExpiresAt = inv.HandshakeID, now, inv.ExpiresAt
	if !inv.RequestedAt.IsZero() {
		m.InvitedAt = inv.RequestedAt
	}
	m.AskedAt, m.Error, m.RetryAt, m.CancelSentAt, m.CancelError = time.Time{}, nil, time.Time{}, time.Time{}, ""
	m.becomes(MemberInvited, now)
	facts := []fact.Fact{tell(FactMemberInvited, "account_id", m.AccountID, "expire", stamp(m.ExpiresAt))}
	return append(facts, membersFollow(c, MembersListed{Invitations: map[string]MemberInvitation{inv.HandshakeID: inv}}, now)...)
}

// MemberAbsent notes that AWS has no invitation of an account for which it was asked: nothing came of the call.
func MemberAbsent(c *Connection, accountID string, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	if m == nil || m.State != MemberPrepared {
		return nil
	}
	m.AskedAt = time.Time{}
	if m.Removed == "" {
		return c.conclude(now)
	}
	m.becomes(MemberCancelled, now)
	return append([]fact.Fact{tell(FactMemberCancelled, "account_id", m.AccountID)}, c.conclude(now)...)
}

// MemberFound notes that AWS does not invite an account because it is in the payer's organization already.
func MemberFound(c *Connection, accountID string, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	switch {
	case m == nil || c.State != Proposed && c.State != Effective:
		return nil
	case m.mayJoin(c):
		return membersFollow(c, MembersListed{Found: accountID}, now)
	}
	return MemberRefused(c, accountID, Uninvited, now)
}

// MemberRefused notes that AWS does not invite an account, and who can mend that. What AWS refuses the payer, it refuses all.
func MemberRefused(c *Connection, accountID, reason string, now time.Time) []fact.Fact {
	refused := memberOf(c, accountID)
	if refused == nil || refused.State != MemberPrepared {
		return nil
	}
	r := JudgeMember(reason)
	if r.OfPayer {
		c.OrganizationAt = time.Time{} // it is looked at before the next try
	}
	refused.Attempt++
	refused.AskedAt = time.Time{}
	if refused.Removed != "" {
		refused.becomes(MemberCancelled, now)
		return append([]fact.Fact{tell(FactMemberCancelled, "account_id", refused.AccountID)}, c.conclude(now)...)
	}
	var facts []fact.Fact
	for i := range c.Members {
		m := &c.Members[i]
		if m == refused || r.OfPayer && m.State == MemberPrepared && m.Removed == "" && !m.asked(c) {
			facts = append(facts, m.refuse(r, now)...)
		}
	}
	return append(facts, c.conclude(now)...)
}

// refuse notes a refusal; the same again is no news.
func (m *Member) refuse(r MemberRefusal, now time.Time) []fact.Fact {
	known := m.Error != nil && m.Error.Reason == r.Reason
	m.Error = &AWSRefusal{Reason: r.Reason, Text: r.Text, Owner: r.Owner, Remedy: r.Remedy.With("accounts", m.AccountID)}
	m.RetryAt = time.Time{}
	if r.RetryAfter > 0 {
		m.RetryAt = now.Add(r.RetryAfter)
	}
	if known {
		return nil
	}
	m.RespondedAt = now
	news := fact.Internally(tell(FactMemberRefused, "account_id", m.AccountID, "owner", string(r.Owner), "failure", r.Text.Key))
	return []fact.Fact{fact.Because(news, r.Reason)}
}

// cancelled reports whether the invitation of an account is to be taken back.
func (m *Member) cancelled(c *Connection) bool {
	return m.State == MemberInvited && (c.Stopped || m.Removed != "" || m.Again)
}

// CancelMemberWanted is when AWS is asked to take invitations back. A cancel that did not take is repeated, but not at once.
func CancelMemberWanted(c *Connection) (wants []intent.Want) {
	if c.State == Ended {
		return nil
	}
	for i := range c.Members {
		m := &c.Members[i]
		if !m.cancelled(c) {
			continue
		}
		at := repeat(m.CancelSentAt)
		if m.CancelError != "" && c.Looks <= m.Looks {
			at = m.CancelSentAt.Add(day)
		}
		wants = append(wants, intent.Want{Subject: m.AccountID, At: at})
	}
	return wants
}

// MemberCancelSent notes that AWS was asked to take an invitation back, and what it says of it since: the account may have been
// faster.
func MemberCancelSent(c *Connection, accountID string, seen MemberInvitation, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	if m == nil || m.State != MemberInvited {
		return nil
	}
	m.CancelSentAt, m.CancelError = now, ""
	return membersFollow(c, MembersListed{Invitations: map[string]MemberInvitation{seen.HandshakeID: seen}}, now)
}

// MemberCancelRefused notes that AWS does not take an invitation back as things are; it is tried again once a day.
func MemberCancelRefused(c *Connection, accountID, reason string, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	if m == nil || !m.cancelled(c) {
		return nil
	}
	known := m.CancelError == reason
	m.CancelSentAt, m.CancelError, m.Looks = now, reason, c.Looks
	if known {
		return nil
	}
	news := tell(FactCancelRefused, "account_id", m.AccountID, "owner", string(process.Reseller))
	return []fact.Fact{fact.Because(fact.Internally(news), reason)}
}

// membersOutstanding reports whether AWS has, or may have, an invitation of an account that nobody has answered.
func membersOutstanding(c *Connection) bool {
	return slices.ContainsFunc(c.Members, func(m Member) bool { return m.State == MemberInvited || m.asked(c) })
}

// Outstanding reports whether AWS has, or may have, something of a connection that nobody has answered.
func Outstanding(c *Connection) bool { return c.Outstanding() != nil || membersOutstanding(c) }
