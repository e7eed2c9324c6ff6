package connection

import (
	"testing"
	"time"
)

// listed is what a sweep of the payer has brought of the one transfer.
func listed(o Observation) Listed {
	return Listed{
		Transfers: map[string]Observation{"rt-1": o, "rt-of-somebody-else": {Status: Accepted}},
		At:        at("2027-01-02T09:00:00Z"), BoundAt: at("2026-12-30T08:00:00Z"),
	}
}

func TestNews(t *testing.T) {
	later := listed(Observation{}).At
	t.Run("the same again is none, and changes nothing", func(t *testing.T) {
		for name, c := range map[string]*Connection{"invited": invited(t), "bound": bound(t), "ending": in(t, Ending), "ended": in(t, Ended)} {
			before := dump(t, c)
			for _, status := range []InvitationState{Requested, Accepted} {
				if name == "invited" && status == Accepted {
					continue
				}
				if facts, changed := news(c, listed(saw(status))); changed || facts != nil || dump(t, c) != before {
					t.Errorf("%s, seen %s: told %v, now %s", name, status, names(facts), dump(t, c))
				}
			}
		}
	})
	t.Run("an acceptance, a decline and a withdrawal are", func(t *testing.T) {
		for _, tt := range []struct {
			c    *Connection
			seen Observation
			told []string
		}{
			{invited(t), saw(Accepted), []string{FactEffective}},
			{invited(t), saw(Declined), []string{FactInvitationDeclined}},
			{bound(t), withdrawnAt("2027-02-01"), []string{FactEnding}},
		} {
			facts, changed := News(tt.c, listed(tt.seen))
			if told(t, facts, tt.told...); !changed {
				t.Errorf("seen %s: nothing new", tt.seen.Status)
			}
		}
	})
	t.Run("a start that AWS has moved is", func(t *testing.T) {
		c, o := bound(t), saw(Accepted)
		o.StartAt = at("2027-03-01")
		facts, changed := news(c, listed(o))
		if told(t, facts, FactStartMoved); !changed || !c.StartAt.Equal(o.StartAt) {
			t.Error(dump(t, c))
		}
	})
	t.Run("what was listed before the last look is none", func(t *testing.T) {
		c, o := bound(t), saw(Accepted)
		o.StartAt = at("2027-03-01")
		c.Observe(saw(Accepted), later.Add(time.Second))
		gone := member(t)
		membersSeen(gone, MembersListed{Active: active(gone)}, time.Time{}, later.Add(time.Second))
		for _, c := range []*Connection{c, gone} {
			l := listed(o)
			l.Members = nobody()
			if facts, changed := news(c, l); changed || facts != nil {
				t.Errorf("told %v: %s", names(facts), dump(t, c))
			}
		}
	})
	t.Run("the start of an invitation that was not yet accepted then is none", func(t *testing.T) {
		c, o := bound(t), saw(Requested)
		o.StartAt = at("2027-03-01")
		if facts, changed := news(c, listed(o)); changed || facts != nil {
			t.Errorf("told %v: %s", names(facts), dump(t, c))
		}
	})
	t.Run("one withdrawn without a date ends with the month in which a sweep saw it bind", func(t *testing.T) {
		c := bound(t) // last looked at in November
		if facts, _ := news(c, listed(saw(Withdrawn))); len(facts) == 0 || !c.EndAt.Equal(at("2027-01-01")) ||
			!c.LastBoundAt.Equal(at("2026-12-30T08:00:00Z")) {
			t.Errorf("told %v: %s", names(facts), dump(t, c))
		}
	})
	t.Run("what AWS does not list, the connection asks for itself, once", func(t *testing.T) {
		c := bound(t)
		if facts, changed := news(c, Listed{At: later}); !changed || facts != nil || !due(CheckInvitationWanted(c), later) {
			t.Fatalf("told %v: %s", names(facts), dump(t, c))
		}
		if c.Served(LookInvitation, c.Looks); due(CheckInvitationWanted(c), now()) {
			t.Error("it is asked for again")
		}
	})
	t.Run("a service term that waits no longer for its answer is asked for, once", func(t *testing.T) {
		c := termed(t)
		l := listed(saw(Accepted))
		for name, pending := range map[string]map[string]bool{"not listed": nil, "waits": {"ch-1": true}} {
			l.Terms = pending
			if _, changed := news(c, l); changed {
				t.Errorf("%s: %s", name, dump(t, c))
			}
		}
		l.Terms = map[string]bool{"ch-of-somebody-else": true}
		if facts, changed := news(c, l); !changed || facts != nil || !due(CheckTermWanted(c), now()) || due(CheckInvitationWanted(c), now()) {
			t.Fatalf("told %v: %s", names(facts), dump(t, c))
		}
		if _, changed := news(c, l); changed {
			t.Error("it is asked for twice")
		}
		if c.Served(LookTerm, c.Looks); due(CheckTermWanted(c), now()) {
			t.Error("it is asked for again")
		}
		c.Contract.Term().CheckedAt = l.At.Add(time.Second)
		if _, changed := news(c, l); changed {
			t.Error("what was listed before the last look is new")
		}
	})
	t.Run("a member that is gone has left since the sweep before", func(t *testing.T) {
		c := member(t)
		members := func(active bool) Listed {
			all := MembersListed{Active: map[string]bool{c.AccountID: active, "999999999999": true}}
			return Listed{Members: all, At: later, BoundAt: at("2026-12-30T08:00:00Z")}
		}
		for _, l := range []Listed{members(true), {At: later}} {
			if facts, changed := news(c, l); changed {
				t.Fatalf("told %v", names(facts))
			}
		}
		left := members(false)
		delete(left.Members.Active, c.AccountID)
		facts, changed := news(c, left)
		told(t, facts, FactMemberLeft, FactEnding, FactEnded)
		if !changed || !c.EndAt.Equal(at("2027-01-01")) || c.EndReason != LeftOrganization {
			t.Error(dump(t, c))
		}
	})
}

// TestTurnsAreLookedAt: however rarely an old invitation is looked at, at the instants that change the answer it is.
func TestTurnsAreLookedAt(t *testing.T) {
	c := invited(t)
	inv := c.Current()
	c.Observe(saw(Requested), now().Add(2*day))
	if first := next(CheckInvitationWanted(c)); !first.Equal(inv.AcceptBy.Add(time.Second)) {
		t.Errorf("first looked at %v", first)
	}
}
