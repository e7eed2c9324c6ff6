package connection

import (
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// departedCases are the accounts of the cases that a connection wishes for because they have departed.
func departedCases(c *Connection) (accounts []string) {
	for _, w := range c.Wanted() {
		if account, is := strings.CutPrefix(w.Key, "case/departed/"); is && w.Kind == intent.Case {
			accounts = append(accounts, account[:12])
		}
	}
	return accounts
}

// TestDeparture: an account that leaves or is closed, in whatever phase, is a wait of Operations with a case of its own, until somebody
// says what was done about it.
func TestDeparture(t *testing.T) {
	later := at("2027-03-20")
	both := func(t *testing.T) *Connection {
		t.Helper()
		c := linked(t)
		inviting(t, c, now())
		membersSeen(c, shows(now(), c.AccountID, second), time.Time{}, now())
		return c
	}
	closed := func(c *Connection, when time.Time) {
		list := shows(when, c.AccountID)
		list.Active[second] = false
		membersSeen(c, list, time.Time{}, when)
	}
	for name, leave := range map[string]func(c *Connection){
		"wait.account-left":   func(c *Connection) { membersSeen(c, shows(later, c.AccountID), time.Time{}, later) },
		"wait.account-closed": func(c *Connection) { closed(c, later) },
	} {
		t.Run("after the hand-over: "+name, func(t *testing.T) {
			c := both(t)
			c.Demand(nil)
			c.JourneyEndedAt = now()
			leave(c)
			if w := c.Waiting(); w == nil || w.Owner != process.Reseller || w.Text.Key != name || !w.Escalated || !ShownAlone(c) ||
				len(departedCases(c)) != 1 || departedCases(c)[0] != second {
				t.Fatalf("it waits for %+v, with the cases %v", w, departedCases(c))
			}
			_, err := AcknowledgeDeparture(c, second, "", later)
			refused(t, err, process.ReasonFieldRequired)
			_, err = AcknowledgeDeparture(c, third, "So.", later)
			refused(t, err, ReasonLinkedAccountUnknown)
			_, err = AcknowledgeDeparture(c, c.AccountID, "So.", later)
			refused(t, err, ReasonStateRefuses)
			facts, err := AcknowledgeDeparture(c, second, "The customer pays for the rest of the commitment.", later)
			if told(t, facts, FactDepartureAcknowledged); err != nil || c.Waiting() != nil || len(departedCases(c)) != 0 {
				t.Fatalf("%v: %s", err, dump(t, c))
			}
			_, err = AcknowledgeDeparture(c, second, "Twice.", later)
			refused(t, err, ReasonStateRefuses)
		})
	}
	t.Run("one that was closed is not asked about again when AWS lists it no more, but when it was reopened", func(t *testing.T) {
		c := both(t)
		c.JourneyEndedAt = now()
		closed(c, later)
		if _, err := AcknowledgeDeparture(c, second, "It meant to.", later); err != nil {
			t.Fatal(err)
		}
		gone := clone(t, c)
		told(t, membersSeen(gone, shows(later.Add(90*day), c.AccountID), time.Time{}, later.Add(90*day)), FactMemberLeft)
		if gone.Waiting() != nil {
			t.Errorf("it waits for %+v", gone.Waiting())
		}
		membersSeen(c, shows(later.Add(day), c.AccountID, second), time.Time{}, later.Add(day))
		if closed(c, later.Add(2*day)); len(departedCases(c)) != 1 {
			t.Error(dump(t, c))
		}
	})
	t.Run("on a later step of the journey it is listed by itself, on the one that waits for the accounts it is not", func(t *testing.T) {
		c := both(t)
		membersSeen(c, shows(later, c.AccountID), time.Time{}, later)
		if reported(c, MembersJoined).Met || ShownAlone(c) || len(departedCases(c)) != 1 {
			t.Fatal(dump(t, c))
		}
		if c.Demand(nil); !ShownAlone(c) {
			t.Error(dump(t, c))
		}
		_, err := AcknowledgeDeparture(c, second, "It goes on without.", later)
		if err != nil || !reported(c, MembersJoined).Met || ShownAlone(c) {
			t.Errorf("%v: %s", err, dump(t, c))
		}
	})
	t.Run("one that is invited again is waited for, whatever was acknowledged", func(t *testing.T) {
		c := both(t)
		membersSeen(c, shows(later, c.AccountID), time.Time{}, later)
		if _, err := AcknowledgeDeparture(c, second, "It goes on without.", later); err != nil || !Joined(c) {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		if _, err := ReinviteMember(c, second, later); err != nil || Joined(c) {
			t.Errorf("%v: %s", err, dump(t, c))
		}
	})
	t.Run("one that was to leave, or all of them, has none", func(t *testing.T) {
		c := both(t)
		c.JourneyEndedAt = now()
		if c.Withdraw(now()); len(departedCases(c)) != 0 {
			t.Error(dump(t, c))
		}
		membersSeen(c, shows(later, c.AccountID), time.Time{}, later)
		if w := c.Waiting(); len(departedCases(c)) != 0 || w == nil || w.Text.Key != "wait.leaving" {
			t.Error(dump(t, c))
		}
	})
}

// TestClosedAreWithdrawn: accounts of a withdrawn membership that are closed are AWS's to drop, and nobody's to have leave.
func TestClosedAreWithdrawn(t *testing.T) {
	c := settledMember(t)
	c.Withdraw(now())
	list := shows(now())
	list.Active[c.AccountID] = false
	told(t, membersSeen(c, list, time.Time{}, now()), FactAccountClosed)
	if w := c.Waiting(); w == nil || w.Owner != process.AWS || w.Text.Key != "wait.closed" {
		t.Errorf("it waits for %+v", w)
	}
	membersSeen(c, shows(now().Add(90*day)), now().Add(89*day), now().Add(90*day))
	if c.EndReason != WithdrawnByReseller {
		t.Error(dump(t, c))
	}
}

// TestLeavingForAnother: an account that leaves before the billing transfer begins that is to take the place of the membership was asked to
// do so; when nothing comes of that, it has departed.
func TestLeavingForAnother(t *testing.T) {
	left := at("2026-12-28")
	moving := func(t *testing.T) (old, by *Connection) {
		t.Helper()
		old, by = linked(t), bound(t)
		inviting(t, old, now())
		membersSeen(old, shows(now(), old.AccountID, second), time.Time{}, now())
		old.Demand(nil)
		old.ID, by.ID, by.ReplacesID, by.AccountID, by.StartAt = "con_old", "con_new", "con_old", "777788889999", at("2027-01-01")
		old.PayerAccountID, old.JourneyEndedAt = "999900001111", now()
		FollowReplacement(old, by)
		return old, by
	}
	endings := func(c *Connection) (n int) {
		for _, w := range c.Wanted() {
			if w.Key == "case/ending" {
				n++
			}
		}
		return n
	}
	t.Run("one of them, and nobody is alarmed", func(t *testing.T) {
		old, by := moving(t)
		told(t, membersSeen(old, shows(left, old.AccountID), time.Time{}, left), FactMemberLeft)
		if old.Waiting() != nil || len(departedCases(old)) != 0 {
			t.Fatalf("it waits for %+v, with the cases %v", old.Waiting(), departedCases(old))
		}
		by.State, by.EndAt = Ended, by.StartAt
		if !FollowReplacement(old, by) || old.Waiting() == nil || len(departedCases(old)) != 1 {
			t.Errorf("nothing comes of it, and it waits for %+v", old.Waiting())
		}
	})
	t.Run("one that is closed is Operations' to see to all the same", func(t *testing.T) {
		old, _ := moving(t)
		list := shows(left, old.AccountID)
		list.Active[second] = false
		membersSeen(old, list, time.Time{}, left)
		if len(departedCases(old)) != 1 {
			t.Error(dump(t, old))
		}
	})
	t.Run("all of them, and the membership ends because it is replaced", func(t *testing.T) {
		old, by := moving(t)
		membersSeen(old, shows(left), left.Add(-day), left)
		if old.State != Ending || !old.EndAt.Equal(by.StartAt) || endings(old) != 0 {
			t.Fatalf("%d cases: %s", endings(old), dump(t, old))
		}
		nothing := clone(t, old)
		nothing.Replacing = nil
		if endings(nothing) != 1 {
			t.Error("nobody hears that all have left for nothing")
		}
		old.EndAt = by.StartAt.AddDate(0, 1, 0) // the last was listed in the month of the start
		by.Observe(saw(Accepted), by.StartAt)
		facts, err := Supersede(old, by, by.StartAt)
		if told(t, facts, FactSuperseded); err != nil || old.EndReason != Superseded || old.State != Ending || endings(old) != 0 {
			t.Errorf("%v: %s", err, dump(t, old))
		}
	})
}
