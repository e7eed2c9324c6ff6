package connection

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// One list of AWS's that lacks an account ends nothing that cannot be begun again: AWS is asked for that account by itself, and only what
// it says then counts. The time of leaving is that of the list.

// LookAbsence is the effect by which AWS is asked for one account; its subject is the account.
const LookAbsence = "look-absence"

// unlisted is how long after the list AWS is asked for an account that has just accepted: it may not be listed everywhere yet.
const unlisted = 15 * time.Minute

// absent notes that AWS does not list an account that is a member, or has just accepted. The same again is no news.
func (m *Member) absent(last, now time.Time) []fact.Fact {
	if !m.AbsentAt.IsZero() {
		return nil
	}
	m.AbsentAt, m.LastAt = now, last
	return []fact.Fact{fact.Internally(tell(FactMemberAbsent, "account_id", m.AccountID))}
}

// present forgets that AWS did not list an account.
func (m *Member) present() {
	if !m.AbsentAt.IsZero() {
		m.AbsentAt, m.LastAt = time.Time{}, time.Time{}
	}
}

// AbsenceWanted is when AWS is asked for the accounts that it did not list.
func AbsenceWanted(c *Connection) (wants []intent.Want) {
	if c.State != Proposed && c.State != Effective {
		return nil
	}
	for _, m := range c.Members {
		switch {
		case m.AbsentAt.IsZero():
		case m.inside():
			wants = append(wants, intent.Want{Subject: m.AccountID, At: m.AbsentAt})
		default:
			wants = append(wants, intent.Want{Subject: m.AccountID, At: m.AbsentAt.Add(unlisted)})
		}
	}
	return wants
}

// AbsenceSeen notes what AWS says of one account that it did not list: whether it is in the payer's organization, and open.
func AbsenceSeen(c *Connection, accountID string, there, active bool, now time.Time) []fact.Fact {
	m := memberOf(c, accountID)
	if m == nil || m.AbsentAt.IsZero() || c.State != Proposed && c.State != Effective {
		return nil
	}
	if there {
		m.present()
		seen := MembersListed{At: now, Active: map[string]bool{accountID: active}}
		return append(m.inOrganization(c, seen, now), settle(c, now)...)
	}
	return append(m.left(now), settle(c, now)...)
}
