package connection

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// MemberState is where one account of a membership stands.
type MemberState string

// The states of a member.
const (
	MemberPrepared  MemberState = "PREPARED"  // named; AWS has no invitation of it, or refuses to send one: Error says why
	MemberInvited   MemberState = "INVITED"   // AWS has the invitation; the account must answer
	MemberJoined    MemberState = "JOINED"    // it is a member of the payer's organization
	MemberDeclined  MemberState = "DECLINED"  // the account declined
	MemberExpired   MemberState = "EXPIRED"   // it did not answer in time
	MemberCancelled MemberState = "CANCELLED" // Operations has taken it out: Reason says why
	MemberClosed    MemberState = "CLOSED"    // it is a member and is closed: AWS lists it for 90 days more, and goes on to charge the payer
	MemberLeft      MemberState = "LEFT"      // it was a member, and is not any more
)

// MemberStates returns every state, for exhaustive tables.
func MemberStates() []MemberState {
	return []MemberState{
		MemberPrepared, MemberInvited, MemberJoined, MemberDeclined, MemberExpired, MemberCancelled, MemberClosed, MemberLeft,
	}
}

// Member is one account that a membership binds, or is to bind.
type Member struct {
	AccountID   string      `json:"account_id"` // twelve digits
	State       MemberState `json:"state"`
	RespondedAt time.Time   `json:"responded_at,omitzero"` // when the state was reached
	JoinedAt    time.Time   `json:"joined_at,omitzero"`    // when it became a member
	StartAt     time.Time   `json:"start_at,omitzero"`     // from when on its customer is billed for it: of a month, or the day of its return
	ClosedAt    time.Time   `json:"closed_at,omitzero"`    // when it was found to be closed; zero: it is open
	SuspendedAt time.Time   `json:"suspended_at,omitzero"` // when it was found to be suspended by AWS; zero: it is not
	Undecided   time.Time   `json:"undecided,omitzero"`    // when Operations was told that AWS has not decided on that in its time
	Unsuspended time.Time   `json:"unsuspended,omitzero"`  // when AWS last said before that it was not; zero: it never did
	Shut        bool        `json:"shut,omitempty"`        // AWS had suspended it before it was closed
	LeftAt      time.Time   `json:"left_at,omitzero"`      // when it was found to be none any more; zero: it is one
	AbsentAt    time.Time   `json:"absent_at,omitzero"`    // when AWS did not list it, which is being found out; zero: it does, or it has left
	LastAt      time.Time   `json:"last_at,omitzero"`      // when AWS last said before that it was one
	LeftBy      EndReason   `json:"left_by,omitempty"`     // why it is none any more
	Noted       string      `json:"noted,omitempty"`       // what the reseller has done about its leaving or closing; empty: nobody has said
	Owned       bool        `json:"owned,omitempty"`       // Operations says that it is the customer's, though nobody has invited it

	Attempt     int         `json:"attempt,omitempty"`      // invitations that AWS was asked for and answered, refusals too
	HandshakeID string      `json:"handshake_id,omitempty"` // h-…, of the last one
	AskedAt     time.Time   `json:"asked_at,omitzero"`      // since when AWS is asked for one; zero: it is not
	InvitedAt   time.Time   `json:"invited_at,omitzero"`    // when AWS received the last one
	ExpiresAt   time.Time   `json:"expires_at,omitzero"`    // of the last one, as AWS says
	Again       bool        `json:"again,omitempty"`        // the one that is outstanding is replaced by another
	Error       *AWSRefusal `json:"error,omitempty"`        // why AWS does not invite it, or who has taken its invitation back
	RetryAt     time.Time   `json:"retry_at,omitzero"`      // of what AWS refused; zero: only when somebody asks
	RefusedAt   time.Time   `json:"refused_at,omitzero"`    // when AWS last refused it, also the same again, or its invitation was taken back
	Looks       int64       `json:"looks,omitempty"`        // of the connection, when AWS was last asked for an invitation

	Removed      string    `json:"removed,omitempty"`      // why Operations has taken it out of the transfer
	CancelSentAt time.Time `json:"cancel_sent,omitzero"`   // when AWS was last asked to take its invitation back
	CancelError  string    `json:"cancel_error,omitempty"` // why AWS does not: its own reason
}

// joins notes since when an account is a member, which is known now, and from when on its customer is billed for it.
func (m *Member) joins(at, now, start time.Time) {
	m.State, m.RespondedAt, m.JoinedAt, m.StartAt = MemberJoined, now, at, start
	m.ClosedAt, m.LeftAt, m.AbsentAt, m.LastAt, m.LeftBy, m.Noted = time.Time{}, time.Time{}, time.Time{}, time.Time{}, "", ""
	m.trusted()
	m.Shut = false
}

// inside reports whether the account is in the payer's organization, open or closed: AWS charges the payer for it.
func (m Member) inside() bool { return m.State == MemberJoined || m.State == MemberClosed }

