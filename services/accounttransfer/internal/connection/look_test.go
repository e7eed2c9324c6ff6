package connection

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

// next is when the first of these effects is wanted; zero for never.
func next(wants []intent.Want) time.Time {
	var first time.Time
	for _, w := range wants {
		if !w.At.IsZero() && (first.IsZero() || w.At.Before(first)) {
			first = w.At
		}
	}
	return first
}

// polls follows the looks of one kind until a time.
func polls(t *testing.T, c *Connection, wanted func(*Connection) []intent.Want, look func(time.Time), until time.Time) (times []time.Time) {
	t.Helper()
	for when := next(wanted(c)); when.Before(until); when = next(wanted(c)) {
		if len(times) > 1000 || when.IsZero() {
			t.Fatalf("after %d looks the next is at %v", len(times), when)
		}
		look(when)
		times = append(times, when)
	}
	return times
}

// within holds the times between looks against the bounds of the beat.
func within(t *testing.T, times []time.Time) {
	t.Helper()
	if first := times[0].Sub(now()); first != shortestBeat {
		t.Errorf("the first look came after %v", first)
	}
	for i := range times[1:] {
		if gap := times[i+1].Sub(times[i]); gap > longestBeat {
			t.Errorf("%v between two looks", gap)
		}
	}
	if len(times) > 130 {
		t.Errorf("%d looks", len(times))
	}
}

func TestPolls(t *testing.T) {
	t.Run("an invitation", func(t *testing.T) {
		c := invited(t)
		look := func(when time.Time) { c.Observe(saw(Requested), when) }
		within(t, polls(t, c, CheckInvitationWanted, look, now().Add(day)))
		times := polls(t, c, CheckInvitationWanted, look, now().Add(20*day))
		if len(times) > 6 { // the payer's sweep tells what has changed
			t.Errorf("after a day it is looked at %d times", len(times))
		}
		for _, turn := range []time.Time{at("2026-11-30T00:00:00Z"), now().Add(15 * day)} { // too late to accept; expired
			looked := false
			for _, p := range times {
				looked = looked || p.Equal(turn)
			}
			if !looked {
				t.Errorf("no look at %v", turn)
			}
		}
	})
	t.Run("an accepted one, once a week besides the sweep", func(t *testing.T) {
		c := bound(t)
		times := polls(t, c, CheckInvitationWanted, func(when time.Time) { c.Observe(saw(Accepted), when) }, now().Add(20*day))
		if len(times) != 2 || !times[0].Equal(now().Add(unheardBeat)) {
			t.Errorf("got %v", times)
		}
	})
	t.Run("a service term", func(t *testing.T) {
		c := termed(t)
		look := func(when time.Time) { ObserveTerm(c, term(contract.Pending), when) }
		within(t, polls(t, c, CheckTermWanted, look, now().Add(day)))
		if times := polls(t, c, CheckTermWanted, look, now().Add(20*day)); len(times) > 5 { // the payer's sweep tells that it was answered
			t.Errorf("after a day it is looked at %d times", len(times))
		}
	})
	t.Run("a revocation", func(t *testing.T) {
		c := revoking(t)
		within(
			t,
			polls(t, c, CheckRevocationWanted, func(when time.Time) { ObserveRevocation(c, revocation(contract.Pending), when) }, now().Add(8*day)))
	})
	t.Run("a revocation, often in the last hours of a month, which a consent makes the last one", func(t *testing.T) {
		c := revoking(t)
		look := func(when time.Time) { ObserveRevocation(c, revocation(contract.Pending), when) }
		ends := calendar.MonthOf(now()).Next().Start()
		times := polls(t, c, CheckRevocationWanted, look, ends)
		if last := times[len(times)-1]; ends.Sub(last) > shortestBeat {
			t.Errorf("the last look of the month is at %v", last)
		}
		for i := range times[1:] {
			if gap := times[i+1].Sub(times[i]); gap > shortestBeat && times[i].After(ends.Add(-longestBeat)) {
				t.Errorf("%v between two looks at the end", gap)
			}
		}
	})
	t.Run("the role", func(t *testing.T) {
		c := committed(t)
		RoleSeen(c, access.Missing, now())
		over := now().Add(4*day + time.Hour)
		d := c.Demands[RoleDeployed]
		d.Due = over
		c.Demands[RoleDeployed] = d
		look := func(when time.Time) { RoleSeen(c, access.Missing, when) }
		within(t, polls(t, c, CheckRoleWanted, look, now().Add(day)))
		times := polls(t, c, CheckRoleWanted, look, now().Add(20*day))
		if len(times) > 24 {
			t.Errorf("after a day it is looked at %d times", len(times))
		}
		if !slices.Contains(times, over) {
			t.Errorf("no look at %v, when its time is over", over)
		}
	})
	t.Run("nothing is looked at once it has ended", func(t *testing.T) {
		c := in(t, Ended)
		if len(CheckInvitationWanted(c))+len(CheckTermWanted(c))+len(CheckRoleWanted(c))+len(CheckMembershipWanted(c)) != 0 {
			t.Error(dump(t, c))
		}
	})
}

