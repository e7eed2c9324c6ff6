package connection

import (
	"testing"
	"time"
)

// shows is what AWS lists of the payer's organization when its first page was asked for at a time.
func shows(when time.Time, accounts ...string) MembersListed {
	seen := MembersListed{At: when, Active: map[string]bool{}, Since: map[string]time.Time{}}
	for _, account := range accounts {
		seen.Active[account] = true
	}
	return seen
}

// TestWhoseMemberItIs: an account that is named and happens to be in the payer's organization is no one's by that.
func TestWhoseMemberItIs(t *testing.T) {
	t.Run("before it is to be invited nothing is made of it", func(t *testing.T) {
		c := linked(t)
		c.Demand(nil)
		if facts, changed := news(c, Listed{Members: shows(now(), second), At: now()}); changed || c.State != Proposed {
			t.Fatalf("told %v: %s", names(facts), dump(t, c))
		}
	})
	t.Run("then it is Operations' question, which inviting it again answers", func(t *testing.T) {
		c := linked(t)
		facts, _ := news(c, Listed{Members: shows(now(), second), At: now()})
		if told(t, facts, FactMemberRefused); facts[0].Audience != "OPERATOR" || stateOf(c, second) != MemberPrepared || c.State != Proposed {
			t.Fatal(dump(t, c))
		}
		if facts, changed := news(c, Listed{Members: shows(now().Add(day), second), At: now().Add(day)}); changed {
			t.Errorf("the same again is news: %v", names(facts))
		}
		if w := c.Waiting(); w == nil || w.Owner != "RESELLER" || w.Text.Key != "member-refusal."+Uninvited {
			t.Errorf("it waits for %+v", w)
		}
		if _, err := ReinviteMember(c, second, now()); err != nil || stateOf(c, second) != MemberPrepared {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		told(t, MemberFound(c, second, now()), FactMemberJoined, FactEffective)
	})
	t.Run("also when AWS says so to an invitation, and no more once it has left", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, second, now())
		told(t, MemberFound(c, second, now()), FactMemberRefused)
		if stateOf(c, second) != MemberPrepared || AskedSince(c, second) != (time.Time{}) || memberOf(c, second).inviteAt(c) != (time.Time{}) {
			t.Fatal(dump(t, c))
		}
		told(t, membersSeen(c, shows(now().Add(day)), time.Time{}, now().Add(day)), FactMemberAgain)
		if !memberOf(c, second).inviteAt(c).Equal(immediately) {
			t.Error(dump(t, c))
		}
	})
}

// TestOldListing: what was listed before an account joined, says nothing of that.
func TestOldListing(t *testing.T) {
	joined := func(t *testing.T) *Connection {
		t.Helper()
		c := linked(t)
		inviting(t, c, now())
		c.Stop(now())
		seen := MemberInvitation{HandshakeID: HandshakeOf(c, second), State: Accepted}
		told(t, MemberCancelSent(c, second, seen, now().Add(7*time.Minute)), FactMemberJoined, FactEffective)
		return c
	}
	begun, told8 := now().Add(5*time.Minute), now().Add(8*time.Minute)
	for name, tell := range map[string]func(c *Connection){
		"by a sweep":      func(c *Connection) { news(c, Listed{Members: shows(begun), At: begun, ToldAt: told8}) },
		"by its own look": func(c *Connection) { membersSeen(c, shows(begun), time.Time{}, told8) },
	} {
		t.Run(name, func(t *testing.T) {
			c := joined(t)
			if tell(c); stateOf(c, second) != MemberJoined || c.State != Effective {
				t.Error(dump(t, c))
			}
		})
	}
	t.Run("a sweep that began before and told it keeps its time", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		news(c, Listed{Members: shows(begun, second), At: begun, ToldAt: told8})
		membersSeen(c, shows(begun.Add(time.Minute)), time.Time{}, told8.Add(time.Minute))
		if stateOf(c, second) != MemberJoined || !c.CheckedAt.Equal(begun.Add(time.Minute)) {
			t.Error(dump(t, c))
		}
	})
}

// TestJoinedWhenAWSSays: an acceptance that is seen after the turn of a month counts from when it was.
func TestJoinedWhenAWSSays(t *testing.T) {
	accepted, seen := at("2026-11-30T22:30:00Z"), at("2026-12-01T01:00:00Z")
	c := linked(t)
	inviting(t, c, now())
	list := shows(seen, second)
	list.Since[second] = accepted
	told(t, membersSeen(c, list, time.Time{}, seen), FactMemberJoined, FactEffective)
	if m := memberOf(c, second); !m.JoinedAt.Equal(accepted) || !m.StartAt.Equal(at("2026-12-01")) || !c.StartAt.Equal(m.StartAt) {
		t.Error(dump(t, c))
	}
	t.Run("one that was there long before anybody said so, from then", func(t *testing.T) {
		c, _ := Propose(Membership, policy(), subject())
		c.Join(seen)
		list := shows(seen, c.AccountID)
		list.Since[c.AccountID] = at("2020-01-05")
		membersSeen(c, list, time.Time{}, seen)
		if m := c.Members[0]; !m.JoinedAt.Equal(seen) || !m.StartAt.Equal(at("2027-01-01")) {
			t.Errorf("it is %+v", m)
		}
	})
}

