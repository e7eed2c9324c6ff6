package connection

import (
	"slices"
	"testing"
	"time"
)

// TestUnbilled: an order fails after AWS has begun to bill: no agreement tells the customer when that ends, and what is its own to see to.
func TestUnbilled(t *testing.T) {
	names := func(c *Connection) (all []string) {
		for _, w := range c.Wanted() {
			all = append(all, w.Name)
		}
		return all
	}
	for name, want := range map[string]struct {
		connection func() *Connection
		mails      []string
	}{
		"a billing transfer that is charged": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Stopped = true
			c.Observe(withdrawnAt("2027-02-01"), at("2027-01-20"))
			return c
		}, []string{"billing-ending"}},
		"one that ends before its start": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Stopped = true
			c.Observe(withdrawnAt("2026-12-01"), now())
			return c
		}, nil},
		"one whose agreement is in force": {func() *Connection {
			c := withdrawing(t, bound(t))
			c.Observe(withdrawnAt("2027-02-01"), at("2027-01-20"))
			return c
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if c := want.connection(); !slices.Equal(names(c), want.mails) {
				t.Errorf("mailed are %v: %s", names(c), dump(t, c))
			}
		})
	}
}

// TestWhoHasParted: of a membership that has ended the mails and the case name the accounts that live on as such, and the closed ones as
// closed, whichever of them the connection is known by.
func TestWhoHasParted(t *testing.T) {
	closes := func(t *testing.T, c *Connection, account string, when time.Time, others ...string) {
		t.Helper()
		closed := shows(when, others...)
		closed.Active[account] = false
		membersSeen(c, closed, time.Time{}, when)
	}
	first := subject().AccountID
	for name, want := range map[string]struct {
		ends          func(t *testing.T, c *Connection)
		living, gone  string
		named, reason string
	}{
		"the one that it is known by was closed, and the other one has left since": {func(t *testing.T, c *Connection) {
			closes(t, c, first, at("2026-12-05"), second)
			membersSeen(c, shows(at("2027-03-05"), second), time.Time{}, at("2027-03-05"))
			membersSeen(c, nobody(), time.Time{}, at("2027-03-20"))
		}, second, first, second, "case.ending.title"},
		"it has left, and the other one was closed since": {func(t *testing.T, c *Connection) {
			membersSeen(c, shows(at("2026-12-05"), second), time.Time{}, at("2026-12-05"))
			closes(t, c, second, at("2026-12-20"))
			membersSeen(c, nobody(), time.Time{}, at("2027-03-20"))
		}, first, second, second, "case.ending.title-closed"},
		"both were closed": {func(t *testing.T, c *Connection) {
			closes(t, c, second, at("2026-12-20"), first)
			closes(t, c, first, at("2026-12-21"))
			membersSeen(c, nobody(), time.Time{}, at("2027-03-20"))
		}, "", first + ", " + second, first, "case.ending.title-closed"},
	} {
		t.Run(name, func(t *testing.T) {
			c := linked(t)
			inviting(t, c, now())
			membersSeen(c, shows(now(), first, second), time.Time{}, now())
			c.JourneyEndedAt, c.Stopped = now(), true // its order has failed
			want.ends(t, c)
			var mail, opened int
			for _, w := range c.Wanted() {
				switch w.Name {
				case mailUnbilled:
					if mail++; w.Params["accounts"] != want.living || w.Params["closed_accounts"] != want.gone {
						t.Errorf("the customer reads %v", w.Params)
					}
				case "TRANSFER_PROBLEM":
					if opened++; w.Title.Key != want.reason || w.Title.Params["account_id"] != want.named {
						t.Errorf("Operations reads %+v", w.Title)
					}
				}
			}
			if c.EndReason == "" || mail != 1 || opened != 1 {
				t.Errorf("it wishes for %v: %s", keys(c), dump(t, c))
			}
		})
	}
}