func TestLookNow(t *testing.T) {
	t.Run("XFR-BT-06 everything that is waited for is looked at", func(t *testing.T) {
		c := termed(t)
		if _, err := c.AskCheck(); err != nil {
			t.Fatal(err)
		}
		for look, wanted := range map[string]func(*Connection) []intent.Want{LookInvitation: CheckInvitationWanted, LookTerm: CheckTermWanted} {
			if !due(wanted(c), now()) {
				t.Errorf("%s: got %+v", look, wanted(c))
			}
			if c.Served(look, c.Looks); due(wanted(c), now()) {
				t.Errorf("%s is not served", look)
			}
		}
	})
	t.Run("a request that comes while another is served is not lost", func(t *testing.T) {
		c := invited(t)
		for range 2 {
			if _, err := c.AskCheck(); err != nil {
				t.Fatal(err)
			}
		}
		if c.Served(LookInvitation, 1); !due(CheckInvitationWanted(c), now()) {
			t.Fatal("the second request was lost")
		}
		c.Served(LookInvitation, 2)
		if c.Served(LookInvitation, 1); due(CheckInvitationWanted(c), now()) {
			t.Fatal("an older answer asks again")
		}
	})
	t.Run("it is told to the reseller's people, and refused after the end", func(t *testing.T) {
		for _, s := range States() {
			facts, err := in(t, s).AskCheck()
			if s == Ended {
				refused(t, err, ReasonStateRefuses)
				continue
			}
			if told(t, facts, FactCheckRequested); err != nil || facts[0].Audience != "OPERATOR" {
				t.Errorf("%s: got %v, %v", s, facts, err)
			}
		}
	})
}

func TestCancelInvitation(t *testing.T) {
	t.Run("a cancel that did not take is repeated, but not at once", func(t *testing.T) {
		c := invited(t)
		c.Stop(now())
		if len(CheckInvitationWanted(c)) != 0 || !due(CancelInvitationWanted(c), now()) {
			t.Fatalf("got %+v", CancelInvitationWanted(c))
		}
		if facts := CancelSent(c, "1", saw(Requested), now()); facts != nil || !next(CancelInvitationWanted(c)).Equal(now().Add(again)) {
			t.Fatalf("told %v, wanted %+v", names(facts), CancelInvitationWanted(c))
		}
	})
	for _, s := range []InvitationState{Canceled, Declined, Expired} {
		t.Run("however it ended at AWS, the proposal is over: "+string(s), func(t *testing.T) {
			c := invited(t)
			c.Stop(now())
			facts := CancelSent(c, "1", saw(s), now())
			if c.State != Ended || c.EndReason != NotEstablished || FinalFailure(c) != nil || len(facts) != 2 || facts[1].Name != FactEnded {
				t.Fatalf("got %s, told %v", c.State, names(facts))
			}
		})
	}
	t.Run("what AWS refuses is the reseller's to mend, and tried again", func(t *testing.T) {
		c := invited(t)
		c.Stop(now())
		told(t, CancelRefused(c, "1", AccessDenied, now()), FactCancelRefused)
		if facts := CancelRefused(c, "1", AccessDenied, now().Add(time.Minute)); facts != nil {
			t.Fatalf("told twice: %v", names(facts))
		}
		if w := c.Waiting(); w == nil || w.Owner != process.Reseller || !next(CancelInvitationWanted(c)).Equal(now().Add(time.Minute+time.Hour)) {
			t.Fatalf("it waits for %+v, and tries again at %+v", w, CancelInvitationWanted(c))
		}
		if _, err := c.AskCheck(); err != nil || !due(CancelInvitationWanted(c), now().Add(time.Minute+pause)) {
			t.Fatalf("asked to look, it tries again at %+v, %v", CancelInvitationWanted(c), err)
		}
		if CancelSent(c, "1", saw(Requested), now()); c.Waiting() != nil || CancelBlocked(c) != nil {
			t.Fatalf("AWS takes it, and it waits for %+v", c.Waiting())
		}
	})
	t.Run("the customer was faster", func(t *testing.T) {
		c := invited(t)
		c.Stop(now())
		told(t, CancelSent(c, "1", saw(Accepted), now()), FactEffective)
		if len(CancelInvitationWanted(c)) != 0 {
			t.Errorf("got %+v", CancelInvitationWanted(c))
		}
	})
}
