package connection

import "time"

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
	MemberLeft      MemberState = "LEFT"      // it was a member, and is not any more
)

// MemberStates returns every state, for exhaustive tables.
func MemberStates() []MemberState {
	return []MemberState{
		MemberPrepared, MemberInvited, MemberJoined, MemberDeclined, MemberExpired, MemberCancelled, MemberLeft,
	}
}

// Member is one account that a membership binds, or is to bind.
type Member struct {
	AccountID   string      `json:"account_id"` // twelve digits
	State       MemberState `json:"state"`
	RespondedAt time.Time   `json:"responded_at,omitzero"` // when the state was reached
	JoinedAt    time.Time   `json:"joined_at,omitzero"`    // when it became a member
	StartAt     time.Time   `json:"start_at,omitzero"`     // first instant that its customer is billed for it: the first of a month
	LeftAt      time.Time   `json:"left_at,omitzero"`      // when it was found to be none any more; zero: it is one

	Attempt     int         `json:"attempt,omitempty"`      // invitations that AWS was asked for and answered, refusals too
	HandshakeID string      `json:"handshake_id,omitempty"` // h-…, of the last one
	AskedAt     time.Time   `json:"asked_at,omitzero"`      // since when AWS is asked for one; zero: it is not
	InvitedAt   time.Time   `json:"invited_at,omitzero"`    // when AWS received the last one
	ExpiresAt   time.Time   `json:"expires_at,omitzero"`    // of the last one, as AWS says
	Again       bool        `json:"again,omitempty"`        // the one that is outstanding is replaced by another
	Error       *AWSRefusal `json:"error,omitempty"`        // why AWS does not invite it, or who has taken its invitation back
	RetryAt     time.Time   `json:"retry_at,omitzero"`      // of what AWS refused; zero: only when somebody asks
	Looks       int64       `json:"looks,omitempty"`        // of the connection, when AWS was last asked for an invitation

	Removed      string    `json:"removed,omitempty"`      // why Operations has taken it out of the transfer
	CancelSentAt time.Time `json:"cancel_sent,omitzero"`   // when AWS was last asked to take its invitation back
	CancelError  string    `json:"cancel_error,omitempty"` // why AWS does not: its own reason
}

// joins notes that an account is a member, and from when on its customer is billed for it.
func (m *Member) joins(at, start time.Time) {
	m.State, m.RespondedAt, m.JoinedAt, m.StartAt, m.LeftAt = MemberJoined, at, at, start, time.Time{}
}

// leaves notes that an account that has joined is no member any more. Its customer is billed for what it used until then.
func (m *Member) leaves(at time.Time) { m.State, m.RespondedAt, m.LeftAt = MemberLeft, at, at }

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
func joinAll(c *Connection, at, start time.Time) {
	for i := range c.Members {
		if m := &c.Members[i]; m.in() && m.State != MemberJoined {
			m.joins(at, start)
		}
	}
}
