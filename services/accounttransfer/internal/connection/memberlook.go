package connection

import (
	"cmp"
	"slices"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// MembersListed is what AWS lists of a payer's organization. What is known of an account since a later time than At is newer.
type MembersListed struct {
	At          time.Time                   // when its first page was asked for; zero: now
	Invitations map[string]MemberInvitation // by the id of the handshake; nil: was not asked for
	Active      map[string]bool             // by account, whether it is open, and not closed; nil: was not asked for
	Suspended   map[string]bool             // by account, whether AWS has suspended it; nil: was not asked for
	Since       map[string]time.Time        // by account, when it became a member, as AWS says
	Holders     map[string]string           // by account, the connection that holds it; nil: is not known, so that nobody returns
	Found       string                      // an account that was found to be a member, where not all were asked for
}

// Attested is how far it is looked at whether accounts are members that people say are.
type Attested string

// How far it is.
const (
	Asked  Attested = "ASKED"  // AWS is being asked
	Proven Attested = "PROVEN" // they are
	Wrong  Attested = "WRONG"  // AWS does not list one of them
)

// Unattest forgets what people say of the accounts: they have taken it back.
func Unattest(c *Connection) { c.Attested = "" }

// Missing are the accounts that are no members of the payer's organization yet, or not any more.
func Missing(c *Connection) (all []string) {
	for _, m := range c.Members {
		if m.heldBy(c) && m.State != MemberJoined {
			all = append(all, m.AccountID)
		}
	}
	return all
}

// prove holds what people say against what AWS lists.
func prove(c *Connection, seen MembersListed) {
	switch {
	case c.Attested != Asked || seen.Active == nil:
	case Joined(c):
		c.Attested = Proven
	default:
		c.Attested = Wrong
	}
}

// memberBeat is how often a connection looks by itself in the first day after an invitation, until the sweeps are as often: one look
// lists the answers of all accounts.
const memberBeat = 4 * time.Hour

// FollowsMembers reports whether what AWS says of accounts is news to a connection: while it binds or is to, and of the accounts that are
// still in the payer's organization until its end has come.
func FollowsMembers(c *Connection) bool {
	ending := c.State == Ending && slices.ContainsFunc(c.Members, Member.inside)
	return c.Basis == Membership && (c.State == Proposed || c.State == Effective || ending)
}

// CheckMembershipWanted is when the payer's organization is asked what the accounts have answered, and whether they are still
// members.
func CheckMembershipWanted(c *Connection) []intent.Want {
	switch {
	case !FollowsMembers(c):
		return nil
	case c.Attested == Asked && c.PayerID != "":
		return intent.Now()
	case c.State == Proposed && !Invited(c):
		return nil
	}
	next := latest(c.CheckedAt, InvitedAt(c)).Add(unheardBeat)
	if leaving := leavingLook(c); !leaving.IsZero() {
		next = leaving
	}
	if decided := suspensionLook(c); !decided.IsZero() {
		next = earliest(next, decided)
	}
	for i := range c.Members {
		m := &c.Members[i]
		if m.State != MemberInvited {
			continue
		}
		last := latest(c.CheckedAt, m.InvitedAt)
		if last.Before(m.InvitedAt.Add(askedFor)) {
			next = earliest(next, last.Add(memberBeat))
		}
		if m.ExpiresAt.After(last) { // the answer must have changed then
			next = earliest(next, m.ExpiresAt)
		}
	}
	return intent.At(c.watch(LookMembership, next))
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Invited reports whether AWS has an invitation that an account is to answer.
func Invited(c *Connection) bool {
	return slices.ContainsFunc(c.Members, func(m Member) bool { return m.State == MemberInvited })
}

// Asks are the accounts of a membership that AWS is asked for, and AWS's ids of the invitations that are to be answered.
func Asks(c *Connection) (accounts, handshakes []string) {
	for _, m := range c.Members {
		if m.State != MemberCancelled {
			accounts = append(accounts, m.AccountID)
		}
		if m.State == MemberInvited {
			handshakes = append(handshakes, m.HandshakeID)
		}
	}
	return accounts, handshakes
}

// MembersSeen notes what a look of the connection's own has shown. sweptAt is when a sweep last saw the members; zero: none did.
func MembersSeen(c *Connection, seen MembersListed, sweptAt, now time.Time) []fact.Fact {
	if !FollowsMembers(c) {
		return nil
	}
	if seen.At.IsZero() {
		seen.At = now
	}
	last := latest(c.CheckedAt, sweptAt)
	c.CheckedAt = latest(c.CheckedAt, seen.At)
	facts := followMembers(c, seen, last, now)
	prove(c, seen)
	return facts
}

// membersFollow is followMembers for what says nothing of when the accounts were last seen.
func membersFollow(c *Connection, seen MembersListed, now time.Time) []fact.Fact {
	seen.At = now
	return followMembers(c, seen, latest(c.CheckedAt, now), now)
}

// followMembers brings every account to what AWS says of it. The connection binds with the first one that joins, and ends when nobody is
// in it or is to come; last is when AWS last said who is a member.
func followMembers(c *Connection, seen MembersListed, last, now time.Time) []fact.Fact {
	var facts []fact.Fact
	for i := range c.Members {
		facts = append(facts, c.Members[i].follow(c, seen, last, now)...)
	}
	return append(facts, settle(c, now)...)
}

// settle binds a membership with the first account that has joined, and ends it with the last one.
func settle(c *Connection, now time.Time) (facts []fact.Fact) {
	var start time.Time
	for _, m := range c.Members {
		if m.inside() && (start.IsZero() || m.StartAt.Before(start)) {
			start = m.StartAt
		}
	}
	if c.State == Proposed && !start.IsZero() {
		facts = append(facts, c.bind(start)...)
	}
	return append(facts, c.conclude(now)...)
}

// deserted ends a membership that binds when nobody is in it, and nobody is to come. It has bound until the last account left, and ends
// for the reason for which that did.
func deserted(c *Connection, now time.Time) []fact.Fact {
	var gone Member
	for i := range c.Members {
		m := &c.Members[i]
		if m.inside() || m.State == MemberInvited || m.asked(c) || m.expected(c) {
			return nil
		}
		if m.LeftAt.After(gone.LeftAt) {
			gone = *m
		}
	}
	last := gone.LastAt
	if last.IsZero() {
		last = now
	}
	return lost(c, nextMonth(last), last, endReason(c, cmp.Or(gone.LeftBy, LeftOrganization)), now)
}

// expected reports whether people still want an account that AWS has no invitation of to become a member.
func (m *Member) expected(c *Connection) bool {
	return !c.Stopped && !c.Withdrawing() && c.JourneyEndedAt.IsZero() && m.Removed == "" &&
		(m.State == MemberPrepared || m.State == MemberDeclined || m.State == MemberExpired)
}

// follow brings one account to what AWS says of it.
func (m *Member) follow(c *Connection, seen MembersListed, last, now time.Time) []fact.Fact {
	if m.RespondedAt.After(seen.At) || c.State == Ending && !m.inside() { // it is older than what is known, or nobody joins any more
		return nil
	}
	active, there := seen.Active[m.AccountID]
	active, listed := active || seen.Found == m.AccountID, seen.Active != nil
	if there {
		m.present()
	}
	switch {
	case m.State == MemberCancelled, m.State == MemberLeft && !m.heldBy(c) && !mayReturn(c, seen, m.AccountID): // whoever has it now
		return nil
	case active || there && (m.inside() || m.State == MemberLeft):
		return append(m.inOrganization(c, seen, now), m.standing(seen, last, now)...)
	case m.inside() && listed:
		return m.absent(last, seen.At)
	case m.State == MemberPrepared && m.Error != nil && m.Error.Reason == Uninvited && listed && !active:
		m.Error = nil // it can be invited
		return []fact.Fact{fact.Internally(tell(FactMemberAgain, "account_id", m.AccountID))}
	case m.State != MemberInvited:
		return nil
	}
	inv, known := seen.Invitations[m.HandshakeID]
	switch {
	case !known && listed && seen.Invitations != nil && now.After(m.ExpiresAt): // AWS lists it no more: it ended while nobody could look
		return m.unanswered(c, Expired, now)
	case !known:
		return nil
	case inv.State == Accepted && there: // it has accepted, and was closed then
		return append(m.joined(seen, now), m.closes(now)...)
	case inv.State == Accepted && listed: // it has left again, or is not listed yet
		return m.absent(last, seen.At)
	case inv.State == Accepted:
		return m.joined(seen, now)
	case inv.State == Declined, inv.State == Expired, inv.State == Canceled:
		return m.unanswered(c, inv.State, now)
	}
	return nil
}

// inOrganization brings one account to what AWS says of it that lists it in the payer's organization, open or closed.
func (m *Member) inOrganization(c *Connection, seen MembersListed, now time.Time) []fact.Fact {
	active := seen.Active[m.AccountID] || seen.Found == m.AccountID
	switch {
	case active && m.State == MemberClosed:
		return m.reopens(now)
	case active && m.State != MemberJoined && !m.mayJoin(c):
		return m.questioned(c, now)
	case active && m.State != MemberJoined:
		return m.joined(seen, now)
	case !active && m.State == MemberJoined:
		return m.closes(now)
	case !active && (m.State == MemberLeft || m.State == MemberInvited): // it has come, and was closed then
		return append(m.joined(seen, now), m.closes(now)...)
	}
	return nil
}

// mayReturn reports whether an account that has left would be a member for this connection again, and not for another one.
func mayReturn(c *Connection, seen MembersListed, account string) bool {
	holder := seen.Holders[account]
	return seen.Holders != nil && (holder == "" || holder == c.ID)
}

// mayJoin reports whether an account that is in the payer's organization is there for this connection: it was invited for it, was bound
// by it before, or people have said that it is its customer's. Whoever names an account does not have it by that.
func (m *Member) mayJoin(c *Connection) bool {
	return m.HandshakeID != "" || !m.JoinedAt.IsZero() || m.Owned || c.Attested != ""
}

// questioned asks Operations whose an account is that is in the payer's organization already, once it is to be invited. While AWS's answer
// to an invitation is not known, that is found out first.
func (m *Member) questioned(c *Connection, now time.Time) []fact.Fact {
	if m.State != MemberPrepared || m.Removed != "" || m.asked(c) || !invites(c) {
		return nil
	}
	facts := m.refuse(JudgeMember(Uninvited), now)
	m.Looks = c.Looks
	return facts
}

// joined notes that an account is a member: since when AWS says, as far as that is a time after its invitation or its last joining.
func (m *Member) joined(seen MembersListed, now time.Time) []fact.Fact {
	at, since := now, seen.Since[m.AccountID]
	if !since.Before(m.InvitedAt) && since.After(m.JoinedAt) && since.Before(now) && !latest(m.InvitedAt, m.JoinedAt).IsZero() {
		at = since
	}
	m.joins(at, now, m.startOf(at))
	m.AskedAt, m.Error, m.RetryAt, m.Again, m.CancelError = time.Time{}, nil, time.Time{}, false, ""
	return []fact.Fact{tell(FactMemberJoined, "account_id", m.AccountID)}
}

// closes notes that an account is closed at AWS. It stays a member, and its customer is billed for what AWS goes on to charge, until AWS
// lists it no more.
func (m *Member) closes(now time.Time) []fact.Fact {
	m.Shut = !m.SuspendedAt.IsZero()
	m.State, m.RespondedAt, m.ClosedAt = MemberClosed, now, now
	m.trusted()
	return []fact.Fact{tell(FactAccountClosed, "account_id", m.AccountID)}
}

// reopens notes that AWS has reopened an account, which was a member all the time.
func (m *Member) reopens(now time.Time) []fact.Fact {
	m.State, m.RespondedAt, m.ClosedAt, m.Noted, m.Shut = MemberJoined, now, time.Time{}, "", false
	return []fact.Fact{tell(FactAccountReopened, "account_id", m.AccountID)}
}

// standing notes whether AWS has suspended an account that is a member, which it stays; last is when AWS was asked for it before. AWS says
// why in its mails to the root user.
func (m *Member) standing(seen MembersListed, last, now time.Time) []fact.Fact {
	suspended := seen.Suspended[m.AccountID]
	if seen.Suspended == nil || m.State != MemberJoined || suspended == !m.SuspendedAt.IsZero() {
		return nil
	}
	since := m.RespondedAt // it joined by itself, was reopened or reactivated then
	m.RespondedAt = now
	m.trusted()
	if !suspended {
		return []fact.Fact{tell(FactSuspensionEnded, "account_id", m.AccountID)}
	}
	if m.SuspendedAt = now; since.Before(now) {
		m.Unsuspended = latest(since, last)
	}
	return []fact.Fact{tell(FactAccountSuspended, "account_id", m.AccountID, "end", stamp(m.SuspensionEnd()))}
}

// left notes that an account is no member any more since AWS did not list it: it was closed before, AWS has closed it for good after it had
// suspended it, or it has left.
func (m *Member) left(now time.Time) (facts []fact.Fact) {
	why := LeftOrganization
	switch {
	case m.State == MemberClosed:
		why = AccountClosed
	case m.shutFor(m.AbsentAt):
		why, m.ClosedAt, m.Shut = AccountClosed, m.AbsentAt, true
		facts = append(facts, tell(FactAccountClosed, "account_id", m.AccountID))
	}
	m.leaves(m.AbsentAt, m.LastAt, now, why)
	return append(facts, tell(FactMemberLeft, "account_id", m.AccountID))
}

// unanswered is what becomes of an account whose invitation has ended without an acceptance. One that is invited again by a wish, or
// was taken out, needs nobody; all others are Operations' to decide on.
func (m *Member) unanswered(c *Connection, s InvitationState, now time.Time) []fact.Fact {
	wanted := !c.Stopped && m.Removed == ""
	told := map[InvitationState]fact.Fact{
		Declined: tell(FactMemberDeclined, "account_id", m.AccountID),
		Expired:  tell(FactMemberExpired, "account_id", m.AccountID),
		Canceled: tell(FactMemberCancelled, "account_id", m.AccountID),
	}[s]
	switch {
	case !wanted:
		m.becomes(MemberCancelled, now)
		told = tell(FactMemberCancelled, "account_id", m.AccountID)
	case m.Again:
		m.becomes(MemberPrepared, now)
	case s == Declined:
		m.becomes(MemberDeclined, now)
	case s == Expired:
		m.becomes(MemberExpired, now)
	default: // somebody has taken it back at AWS
		m.becomes(MemberPrepared, now)
		m.RefusedAt, m.Looks = now, c.Looks
		r := JudgeMember(CanceledAtAWS)
		m.Error = &AWSRefusal{Reason: r.Reason, Text: r.Text, Owner: r.Owner, Remedy: r.Remedy.With("accounts", m.AccountID)}
	}
	m.Again = false
	return []fact.Fact{told}
}
