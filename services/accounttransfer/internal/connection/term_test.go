package connection

import (
	"testing"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

func report(c *Connection, cond process.Condition) process.Report {
	for _, r := range c.Reports() {
		if r.Condition == cond {
			return r
		}
	}
	return process.Report{}
}

func TestTermIsSent(t *testing.T) {
	t.Run("XFR-BT-03 at once after the acceptance", func(t *testing.T) {
		c := invited(t)
		if len(TermWanted(c))+len(MadeWanted(GroupCreated)(c))+len(MadeWanted(RelationCreated)(c)) != 0 {
			t.Fatal("there is nothing to put a term on yet")
		}
		c = termed(t)
		if got := c.Contract.Term(); got.State != contract.Pending || got.Attempt != 1 || !report(c, TermSent).Met ||
			report(c, TermAccepted).Met {
			t.Fatalf("got %+v", got)
		}
		if len(TermWanted(c)) != 0 {
			t.Errorf("another is wanted: %+v", TermWanted(c))
		}
	})
	for _, tt := range []struct{ name, now, end, commitment string }{
		{
			"BIL-002 AWS enforces a year, the commitment is twelve cycles", "2026-11-22T12:00:00.5Z", "2027-11-22T12:00:00Z", "2027-12-01T00:00:00Z",
		},
		{"sent late, AWS enforces all that is left of the commitment", "2027-03-01T00:00:00Z", "2027-12-01T00:00:00Z", "2027-12-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := related(t)
			IntendTerm(c, at(tt.now))
			if got := c.Contract.Term(); !got.EndAt.Equal(at(tt.end)) || !got.CommitmentEnd.Equal(at(tt.commitment)) {
				t.Fatalf("got %v and %v", got.EndAt, got.CommitmentEnd)
			}
		})
	}
}

// creation is one thing that AWS is asked to create.
type creation struct {
	cond   process.Condition
	wanted func(*Connection) bool
	made   func(*Connection) []fact.Fact
}

func creations() []creation {
	return []creation{
		{
			GroupCreated, func(c *Connection) bool { return due(MadeWanted(GroupCreated)(c), now()) },
			func(c *Connection) []fact.Fact { return MadeAs(c, GroupCreated, FactBillingGroupCreated, "arn", now()) },
		},
		{
			RelationCreated, func(c *Connection) bool { return due(MadeWanted(RelationCreated)(c), now()) },
			func(c *Connection) []fact.Fact {
				return MadeAs(c, RelationCreated, FactRelationshipCreated, "rs-1", now())
			},
		},
		{
			TermSent, func(c *Connection) bool { return due(TermWanted(c), now()) },
			func(c *Connection) []fact.Fact { return TermRequested(c, "ch-1", now()) },
		},
	}
}

