package connection

import (
	"testing"

	"example.com/handover/services/accounttransfer/internal/access"
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
