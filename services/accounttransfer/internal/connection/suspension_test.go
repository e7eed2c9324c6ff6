package connection

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/call"
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
	if w == nil || w.Owner != process.Reseller || !w.Escalated || !w.Until.Equal(now().Add(90*day)) || !ShownAlone(c) ||
		with(c, "suspended/") != 3 {
		t.Errorf("Operations has %+v, and %v", w, keys(c))
	}
	if l := ListedBy(c); l.Owner != process.Customer || !l.Until.Equal(before.Until) || !l.Escalated {
		t.Errorf("lists find it by %+v", l)
	}
}

// TestSuspensionsDates: AWS says no date of a suspension, so that what is known is between which two looks it began.
func TestSuspensionsDates(t *testing.T) {
	c, found := member(t), at("2026-12-05")
	seen(t, c, shows(found.Add(-3*day), c.AccountID))
	seen(t, c, suspends(found, true, c.AccountID), FactAccountSuspended)
	m := memberOf(c, c.AccountID)
	if !m.SuspensionEarliest().Equal(found.Add(87*day)) || !m.SuspensionEnd().Equal(found.Add(90*day)) ||
		!Suspension(c).Until.Equal(m.SuspensionEarliest()) {
		t.Errorf("it is closed between %s and %s, and is answered until %s", m.SuspensionEarliest(), m.SuspensionEnd(), Suspension(c).Until)
	}
	if m.shutFor(found.Add(87*day-time.Second)) || !m.shutFor(found.Add(87*day)) {
		t.Error("AWS closes it 90 days after it has suspended it, and not before")
	}
	seen(t, c, suspends(found.Add(day), false, c.AccountID), FactSuspensionEnded)
	seen(t, c, suspends(found.Add(2*day), true, c.AccountID), FactAccountSuspended)
	if !m.SuspensionEarliest().Equal(found.Add(91 * day)) {
		t.Errorf("the next one is counted from %s", m.Unsuspended)
	}

	late, _ := Propose(Membership, policy(), subject())
	late.Join(now())
	told(t, MembersSeen(late, suspends(now(), true, late.AccountID), time.Time{}, now()),
		FactMemberJoined, FactAccountSuspended, FactEffective)
	m = memberOf(late, late.AccountID)
	if !m.SuspensionEarliest().IsZero() || !Suspension(late).Until.Equal(now().Add(90*day)) || m.shutFor(now().Add(82*day)) ||
		!m.shutFor(now().Add(84*day)) {
		t.Errorf("nobody knows since when it is suspended: %+v", m)
	}
}

// TestSuspensionIsTheResellers: an account whose root user the reseller has is the reseller's to answer for. Its customer reads that, and
// no reason that would blame it.
func TestSuspensionIsTheResellers(t *testing.T) {
	for name, want := range map[string]struct {
		of    process.Target
		payer string
		ours  bool
	}{
		"the customer has the root user":                     {"", "", false},
		"the root users of the accounts were handed over":    {process.Linked, "", true},
		"that of the master account was, which it is":        {process.Master, "111122223333", true},
		"that of the master account was, which it is not":    {process.Master, "999988887777", false},
		"the organization was not handed over at all, as is": {"", "111122223333", false},
	} {
		t.Run(name, func(t *testing.T) {
			c := member(t)
			c.PayerAccountID = want.payer
			EnterRoots(c, want.of)
			seen(t, c, suspends(now().Add(day), true, c.AccountID), FactAccountSuspended)
			mail := c.Wanted()[len(c.Wanted())-1]
			theirs := SuspensionTold(c)
			if mail.To != "TECHNICAL" || (mail.Name == handledMail) != want.ours || (mail.Plan == "") != want.ours ||
				(theirs.Owner == process.Reseller) != want.ours || (theirs.Text.Params["theirs"] == "") != want.ours ||
				(Suspension(c).Text.Params["ours"] == c.AccountID) != want.ours {
				t.Errorf("the customer has %+v, and reads %+v", mail, theirs)
			}
			if with(c, "suspended/") != 3 || Todo(c).Owner != process.Reseller {
				t.Errorf("Operations has %+v, and %v", Todo(c), keys(c))
			}
		})
	}
}

// TestSuspensionWhileEnding: an organization that was handed back is billed until its end, and its accounts are followed until then. None
// joins any more.
func TestSuspensionWhileEnding(t *testing.T) {
	found := at("2026-12-05")
	ending := func(t *testing.T) *Connection {
		t.Helper()
		c := linked(t)
		c.PayerAccountID = c.AccountID
		inviting(t, c, now())
		seen(t, c, shows(now(), c.AccountID, second), FactMemberJoined, FactMemberJoined, FactEffective)
		c.JourneyEndedAt = now()
		seen(t, c, suspends(found, true, second, c.AccountID), FactAccountSuspended)
		c.Withdraw(found)
		if _, err := RecordReturn(c, "A recording.", call.Actor{Role: "OPERATOR"}, found); err != nil {
			t.Fatal(err)
		}
		if c.State != Ending || Suspension(c) == nil || len(CheckMembershipWanted(c)) != 1 {
			t.Fatalf("it is %s, and looks %+v", c.State, CheckMembershipWanted(c))
		}
		return c
	}
	later := found.Add(2 * day)
	t.Run("AWS ends the suspension", func(t *testing.T) {
		c := ending(t)
		facts, changed := News(c, Listed{Members: suspends(later, false, second, c.AccountID), At: later})
		if told(t, facts, FactSuspensionEnded); !changed || Suspension(c) != nil || with(c, "suspended/") != 0 {
			t.Errorf("it wishes for %v", keys(c))
		}
		seen(t, c, suspends(later.Add(day), true, c.AccountID, second), FactAccountSuspended)
		if with(c, "case/suspended/"+c.AccountID) != 1 {
			t.Errorf("another one has %v", keys(c))
		}
	})
	t.Run("AWS closes the account, or has it no more", func(t *testing.T) {
		c := ending(t)
		closed := shows(later, c.AccountID)
		closed.Active[second] = false
		seen(t, c, closed, FactAccountClosed)
		seen(t, c, shows(later.Add(day), c.AccountID), FactMemberAbsent)
		told(t, AbsenceSeen(c, second, false, false, later.Add(day)), FactMemberLeft)
		seen(t, c, shows(later.Add(2*day), c.AccountID, second))
		if m := memberOf(c, second); m.State != MemberLeft || m.LeftBy != AccountClosed || c.State != Ending || Suspension(c) != nil {
			t.Errorf("it is %+v of a connection that is %s", m, c.State)
		}
		told(t, c.Tick(c.EndAt), FactEnded)
		if CheckMembershipWanted(c) != nil {
			t.Error("it still looks")
		}
	})
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
			if c.Tick(at.Add(day)) != nil || with(c, "undecided/") != 2 || with(c, "case/suspended/") != 1 ||
				with(c, "remind/suspended/") != 0 || !Suspension(c).Until.IsZero() || !c.Next().IsZero() {
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
