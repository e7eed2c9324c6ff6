package connection

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

// suspends is a list that shows accounts as members, the first of which AWS has suspended, or not.
func suspends(when time.Time, suspended bool, accounts ...string) MembersListed {
	l := shows(when, accounts...)
	l.Suspended = map[string]bool{accounts[0]: suspended}
	return l
}

// seen is a look of the connection's own at a list.
func seen(t testing.TB, c *Connection, l MembersListed, want ...string) {
	t.Helper()
	told(t, MembersSeen(c, l, time.Time{}, l.At), want...)
}

// with counts the wishes whose key has a part.
func with(c *Connection, part string) int {
	found := map[string]bool{}
	for _, key := range keys(c) {
		if strings.Contains(key, part) {
			found[key] = true
		}
	}
	return len(found)
}

// TestSuspensionHidesNoWait: what a connection waits for keeps its owner, reason and date while AWS has suspended one of its accounts, and
// Operations has both.
func TestSuspensionHidesNoWait(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	seen(t, c, shows(now(), c.AccountID), FactMemberJoined, FactEffective)
	demand(c, now(), MembersJoined)
	before, report := c.Waiting(), reported(c, MembersJoined)
	if before == nil || before.Owner != process.Customer || report.Until.IsZero() {
		t.Fatalf("the other account is to answer: %+v, %+v", before, report)
	}
	later := now().Add(time.Hour)
	seen(t, c, suspends(later, true, c.AccountID), FactAccountSuspended)
	if after := c.Waiting(); after.Owner != before.Owner || !after.Text.Equal(before.Text) || !after.Until.Equal(before.Until) {
		t.Errorf("it waits for %+v, and not for %+v", after, before)
	}
	if r := reported(c, MembersJoined); !r.Until.Equal(report.Until) || r.Wait != nil {
		t.Errorf("the journey reads %+v, and not %+v", r, report)
	}
	w := Todo(c)
	if w == nil || w.Owner != process.Reseller || !w.Escalated || !w.Until.Equal(later.Add(90*day)) || !ShownAlone(c) ||
		with(c, "suspended/") != 3 {
		t.Errorf("Operations has %+v, and %v", w, keys(c))
	}
}

// TestSuspensionEnds: each of its ends ends what was told of it, and is told itself.
func TestSuspensionEnds(t *testing.T) {
	found := at("2026-12-05")
	for _, over := range []bool{false, true} {
		suspended := func(t *testing.T) *Connection {
			t.Helper()
			c := member(t)
			if over {
				c.JourneyEndedAt = now()
			}
			seen(t, c, suspends(found, true, c.AccountID), FactAccountSuspended)
			seen(t, c, suspends(found.Add(day), true, c.AccountID)) // the same again is no news
			if w := Suspension(c); w == nil || c.Waiting() != nil || !Joined(c) || with(c, "suspended/") != 3 {
				t.Fatalf("journey over %t: %+v beside %+v, with %v", over, w, c.Waiting(), keys(c))
			}
			return c
		}
		t.Run("AWS ends it", func(t *testing.T) {
			c := suspended(t)
			seen(t, c, suspends(found.Add(2*day), false, c.AccountID), FactSuspensionEnded)
			if Todo(c) != nil || len(keys(c)) != 0 || !c.Next().IsZero() {
				t.Errorf("it waits for %+v, and wishes for %v", Todo(c), keys(c))
			}
		})
		t.Run("AWS closes the account, which it lists for 90 days more", func(t *testing.T) {
			c := suspended(t)
			closed := shows(found.Add(4 * day))
			closed.Active[c.AccountID] = false
			seen(t, c, closed, FactAccountClosed)
			m := memberOf(c, c.AccountID)
			if w := c.Waiting(); !m.SuspendedAt.IsZero() || with(c, "suspended/") != 0 || with(c, "departed/") != 2 ||
				!strings.HasSuffix(w.Text.Key, "-shut") {
				t.Errorf("it waits for %+v, and wishes for %v", w, keys(c))
			}
			seen(t, c, shows(found.Add(5*day), c.AccountID), FactAccountReopened)
			if m.Shut || Todo(c) != nil {
				t.Errorf("reopened it is %+v", m)
			}
		})
		t.Run("AWS closes the account for good, and lists it no more", func(t *testing.T) {
			c := suspended(t)
			if looks := CheckMembershipWanted(c); !due(looks, found.Add(90*day)) {
				t.Errorf("looks %+v", looks)
			}
			seen(t, c, suspends(found.Add(89*day), true, c.AccountID))
			gone := found.Add(90 * day)
			seen(t, c, shows(gone), FactMemberAbsent)
			told(t, AbsenceSeen(c, c.AccountID, false, false, gone.Add(time.Hour)), FactAccountClosed, FactMemberLeft, FactEnding)
			if m := memberOf(c, c.AccountID); c.EndReason != AccountClosed || m.LeftBy != AccountClosed || m.ClosedAt.IsZero() ||
				!c.EndAt.Equal(at("2027-04-01")) || Suspension(c) != nil || !slices.Equal(keys(c), []string{"case/ending"}) {
				t.Errorf("it ends as %s at %s: %v", c.EndReason, c.EndAt, keys(c))
			}
		})
		t.Run("somebody takes the account out of the organization", func(t *testing.T) {
			c := suspended(t)
			seen(t, c, suspends(found.Add(39*day), true, c.AccountID))
			gone := found.Add(40 * day)
			seen(t, c, shows(gone), FactMemberAbsent)
			told(t, AbsenceSeen(c, c.AccountID, false, false, gone), FactMemberLeft, FactEnding)
			if m := memberOf(c, c.AccountID); m.LeftBy != LeftOrganization || Suspension(c) != nil {
				t.Errorf("it is %+v", m)
			}
		})
		t.Run("AWS does nothing in its time", func(t *testing.T) {
			c := suspended(t)
			at := found.Add(97 * day)
			if c.Tick(at.Add(-time.Second)) != nil || !c.Next().Equal(at) {
				t.Fatalf("it says at %s", c.Next())
			}
			told(t, c.Tick(at), FactWaitEscalated)
			if c.Tick(at.Add(day)) != nil || with(c, "undecided/") != 2 || !Suspension(c).Until.IsZero() || !c.Next().IsZero() {
				t.Errorf("it wishes for %v until %s, next %s", keys(c), Suspension(c).Until, c.Next())
			}
			seen(t, c, suspends(at.Add(day), false, c.AccountID), FactSuspensionEnded)
			seen(t, c, suspends(at.Add(2*day), true, c.AccountID), FactAccountSuspended)
			if with(c, "undecided/") != 0 || with(c, "suspended/") != 3 {
				t.Errorf("suspended anew it wishes for %v", keys(c))
			}
		})
		t.Run("its connection is withdrawn, and ends", func(t *testing.T) {
			c := suspended(t)
			c.JourneyEndedAt = now()
			c.Withdraw(found.Add(day))
			if w := c.Waiting(); w == nil || w.Text.Key != "wait.leaving" || Suspension(c) == nil {
				t.Errorf("it waits for %+v beside %+v", w, Suspension(c))
			}
			c.EndAt, c.EndReason = found.Add(20*day), WithdrawnByReseller
			c.over()
			if Todo(c) != nil || len(keys(c)) != 0 {
				t.Errorf("ended it waits for %+v, and wishes for %v", Todo(c), keys(c))
			}
		})
	}
}
