package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/process"
)

func TestRole(t *testing.T) {
	t.Run("ORD-031 XFR-BT-08 it is looked for at once, and found without anybody's attestation", func(t *testing.T) {
		c := committed(t)
		if !due(CheckRoleWanted(c), now()) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
		told(t, RoleSeen(c, access.Missing, now()))
		facts := RoleSeen(c, access.Safe, now())
		if told(t, facts, FactRoleFound); facts[0].Details["arn"] != "arn:aws:iam::111122223333:role/Bootstrap" || !report(c, RoleDeployed).Met {
			t.Fatalf("told %+v", facts)
		}
		if due(CheckRoleWanted(c), now().Add(driftBeat-time.Second)) || !due(CheckRoleWanted(c), now().Add(driftBeat)) {
			t.Errorf("it is looked at again %+v", CheckRoleWanted(c))
		}
		c.Demand(nil) // the journey is over, and the account still bound
		told(t, RoleSeen(c, access.Missing, now().Add(driftBeat)), FactRoleLost)
	})
	t.Run("XFR-BT-09 an unsafe one is told once, and is the customer's to mend", func(t *testing.T) {
		c := committed(t)
		told(t, RoleSeen(c, access.Unsafe, now()), FactRoleUnsafe)
		if facts := RoleSeen(c, access.Unsafe, now()); facts != nil {
			t.Fatalf("told twice: %v", names(facts))
		}
		r := report(c, RoleDeployed)
		if r.Met || r.Told.Key != "step.deploy-roles.unsafe.link" || r.Told.Params["url"] != "https://console.example.com" {
			t.Fatalf("got %+v", r)
		}
		RoleSeen(c, access.Missing, now())
		if r := report(c, RoleDeployed); r.Told.Key != "step.deploy-roles.link" {
			t.Fatal("it is gone, and still called unsafe")
		}
		c.Role.DeployURL = ""
		if r := report(c, RoleDeployed); r.Told.Key != "step.deploy-roles" {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("one whose step is begun anew is looked for anew", func(t *testing.T) {
		c := committed(t)
		RoleSeen(c, access.Missing, now())
		if due(CheckRoleWanted(c), now()) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
		if demand(c, now().Add(day), RoleDeployed); !due(CheckRoleWanted(c), now()) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
	})
	t.Run("it is looked for once more when its time is over", func(t *testing.T) {
		c, due := committed(t), now().Add(20*day+1)
		c.Demand(map[process.Condition]Demand{RoleDeployed: {Since: now(), Due: due}})
		RoleSeen(c, access.Missing, due.Add(-1))
		if !next(CheckRoleWanted(c)).Equal(due) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
		if RoleSeen(c, access.Missing, due); !next(CheckRoleWanted(c)).After(due) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
	})
	t.Run("one that the journey goes on without is looked for once a day", func(t *testing.T) {
		c := committed(t)
		RoleSeen(c, access.Missing, now())
		c.Demand(map[process.Condition]Demand{RoleDeployed: {Relaxed: true}})
		if !next(CheckRoleWanted(c)).Equal(now().Add(day)) {
			t.Fatalf("got %+v", CheckRoleWanted(c))
		}
		if _, err := c.AskCheck(); err != nil || !due(CheckRoleWanted(c), now()) {
			t.Fatalf("asked to look: got %+v %v", CheckRoleWanted(c), err)
		}
	})
	for name, c := range map[string]*Connection{
		"before anything is bound":        invited(t),
		"when nobody demands it":          func() *Connection { c := committed(t); c.Demand(nil); return c }(),
		"when its name is not known":      func() *Connection { c := committed(t); c.Role.Name = ""; return c }(),
		"after the end of the connection": in(t, Ended),
	} {
		if wants := CheckRoleWanted(c); len(wants) != 0 {
			t.Errorf("%s it is looked for: %+v", name, wants)
		}
	}
	t.Run("whether the customer was asked for it", func(t *testing.T) {
		c := committed(t)
		if c.Demand(nil); RoleAsked(c) {
			t.Error("nobody asked")
		}
		if RoleSeen(c, access.Missing, now()); !RoleAsked(c) {
			t.Error("it was looked for")
		}
	})
}