// TestReturn: an account that was bound before is billed from the day of its return, and for no day twice.
func TestReturn(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	both := []string{c.AccountID, second}
	membersSeen(c, shows(now(), both...), time.Time{}, now())
	c.JourneyEndedAt = now()
	back := func(left, returned time.Time) time.Time {
		c := clone(t, c)
		news(c, Listed{Members: shows(left, c.AccountID), At: left})
		list := shows(returned, both...)
		list.Holders = map[string]string{c.AccountID: c.ID}
		facts, _ := news(c, Listed{Members: list, At: returned})
		told(t, facts, FactMemberJoined)
		return memberOf(c, second).StartAt
	}
	for name, tt := range map[string]struct{ left, returned, start string }{
		"later in the month": {"2027-04-03T10:00:00Z", "2027-04-05T10:00:00Z", "2027-04-05"},
		"on the same day":    {"2027-04-03T10:00:00Z", "2027-04-03T18:00:00Z", "2027-04-04"},
		"before it began":    {"2026-11-25T10:00:00Z", "2026-11-27T10:00:00Z", "2026-12-01"},
	} {
		t.Run(name, func(t *testing.T) {
			if start := back(at(tt.left), at(tt.returned)); !start.Equal(at(tt.start)) {
				t.Errorf("it is billed from %v", start)
			}
		})
	}
}

