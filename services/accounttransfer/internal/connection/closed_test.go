package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/process"
)

// TestClosureSuspected: once AWS ends a billing transfer that the suite did not end, the role that was safe is looked at at once, and once.
func TestClosureSuspected(t *testing.T) {
	found := func(state access.State) *Connection {
		c := bound(t)
		RoleSeen(c, access.Safe, now())
		later := now().Add(day)
		o := saw(Withdrawn)
		o.EndsAt = at("2027-01-01")
		c.Observe(o, later)
		if c.State != Ending || !due(CheckRoleWanted(c), later) {
			t.Fatalf("looks %+v: %s", CheckRoleWanted(c), dump(t, c))
		}
		RoleSeen(c, state, later)
		if len(CheckRoleWanted(c)) != 0 {
			t.Errorf("it is looked at again: %+v", CheckRoleWanted(c))
		}
		return c
	}
	if c := found(access.Missing); c.ShutAt.IsZero() || c.Wanted()[0].Body.Key != "case.ending.shut" {
		t.Errorf("wished for %+v", c.Wanted())
	}
	if c := found(access.Safe); !c.ShutAt.IsZero() || c.Wanted()[0].Body.Key != "case.ending.body" {
		t.Errorf("wished for %+v", c.Wanted())
	}
}

// TestSuspendedMember: an account that AWS suspends is a member and is not closed; Operations has a case of it until AWS ends that.
func TestSuspendedMember(t *testing.T) {
	list := func(c *Connection, when time.Time, suspended bool) MembersListed {
		l := shows(when, c.AccountID)
		l.Suspended = map[string]bool{c.AccountID: suspended}
		return l
	}
	for _, over := range []bool{false, true} {
		c, found := member(t), at("2026-12-05")
		if over {
			c.JourneyEndedAt = now()
		}
		told(t, MembersSeen(c, list(c, found, true), time.Time{}, found), FactAccountSuspended)
		if w := c.Waiting(); stateOf(c, c.AccountID) != MemberJoined || !Joined(c) || w == nil || w.Owner != process.Reseller ||
			w.Text.Key != "wait.member-suspended" || len(keys(c)) == 0 || !ShownAlone(c) {
			t.Fatalf("journey over %t: it waits for %+v, and wishes for %v", over, w, keys(c))
		}
		if facts := MembersSeen(c, list(c, found.Add(day), true), time.Time{}, found.Add(day)); facts != nil {
			t.Errorf("the same again is told: %v", names(facts))
		}
		told(t, MembersSeen(c, list(c, found.Add(2*day), false), time.Time{}, found.Add(2*day)), FactSuspensionEnded)
		if c.Waiting() != nil || len(keys(c)) != 0 {
			t.Errorf("journey over %t: it waits for %+v, and wishes for %v", over, c.Waiting(), keys(c))
		}
		MembersSeen(c, list(c, found.Add(3*day), true), time.Time{}, found.Add(3*day))
		closed := shows(found.Add(4 * day))
		closed.Active[c.AccountID] = false
		told(t, MembersSeen(c, closed, time.Time{}, found.Add(4*day)), FactAccountClosed)
		if m := memberOf(c, c.AccountID); !m.SuspendedAt.IsZero() {
			t.Errorf("closed it is still suspended: %+v", m)
		}
	}
}
