package connection

import (
	"testing"
	"time"
)

// TestAbsence: one list without an account ends nothing; what AWS says of the account by itself counts, with the time of the list.
func TestAbsence(t *testing.T) {
	absent := func(t *testing.T) *Connection {
		t.Helper()
		c := linked(t)
		inviting(t, c, now())
		MembersSeen(c, shows(now(), c.AccountID, second), time.Time{}, now())
		told(t, MembersSeen(c, shows(at("2026-12-31T23:00:00Z"), c.AccountID), time.Time{}, at("2026-12-31T23:00:00Z")), FactMemberAbsent)
		return c
	}
	later := at("2027-01-01T01:00:00Z")
	t.Run("it is a member until AWS says otherwise, and told once", func(t *testing.T) {
		c := absent(t)
		if stateOf(c, second) != MemberJoined || len(AbsenceWanted(c)) != 1 || c.Waiting() != nil {
			t.Fatal(dump(t, c))
		}
		if _, changed := News(c, Listed{Members: shows(later, c.AccountID), At: later}); changed {
			t.Error("the same again is news")
		}
		told(t, AbsenceSeen(c, second, false, false, later.Add(time.Hour)), FactMemberLeft)
		if m := memberOf(c, second); !m.LeftAt.Equal(at("2026-12-31T23:00:00Z")) || !m.LastAt.Equal(now()) || len(AbsenceWanted(c)) != 0 {
			t.Errorf("it is %+v", m)
		}
	})
	t.Run("one that is there all the same is as before", func(t *testing.T) {
		c := absent(t)
		if facts := AbsenceSeen(c, second, true, true, later); facts != nil || len(AbsenceWanted(c)) != 0 || stateOf(c, second) != MemberJoined {
			t.Errorf("told %v: %s", names(facts), dump(t, c))
		}
		listed := absent(t)
		MembersSeen(listed, shows(later, c.AccountID, second), time.Time{}, later)
		if len(AbsenceWanted(listed)) != 0 {
			t.Error(dump(t, listed))
		}
	})
	t.Run("one that is closed is so", func(t *testing.T) {
		c := absent(t)
		told(t, AbsenceSeen(c, second, true, false, later), FactAccountClosed)
	})
	t.Run("one that has accepted and is not listed yet has not left", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		list := shows(now().Add(time.Hour))
		list.Invitations = map[string]MemberInvitation{
			HandshakeOf(c, second): {HandshakeID: HandshakeOf(c, second), AccountID: second, State: Accepted},
		}
		told(t, MembersSeen(c, list, time.Time{}, now().Add(time.Hour)), FactMemberAbsent)
		if stateOf(c, second) != MemberInvited || c.State != Proposed {
			t.Fatal(dump(t, c))
		}
		left := clone(t, c)
		told(t, AbsenceSeen(c, second, true, true, now().Add(2*time.Hour)), FactMemberJoined, FactEffective)
		told(t, AbsenceSeen(left, second, false, false, now().Add(2*time.Hour)), FactMemberLeft)
	})
	t.Run("it has left by the list, however late that is told", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		MembersSeen(c, shows(now(), c.AccountID, second), time.Time{}, now())
		list := at("2026-12-31T23:50:00Z")
		facts, _ := News(c, Listed{Members: shows(list, c.AccountID), At: list, ToldAt: at("2027-01-01T00:10:00Z")})
		told(t, facts, FactMemberAbsent)
		told(t, AbsenceSeen(c, second, false, false, at("2027-01-01T00:20:00Z")), FactMemberLeft)
		if m := memberOf(c, second); !m.LeftAt.Equal(list) {
			t.Errorf("it left at %s", m.LeftAt)
		}
	})
}
