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