// startOf is from when on an account that has joined is billed: from its first full month, or when it was bound before from the day of its
// return, and never twice for the day on which it left.
func (m *Member) startOf(at time.Time) time.Time {
	if m.StartAt.IsZero() {
		return nextMonth(at)
	}
	return latest(m.StartAt, latest(at.UTC().Truncate(day), m.LeftAt.UTC().Add(day-1).Truncate(day)))
}

// leaves notes that an account that has joined is no member any more. Its customer is billed for what it used until then. One that was to
// leave the transfer has left it by that.
func (m *Member) leaves(at, last, now time.Time, why EndReason) {
	m.State, m.RespondedAt, m.LeftAt, m.LastAt, m.LeftBy, m.AbsentAt = MemberLeft, now, at, last, why, time.Time{}
	m.trusted()
	if m.Removed != "" {
		m.State = MemberCancelled
	}
}

// in reports whether the account is a part of the membership, or is to become one.
func (m Member) in() bool { return m.State != MemberCancelled && m.State != MemberLeft }

// membersOf are the accounts of a new membership, the first one first.
func membersOf(s Subject) []Member {
	var all []Member
	for _, id := range append([]string{s.AccountID}, s.Linked...) {
		if id != "" {
			all = append(all, Member{AccountID: id, State: MemberPrepared})
		}
	}
	return all
}

// Accounts returns the accounts that a membership binds, or is to bind; none for another basis.
func Accounts(c *Connection) []string {
	var all []string
	for _, m := range c.Members {
		if m.in() {
			all = append(all, m.AccountID)
		}
	}
	return all
}

// heldBy reports whether no other connection may have the account. One that has left may return while the journey is under way.
func (m Member) heldBy(c *Connection) bool {
	return m.in() || m.State == MemberLeft && c.JourneyEndedAt.IsZero()
}

// AccountsHeld returns the accounts that no other connection may have at the same time. One that was named by mistake is held for as
// long as AWS has its invitation, which may yet be accepted.
func AccountsHeld(c *Connection) (held []string) {
	if c.State == Ended {
		return nil
	}
	for _, m := range c.Members {
		if m.heldBy(c) {
			held = append(held, m.AccountID)
		}
	}
	if len(c.Members) > 0 {
		return held
	}
	if account := c.AccountHeld(); account != "" {
		held = append(held, account)
	}
	if inv := c.Outstanding(); inv != nil && inv.AccountID != "" && inv.AccountID != c.AccountID {
		held = append(held, inv.AccountID)
	}
	return held
}

// Lost are the accounts that have left and are not JOINED again by themselves when they return: the membership has ended, or goes on
// without them.
func Lost(c *Connection) (all []string) {
	for i := range c.Members {
		m := &c.Members[i]
		returns := m.State == MemberLeft && (c.State == Proposed || c.State == Effective)
		if !m.in() && !returns && (m.LeftBy == LeftOrganization || m.LeftBy == AccountClosed) {
			all = append(all, m.AccountID)
		}
	}
	return all
}

// EnterPayer names the payer and its account, which people make while the journey is under way. What binds has its payer for good.
func EnterPayer(c *Connection, payerID, accountID string) {
	if c.State == Proposed && c.PayerID != payerID {
		c.OrganizationAt = time.Time{}
	}
	if c.State == Proposed {
		c.PayerID, c.PayerAccountID = payerID, accountID
	}
}

// joinAll notes that every account is a member, and from when on it is billed.
func joinAll(c *Connection, at, now, start time.Time) {
	for i := range c.Members {
		if m := &c.Members[i]; m.in() && !m.inside() {
			m.joins(at, now, start)
		}
	}
}

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
// accepts it meanwhile, that counts. An account that Operations has taken out, and that has joined all the same, is wanted again; of one
// that is in the payer's organization without an invitation, Operations says by that that it is the customer's.
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
	m.Owned = m.Owned || m.Error != nil && m.Error.Reason == Uninvited
	m.Removed, m.Error, m.RetryAt, c.OrganizationAt = "", nil, time.Time{}, time.Time{}
	if m.State == MemberLeft {
		m.Noted = "" // that it is gone is no longer known, but asked
	}
	switch m.State {
	case MemberJoined, MemberClosed: // it is kept
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
	case slices.Equal(WantedAccounts(c), []string{m.AccountID}):
		return nil, errs.InvalidField("account_id", ReasonLinkedAccountsWrong, "account %s is the last one of the transfer", accountID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.last-linked-account")})
	}
	return append(takeOut(c, m, reason, now), c.conclude(now)...), nil
}

func takeOut(c *Connection, m *Member, reason string, now time.Time) []fact.Fact {
	m.Removed, m.Again = reason, false
	if m.State != MemberInvited && !m.inside() && !m.asked(c) {
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

// WantedAccounts are the accounts that nobody has taken out, also one that has left and may return.
func WantedAccounts(c *Connection) (all []string) {
	for _, m := range c.Members {
		if m.heldBy(c) && m.Removed == "" {
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