func TestCreations(t *testing.T) {
	for _, m := range creations() {
		asked := func(t *testing.T) *Connection {
			t.Helper()
			c := bound(t)
			if !m.wanted(c) {
				t.Fatalf("%s is not wanted", m.cond)
			}
			if m.cond == TermSent {
				IntendTerm(c, now())
			}
			return c
		}
		t.Run(string(m.cond)+" is created once", func(t *testing.T) {
			c := asked(t)
			if len(m.made(c)) != 1 || !report(c, m.cond).Met || m.wanted(c) {
				t.Fatal(dump(t, c))
			}
		})
		t.Run(string(m.cond)+" refused waits until Operations retries, or longer when rights are missing", func(t *testing.T) {
			c := asked(t)
			told(t, CreationRefused(c, m.cond, JudgeCreation("BUSINESS_VALIDATION_FAILED"), now()), FactCreationRefused)
			if r := report(c, m.cond); r.Failure == nil || r.Blocked.Owner != process.Reseller || m.wanted(c) || !r.Blocked.RetryAt.IsZero() {
				t.Fatalf("got %+v", r)
			}
			if c.Retry(m.cond); !m.wanted(c) {
				t.Fatal("it is not tried again")
			}
			CreationRefused(c, m.cond, JudgeCreation(AccessDenied), now())
			if r := report(c, m.cond); !r.Blocked.RetryAt.Equal(now().Add(day)) {
				t.Fatalf("got %+v", r)
			}
		})
		t.Run(string(m.cond)+" is not asked for while it is withdrawn, or not demanded", func(t *testing.T) {
			c := bound(t)
			if c.Demand(nil); m.wanted(c) {
				t.Error("nobody demands it")
			}
			demand(c, now(), everyCondition()...)
			if c.Withdraw(now()); m.wanted(c) {
				t.Error("it is being withdrawn")
			}
			if facts := CreationRefused(in(t, Ending), m.cond, NoProgramAccount(), now()); len(facts) != 1 {
				t.Errorf("told %v", names(facts))
			}
		})
	}
	t.Run("the same refusal again is no news", func(t *testing.T) {
		c := bound(t)
		told(t, CreationRefused(c, RelationCreated, NoProgramAccount(), now()), FactCreationRefused)
		if facts := CreationRefused(c, RelationCreated, NoProgramAccount(), now().Add(day)); facts != nil {
			t.Fatalf("no news, but %v", names(facts))
		}
		if r := report(c, RelationCreated); r.Failure.Code != CodePayerRefused || !r.Blocked.RetryAt.Equal(now().Add(2*day)) {
			t.Fatalf("got %+v", r.Blocked)
		}
	})
	t.Run("a refused term is sent again as another attempt, with another end", func(t *testing.T) {
		c := related(t)
		IntendTerm(c, now())
		end := c.Contract.Term().EndAt
		CreationRefused(c, TermSent, NoRelationship(), now())
		c.Retry(TermSent)
		if wants := TermWanted(c); wants[0].Subject != "2" || TermToken(c, "2") == TermToken(c, "1") {
			t.Fatalf("got %+v", wants)
		}
		IntendTerm(c, now().Add(day))
		if got := c.Contract.Term(); got.EndAt.Equal(end) || len(c.Contract.Terms) != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestTermAnswered(t *testing.T) {
	t.Run("XFR-BT-07 ORD-030 accepted, with AWS's date", func(t *testing.T) {
		c, seen := termed(t), term(contract.Accepted)
		seen.EndAt = at("2027-11-22")
		told(t, ObserveTerm(c, seen, now()), FactTermAccepted)
		if got := c.Contract.Term(); !got.EndAt.Equal(seen.EndAt) || !got.RespondedAt.Equal(now()) || !report(c, TermAccepted).Met {
			t.Fatalf("AWS's date beats ours: %+v", got)
		}
		if facts := ObserveTerm(c, term(contract.Rejected), now()); facts != nil {
			t.Errorf("what was answered is answered: %v", names(facts))
		}
	})
	for _, state := range []contract.State{contract.Rejected, contract.Expired, contract.Canceled} {
		t.Run("not accepted, Operations sends another or goes on without: "+string(state), func(t *testing.T) {
			c := termed(t)
			told(t, ObserveTerm(c, term(state), now()), FactTermRefused)
			if r := report(c, TermSent); r.Met || r.Failure.Code != CodeTermRefused || r.Blocked.Owner != process.Reseller ||
				due(TermWanted(c), now().Add(400*day)) {
				t.Fatalf("got %+v", r)
			}
			c.Retry(TermSent)
			if wants := TermWanted(c); wants[0].Subject != "2" {
				t.Fatalf("got %+v", wants)
			}
			send(t, c, "ch-2", now())
			if got := c.Contract.Term(); got.Attempt != 2 || len(c.Contract.Terms) != 2 || !report(c, TermSent).Met {
				t.Fatalf("got %+v", got)
			}
		})
	}
	t.Run("nobody demands it any more: it is looked at all the same, by itself and when a sweep does not list it", func(t *testing.T) {
		for _, relaxed := range []bool{true, false} {
			c := termed(t)
			if c.Demand(nil); relaxed {
				c.Demand(map[process.Condition]Demand{TermAccepted: {Relaxed: true}})
			}
			c.JourneyEndedAt = now()
			if wants := CheckTermWanted(c); len(wants) != 1 || wants[0].At.IsZero() {
				t.Fatalf("wanted %+v", wants)
			}
			if _, changed := News(c, Listed{Terms: map[string]bool{}, At: now().Add(day)}); !changed || !due(CheckTermWanted(c), now()) {
				t.Errorf("a list without it has nobody look: %+v", CheckTermWanted(c))
			}
			told(t, ObserveTerm(c, contract.Seen{HandshakeID: "ch-1"}, now().Add(46*day)), FactTermRefused)
			if len(CheckTermWanted(c)) != 0 {
				t.Error("it is looked at for ever")
			}
		}
	})
	t.Run("one that is not ours changes nothing", func(t *testing.T) {
		c := termed(t)
		before := dump(t, c)
		if facts := ObserveTerm(c, contract.Seen{HandshakeID: "ch-77", Status: contract.Accepted}, now()); facts != nil || dump(t, c) != before {
			t.Fatalf("told %v", names(facts))
		}
	})
}
