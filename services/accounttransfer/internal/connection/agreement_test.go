package connection

import (
	"testing"
	"time"
)

// TestAgreed: an id that was copied at the creation is no agreement; one in force is, and one that may still come into force.
func TestAgreed(t *testing.T) {
	ended := now()
	for name, tt := range map[string]struct {
		state  State
		told   string // where the agreement stands; empty: nothing was heard of it
		other  bool   // it is another one
		after  time.Duration
		agreed bool
	}{
		"in force":                          {Effective, "ACTIVE", false, 1000 * time.Hour, true},
		"in force, and an order ends it":    {Effective, "UPDATING", false, 1000 * time.Hour, true},
		"in force, and it ends":             {Ending, "ACTIVE", false, 1000 * time.Hour, true},
		"in force, and nothing binds":       {Ended, "ACTIVE", false, time.Hour, false},
		"nothing heard so far":              {Effective, "", false, time.Hour, true},
		"nothing heard for a day":           {Effective, "", false, 24 * time.Hour, false},
		"its order is under way for a day":  {Effective, "PROVISIONING", false, 24 * time.Hour, false},
		"failed":                            {Effective, "FAILED", false, time.Hour, false},
		"deleted":                           {Effective, "DELETED", false, time.Hour, false},
		"terminated":                        {Effective, "TERMINATED", false, time.Hour, false},
		"another agreement was terminated":  {Effective, "TERMINATED", true, time.Hour, true},
		"another agreement has come to be":  {Effective, "ACTIVE", true, 24 * time.Hour, false},
		"in force before anything is bound": {Proposed, "ACTIVE", false, time.Hour, false},
	} {
		c, _ := Propose(Membership, Policy{}, Subject{ID: "con_1", AgreementID: "agr_1"})
		c.State, c.JourneyEndedAt = tt.state, ended
		id := "agr_1"
		if tt.other {
			id = "agr_2"
		}
		if tt.told != "" {
			ObserveAgreement(c, id, tt.told)
		}
		if got := Agreed(c, ended.Add(tt.after)); got != tt.agreed {
			t.Errorf("%s: %t", name, got)
		}
	}
}