// TestMembershipEnds: it ends when nobody is in it and nobody is to come, for the reason for which the last one left, and with the month
// in which that one was last seen.
func TestMembershipEnds(t *testing.T) {
	one := func(t *testing.T) *Connection { // the first has joined
		t.Helper()
		c := linked(t)
		inviting(t, c, now())
		answered(c, c.AccountID, Accepted, now())
		return c
	}
	left := at("2026-12-20")
	leaves := func(t *testing.T, c *Connection) {
		t.Helper()
		told(t, membersSeen(c, shows(left), at("2026-12-19"), left), FactMemberLeft)
	}
	t.Run("not while another account is still to be invited", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, c.AccountID, now())
		MemberAnswered(c, sentTo(c.AccountID, now()), now())
		MemberRefused(c, second, "HANDSHAKE_RATE_LIMIT_EXCEEDED", now())
		answered(c, c.AccountID, Accepted, now())
		leaves(t, c)
		invites := len(InviteMemberWanted(c))+len(CheckOrganizationWanted(c)) > 0
		if c.State != Effective || c.Waiting().Text.Key != "wait.member-left" || !invites {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("not while Operations decides on another one, and then for the first one's reason and time", func(t *testing.T) {
		c := one(t)
		leaves(t, c)
		if answered(c, second, Declined, at("2027-02-03")); c.State != Effective {
			t.Fatal(dump(t, c))
		}
		removed := clone(t, c)
		facts, err := RemoveMember(removed, second, "It declined.", at("2027-02-04"))
		if told(t, facts, FactMemberRemoved, FactEnding, FactEnded); err != nil || removed.EndReason != LeftOrganization ||
			!removed.EndAt.Equal(at("2027-01-01")) || !removed.LastBoundAt.Equal(at("2026-12-19")) {
			t.Errorf("%v: %s", err, dump(t, removed))
		}
		told(t, c.Stop(at("2027-02-04")), FactEnding, FactEnded)
	})
	t.Run("one that has left can be taken out beside one that is wanted, but not as the last one", func(t *testing.T) {
		c := one(t)
		leaves(t, c)
		first, settled := c.AccountID, clone(t, c)
		settled.JourneyEndedAt = left
		if _, err := RemoveMember(settled, first, "It is gone.", left); err != nil {
			t.Error(err)
		}
		if _, err := RemoveMember(c, first, "It is gone.", left); err != nil || c.AccountID != second || c.State != Effective {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		_, err := RemoveMember(c, second, "This one, too.", left)
		refused(t, err, ReasonLinkedAccountsWrong)
		answered(c, second, Declined, left)
		told(t, c.Stop(left), FactEnding)
		if !c.EndAt.Equal(at("2027-01-01")) {
			t.Error(dump(t, c))
		}
	})
	t.Run("when an order that ends has taken back the last invitation", func(t *testing.T) {
		c := one(t)
		leaves(t, c)
		first := c.AccountID
		if _, err := ReinviteMember(c, first, left); err != nil {
			t.Fatal(err)
		}
		inviting(t, c, left)
		answered(c, first, Declined, left)
		if facts := c.Stop(left); facts != nil || c.State != Effective {
			t.Fatalf("told %v: %s", names(facts), dump(t, c))
		}
		taken := MemberInvitation{HandshakeID: HandshakeOf(c, second), State: Canceled}
		told(t, MemberCancelSent(c, second, taken, left), FactMemberCancelled, FactEnding)
	})
	t.Run("with its journey, which wants nobody any more", func(t *testing.T) {
		c := one(t)
		leaves(t, c)
		answered(c, second, Expired, left)
		told(t, JourneyOver(c, left, left), FactEnding)
	})
}

// TestEveryProblemIsTold: what one account waits for becomes too long by itself, whatever another one waits for.
func TestEveryProblemIsTold(t *testing.T) {
	c := linked(t)
	OrganizationSeen(c, "", now())
	for _, account := range []string{c.AccountID, second} {
		IntendMember(c, account, now())
	}
	MemberRefused(c, c.AccountID, "TARGET_ACCOUNT_VALIDATION_FAILURE", now())
	later := now().Add(day)
	MemberRefused(c, second, "PAYMENT_INSTRUMENT_REQUIRED", later)
	for _, since := range []time.Time{now(), later} {
		late := c.Next()
		if told(t, c.Tick(late), FactWaitEscalated); !late.Equal(since.Add(3 * day)) {
			t.Errorf("one is late at %v", late)
		}
	}
	cases := 0
	for _, w := range c.Wanted() {
		if w.Kind == "CASE" {
			cases++
		}
	}
	if cases != 2 || !c.Next().IsZero() || c.Tick(later.Add(30*day)) != nil {
		t.Errorf("it has %d cases, and is late at %v", cases, c.Next())
	}
	told(t, membersSeen(c, shows(later, c.AccountID), time.Time{}, later), FactMemberRefused)
}

// TestLost: an account that may return is lost when the membership has ended, or goes on without it.
func TestLost(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	first := c.AccountID
	membersSeen(c, shows(now(), first, second), time.Time{}, now())
	if membersSeen(c, shows(now(), second), time.Time{}, now()); Lost(c) != nil {
		t.Errorf("it returns by itself, and is lost: %v", Lost(c))
	}
	without := clone(t, c)
	if _, err := RemoveMember(without, first, "It is gone.", now()); err != nil || len(Lost(without)) != 1 {
		t.Errorf("%v: %v", err, Lost(without))
	}
	if membersSeen(c, shows(now()), time.Time{}, now()); len(Lost(c)) != 2 {
		t.Errorf("it has ended, and has lost %v", Lost(c))
	}
	back := settledMember(t)
	back.PayerAccountID = back.AccountID
	back.Withdraw(now())
	back.endWith(now(), WithdrawnByReseller, now())
	if Lost(back) != nil {
		t.Errorf("it was handed back with its organization: %v", Lost(back))
	}
}

// TestLeftIsDecidedOn: with an account that has left the others are not all, until Operations has taken it out or its journey is over.
func TestLeftIsDecidedOn(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	first := c.AccountID
	membersSeen(c, shows(now(), first, second), time.Time{}, now())
	if membersSeen(c, shows(now(), second), time.Time{}, now()); reported(c, MembersJoined).Met || reported(c, MembersJoined).Wait == nil {
		t.Fatal(dump(t, c))
	}
	if _, err := RemoveMember(c, first, "It is gone.", now()); err != nil || !reported(c, MembersJoined).Met {
		t.Errorf("%v: %s", err, dump(t, c))
	}
}

// TestClosedIsDecidedOn: the same of an account that was closed, which AWS goes on listing.
func TestClosedIsDecidedOn(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	first := c.AccountID
	membersSeen(c, shows(now(), first, second), time.Time{}, now())
	list := shows(now(), second)
	list.Active[first] = false
	membersSeen(c, list, time.Time{}, now())
	if stateOf(c, first) != MemberClosed || reported(c, MembersJoined).Met || reported(c, MembersJoined).Wait == nil {
		t.Fatal(dump(t, c))
	}
	if _, err := RemoveMember(c, first, "It is closed.", now()); err != nil || !reported(c, MembersJoined).Met || c.Waiting() != nil {
		t.Errorf("%v: %s", err, dump(t, c))
	}
}

// TestTakenOutMemberLeaves: one that joined though it was taken out has left the transfer when it leaves the organization.
func TestTakenOutMemberLeaves(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	if _, err := RemoveMember(c, second, "Not wanted.", now()); err != nil {
		t.Fatal(err)
	}
	told(t, membersSeen(c, shows(now(), c.AccountID, second), time.Time{}, now()), FactMemberJoined, FactMemberJoined, FactEffective)
	told(t, membersSeen(c, shows(now(), c.AccountID), time.Time{}, now()), FactMemberLeft)
	if stateOf(c, second) != MemberCancelled || c.Waiting() != nil || !Joined(c) {
		t.Error(dump(t, c))
	}
}
