package connection

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/process"
)

const second, third = "222233334444", "333344445555"

// linked returns a proposal of two accounts whose invitations a journey demands.
func linked(t testing.TB) *Connection {
	t.Helper()
	s := subject()
	s.Linked = []string{second}
	p := policy()
	p.EscalateIn = 3 * day
	c, _ := Propose(Membership, p, s)
	demand(c, now(), MembersInvited, MembersJoined)
	return c
}

// inviting has AWS invite every account that is wanted to be.
func inviting(t testing.TB, c *Connection, when time.Time) {
	t.Helper()
	if len(CheckOrganizationWanted(c)) > 0 {
		OrganizationSeen(c, "", when)
	}
	for _, w := range InviteMemberWanted(c) {
		if w.At.After(when) {
			continue
		}
		IntendMember(c, w.Subject, when)
		c.Intents.Begin(EffectInviteMember, w.Subject, "")
		c.Intents.End(EffectInviteMember, w.Subject)
		told(t, MemberAnswered(c, sentTo(w.Subject, when), when), FactMemberInvited)
	}
}

func sentTo(account string, when time.Time) MemberInvitation {
	return MemberInvitation{
		AccountID: account, HandshakeID: "h-" + account + "-" + when.Format(time.DateOnly), State: Requested, RequestedAt: when,
		ExpiresAt: when.Add(15 * day),
	}
}

// answered has an account answer its invitation.
func answered(c *Connection, account string, s InvitationState, when time.Time) []string {
	m := memberOf(c, account)
	inv := MemberInvitation{AccountID: account, HandshakeID: m.HandshakeID, State: s}
	return names(membersSeen(c, MembersListed{Invitations: map[string]MemberInvitation{inv.HandshakeID: inv}}, time.Time{}, when))
}

func stateOf(c *Connection, account string) MemberState {
	i := slices.IndexFunc(c.Members, func(m Member) bool { return m.AccountID == account })
	return c.Members[i].State
}

func reported(c *Connection, cond process.Condition) process.Report {
	return reportOn(c, cond)
}

func TestMembersAreInvited(t *testing.T) {
	c := linked(t)
	if len(InviteMemberWanted(c)) != 0 || !due(CheckOrganizationWanted(c), now()) || reported(c, MembersInvited).Met {
		t.Fatalf("before its organization was looked at: %s", dump(t, c))
	}
	inviting(t, c, now())
	if !reported(c, MembersInvited).Met || reported(c, MembersJoined).Met || len(InviteMemberWanted(c)) != 0 || !Outstanding(c) {
		t.Fatal(dump(t, c))
	}
	if w := c.Waiting(); w == nil || w.Owner != process.Customer || !w.Until.Equal(now().Add(15*day)) {
		t.Fatalf("it waits for %+v", w)
	}
	t.Run("it is looked at every four hours of the first day, then by the sweep, and when they expire", func(t *testing.T) {
		c := clone(t, c)
		if first := next(CheckMembershipWanted(c)); !first.Equal(now().Add(memberBeat)) {
			t.Errorf("first at %v", first)
		}
		membersSeen(c, MembersListed{}, time.Time{}, now().Add(9*day))
		if turn := next(CheckMembershipWanted(c)); !turn.Equal(now().Add(15 * day)) {
			t.Errorf("then at %v", turn)
		}
	})
	t.Run("it binds with the first that joins, and is complete with the last", func(t *testing.T) {
		c := clone(t, c)
		if got := answered(c, second, Accepted, now()); !slices.Equal(got, []string{FactMemberJoined, FactEffective}) || c.State != Effective ||
			reported(c, MembersJoined).Met {
			t.Fatalf("told %v: %s", got, dump(t, c))
		}
		if got := answered(c, c.AccountID, Accepted, at("2027-01-03")); !slices.Equal(got, []string{FactMemberJoined}) ||
			!reported(c, MembersJoined).Met || !memberOf(c, c.AccountID).StartAt.Equal(at("2027-02-01")) || !c.StartAt.Equal(at("2026-12-01")) {
			t.Fatalf("told %v: %s", got, dump(t, c))
		}
	})
	t.Run("one that has left and returns is a member again", func(t *testing.T) {
		c := clone(t, c)
		both := map[string]bool{c.AccountID: true, second: true}
		told(t, membersSeen(c, MembersListed{Active: both}, time.Time{}, now()), FactMemberJoined, FactMemberJoined, FactEffective)
		told(t, membersSeen(c, MembersListed{Active: map[string]bool{second: true}}, time.Time{}, now()), FactMemberLeft)
		if returned := clone(t, c); len(membersSeen(returned, MembersListed{Active: both}, time.Time{}, now().Add(day))) != 1 {
			t.Errorf("while its journey is under way it is held: %s", dump(t, returned))
		}
		c.JourneyEndedAt = now()
		for name, holders := range map[string]map[string]string{"nobody knows": nil, "another one": {c.AccountID: "con_2"}} {
			l := Listed{Members: MembersListed{Active: both, Holders: holders}, At: now().Add(day)}
			if facts, changed := news(c, l); changed {
				t.Fatalf("%s holds it: told %v", name, names(facts))
			}
		}
		facts, _ := news(c, Listed{Members: MembersListed{Active: both, Holders: map[string]string{second: c.ID}}, At: now().Add(day)})
		if told(t, facts, FactMemberJoined); !Joined(c) {
			t.Error(dump(t, c))
		}
	})
	t.Run("an invitation that AWS lists no more has expired, and not before its time", func(t *testing.T) {
		c := clone(t, c)
		nothing := MembersListed{Invitations: map[string]MemberInvitation{}, Active: map[string]bool{}}
		if facts := membersSeen(c, nothing, time.Time{}, now().Add(15*day)); facts != nil {
			t.Fatalf("told %v", names(facts))
		}
		told(t, membersSeen(c, nothing, time.Time{}, now().Add(60*day)), FactMemberExpired, FactMemberExpired)
	})
	t.Run("a handshake that AWS lists no more, and one of somebody else, say nothing", func(t *testing.T) {
		c := clone(t, c)
		other := MemberInvitation{AccountID: second, HandshakeID: "h-other", State: Declined}
		if facts := membersSeen(c, MembersListed{Invitations: map[string]MemberInvitation{"h-other": other}}, time.Time{}, now()); facts != nil {
			t.Errorf("told %v", names(facts))
		}
	})
}

func TestMembersThatDoNotJoin(t *testing.T) {
	for _, tt := range []struct {
		answer InvitationState
		state  MemberState
		fact   string
		wait   string
	}{
		{Declined, MemberDeclined, FactMemberDeclined, "wait.member-declined"},
		{Expired, MemberExpired, FactMemberExpired, "wait.member-expired"},
		{Canceled, MemberPrepared, FactMemberCancelled, "member-refusal." + CanceledAtAWS},
	} {
		t.Run(string(tt.answer)+" is Operations' to decide on, at once", func(t *testing.T) {
			c := linked(t)
			inviting(t, c, now())
			if got := answered(c, second, tt.answer, now().Add(day)); !slices.Equal(got, []string{tt.fact}) || stateOf(c, second) != tt.state {
				t.Fatalf("told %v: %s", got, dump(t, c))
			}
			w := reported(c, MembersJoined).Wait
			if w == nil || w.Owner != process.Reseller || w.Text.Key != tt.wait || !w.Escalated || w.Text.Params["accounts"] != second {
				t.Fatalf("it waits for %+v", w)
			}
			if wished := c.Wanted(); len(wished) != 2 || len(InviteMemberWanted(c)) != 0 {
				t.Fatalf("it wishes for %+v", wished)
			}
			_, err := ReinviteMember(c, second, now())
			if inviting(t, c, now().Add(2*day)); err != nil || stateOf(c, second) != MemberInvited || memberOf(c, second).Attempt != 2 {
				t.Fatalf("%v: %s", err, dump(t, c))
			}
			if len(c.Wanted()) != 0 || reported(c, MembersJoined).Wait != nil {
				t.Errorf("it wishes for %+v", c.Wanted())
			}
		})
	}
}

// TestEveryDeclineIsTold: another account that declines is told anew, with all that have.
func TestEveryDeclineIsTold(t *testing.T) {
	c := linked(t)
	inviting(t, c, now())
	answered(c, second, Declined, now().Add(day))
	first := c.Wanted()
	answered(c, c.AccountID, Declined, now().Add(2*day))
	both := c.Wanted()
	if len(first) != 2 || len(both) != 2 || first[0].Key == both[0].Key || both[0].Title.Params["accounts"] != c.AccountID+", "+second {
		t.Errorf("it wished for %+v, and then for %+v", first, both)
	}
}

func TestMemberRefusals(t *testing.T) {
	t.Run("what AWS refuses the payer, it refuses all, in one wait, and is looked at first when it is tried again", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, second, now())
		told(t, MemberRefused(c, second, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", now()), FactMemberRefused, FactMemberRefused)
		if !reported(c, MembersInvited).Met || len(memberProblems(c)) != 1 || len(InviteMemberWanted(c)) != 0 {
			t.Fatal(dump(t, c))
		}
		if again := next(CheckOrganizationWanted(c)); !again.Equal(now().Add(day)) {
			t.Fatalf("again at %v", again)
		}
		if facts := OrganizationSeen(c, "", now().Add(day)); facts != nil || !due(InviteMemberWanted(c), now().Add(day)) {
			t.Fatal(dump(t, c))
		}
		if facts := MemberRefused(c, second, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", now().Add(day)); facts != nil {
			t.Errorf("the same again is news: %v", names(facts))
		}
	})
	t.Run("the customer has a mail of what it alone can mend, and Operations a case when that takes too long", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, second, now())
		told(t, MemberRefused(c, second, AlreadyMember, now()), FactMemberRefused)
		if wished := c.Wanted(); len(wished) != 1 || wished[0].To != "TECHNICAL" || c.Waiting().Escalated {
			t.Fatalf("it wishes for %+v", wished)
		}
		late := c.Next()
		if !late.Equal(now().Add(3 * day)) {
			t.Fatalf("it is late at %v", late)
		}
		told(t, c.Tick(late), FactWaitEscalated)
		if wished := c.Wanted(); len(wished) != 3 || !c.Waiting().Escalated {
			t.Fatalf("it wishes for %+v", wished)
		}
	})
	t.Run("it is tried again when somebody asks, but not at once", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, second, now())
		MemberRefused(c, second, "TARGET_NOT_SUPPORTED", now())
		wants := func() time.Time { return memberOf(c, second).inviteAt(c) }
		if !wants().IsZero() {
			t.Fatalf("tried at %v", wants())
		}
		if _, err := c.AskCheck(); err != nil || !wants().Equal(now().Add(pause)) {
			t.Errorf("tried at %v, %v", wants(), err)
		}
		again := now().Add(pause)
		IntendMember(c, second, again)
		MemberRefused(c, second, "TARGET_NOT_SUPPORTED", again)
		if _, err := c.AskCheck(); err != nil || !wants().Equal(again.Add(pause)) {
			t.Errorf("the second time tried at %v, %v", wants(), err)
		}
	})
	t.Run("what AWS refuses the payer says nothing of what is to be mended in an account, and brings no invitation back", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		for range 2 { // somebody has pressed Process before
			_, _ = c.AskCheck()
		}
		answered(c, second, Canceled, now())
		if m := memberOf(c, second); !m.inviteAt(c).IsZero() {
			t.Errorf("it is invited again at %v", m.inviteAt(c))
		}
		answered(c, c.AccountID, Declined, now())
		if _, err := ReinviteMember(c, c.AccountID, now()); err != nil {
			t.Fatal(err)
		}
		OrganizationSeen(c, "", now())
		IntendMember(c, c.AccountID, now())
		told(t, MemberRefused(c, c.AccountID, "HANDSHAKE_RATE_LIMIT_EXCEEDED", now()), FactMemberRefused)
		if m := memberOf(c, second); m.Error.Reason != CanceledAtAWS || !m.RetryAt.IsZero() {
			t.Errorf("it is %+v", m)
		}
		told(t, OrganizationSeen(c, NotAllFeatures, now().Add(day)), FactMemberRefused)
		if m := memberOf(c, second); m.Error.Reason != CanceledAtAWS {
			t.Errorf("it is %+v", m)
		}
	})
}

func TestMembersAreChanged(t *testing.T) {
	t.Run("one that is taken out is cancelled at AWS, and may be faster", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		facts, err := RemoveMember(c, second, "sold", now())
		if told(t, facts, FactMemberRemoved); err != nil || stateOf(c, second) != MemberInvited || !due(CancelMemberWanted(c), now()) {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		faster := clone(t, c)
		m := memberOf(c, second)
		told(t, MemberCancelSent(c, second, MemberInvitation{HandshakeID: m.HandshakeID, State: Canceled}, now()), FactMemberCancelled)
		if stateOf(c, second) != MemberCancelled || slices.Contains(AccountsHeld(c), second) {
			t.Error(dump(t, c))
		}
		accepted := MemberInvitation{HandshakeID: m.HandshakeID, State: Accepted}
		told(t, MemberCancelSent(faster, second, accepted, now()), FactMemberJoined, FactEffective)
		if w := faster.Waiting(); w.Owner != process.Reseller || w.Text.Key != "wait.member-unwanted" || !w.Escalated {
			t.Fatalf("it waits for %+v", w)
		}
		if _, err := ReinviteMember(faster, second, now()); err != nil || memberOf(faster, second).Removed != "" {
			t.Errorf("%v: %s", err, dump(t, faster))
		}
	})
	t.Run("an answer that is not known is settled first", func(t *testing.T) {
		c := linked(t)
		OrganizationSeen(c, "", now())
		IntendMember(c, second, now())
		c.Intents.Begin(EffectInviteMember, second, "")
		_, err := ReinviteMember(c, second, now())
		refused(t, err, ReasonInvitationPending)
		if _, err := RemoveMember(c, second, "sold", now()); err != nil || stateOf(c, second) != MemberPrepared || !Outstanding(c) {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		found := clone(t, c)
		c.Intents.End(EffectInviteMember, second)
		told(t, MemberAbsent(c, second, now()), FactMemberCancelled)
		found.Intents.End(EffectInviteMember, second)
		told(t, MemberAnswered(found, sentTo(second, now()), now()), FactMemberInvited)
		if !due(CancelMemberWanted(found), now()) {
			t.Error(dump(t, found))
		}
	})
	t.Run("another one takes its place, also that of the first", func(t *testing.T) {
		c := linked(t)
		first := c.AccountID
		facts, err := CorrectMember(c, first, third, "typed wrong", now())
		if told(t, facts, FactMemberRemoved, FactMemberAdded); err != nil || c.AccountID == first || stateOf(c, first) != MemberCancelled ||
			stateOf(c, third) != MemberPrepared {
			t.Fatalf("%v: %s", err, dump(t, c))
		}
		for wrong, reason := range map[string]string{second: ReasonLinkedAccountsWrong, "12": process.ReasonAccountIDInvalid} {
			_, err := CorrectMember(c, third, wrong, "", now())
			refused(t, err, reason)
		}
		_, err = CorrectMember(c, first, third, "", now())
		refused(t, err, ReasonLinkedAccountUnknown)
	})
	t.Run("the last one stays, and one that has joined", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		answered(c, second, Accepted, now())
		_, err := RemoveMember(c, second, "sold", now())
		refused(t, err, ReasonLinkedAccountJoined)
		c = linked(t)
		if _, err := RemoveMember(c, second, "sold", now()); err != nil {
			t.Fatal(err)
		}
		_, err = RemoveMember(c, c.AccountID, "sold", now())
		refused(t, err, ReasonLinkedAccountsWrong)
	})
	t.Run("a journey that ends takes all back, and one that goes on after all invites again", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		if facts := c.Stop(now()); facts != nil || c.State != Proposed || len(CancelMemberWanted(c)) != 2 {
			t.Fatalf("told %v: %s", names(facts), dump(t, c))
		}
		kept := clone(t, c)
		for _, account := range []string{c.AccountID, second} {
			MemberCancelSent(c, account, MemberInvitation{HandshakeID: HandshakeOf(c, account), State: Canceled}, now())
		}
		if c.State != Ended || c.EndReason != NotEstablished || len(AccountsHeld(c)) != 0 {
			t.Fatal(dump(t, c))
		}
		MemberCancelSent(kept, second, MemberInvitation{HandshakeID: HandshakeOf(kept, second), State: Canceled}, now())
		if kept.Resume(); stateOf(kept, second) != MemberPrepared || len(CancelMemberWanted(kept)) != 0 {
			t.Error(dump(t, kept))
		}
	})
	t.Run("what AWS does not cancel is Operations' at once, and tried once a day", func(t *testing.T) {
		c := linked(t)
		inviting(t, c, now())
		c.Stop(now())
		told(t, MemberCancelRefused(c, second, AccessDenied, now()), FactCancelRefused)
		if CancelBlocked(c) == nil || memberOf(c, second).CancelError == "" || MemberCancelRefused(c, second, AccessDenied, now()) != nil {
			t.Fatal(dump(t, c))
		}
		i := slices.IndexFunc(CancelMemberWanted(c), func(w intent.Want) bool { return w.Subject == second })
		if again := CancelMemberWanted(c)[i].At; !again.Equal(now().Add(day)) {
			t.Errorf("again at %v", again)
		}
	})
}

// TestMembersAtRandom throws answers and verbs at a membership, and holds it to what must always be so.
func TestMembersAtRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, when := linked(t), now()
		for range rapid.IntRange(1, 30).Draw(rt, "length") {
			when = when.Add(time.Duration(rapid.IntRange(0, 72).Draw(rt, "hours")) * time.Hour)
			account := rapid.SampledFrom([]string{"111122223333", second, third}).Draw(rt, "account")
			switch rapid.IntRange(0, 9).Draw(rt, "verb") {
			case 0:
				inviting(t, c, when)
			case 1:
				_, _ = ReinviteMember(c, account, when)
			case 2:
				_, _ = RemoveMember(c, account, "so", when)
			case 3:
				_, _ = CorrectMember(c, account, rapid.SampledFrom([]string{second, third}).Draw(rt, "right"), "so", when)
			case 4:
				s := rapid.SampledFrom([]InvitationState{Requested, Accepted, Declined, Expired, Canceled}).Draw(rt, "answer")
				if m := memberOf(c, account); m != nil {
					answered(c, account, s, when)
				}
			case 5:
				if len(CheckOrganizationWanted(c)) > 0 {
					OrganizationSeen(c, NotAllFeatures, when)
				}
			case 6:
				c.Stop(when)
			case 7:
				c.Resume()
			case 8:
				there := rapid.SliceOf(rapid.SampledFrom([]string{"111122223333", second, third})).Draw(rt, "there")
				list := shows(when, there...)
				if rapid.Bool().Draw(rt, "closed") {
					list.Active[account] = false
				}
				news(c, Listed{Members: list, At: when})
			case 9:
				_, _ = AcknowledgeDeparture(c, account, "so", when)
			}
			soundMembers(rt, c)
		}
	})
}

// soundMembers holds of every membership: nobody is in it twice, it has the accounts that people want, and whatever does not go on by
// itself has somebody who must act, and none binds that nobody is in or is to come to.
func soundMembers(rt *rapid.T, c *Connection) {
	seen := map[string]int{}
	moving := c.State == Ended || c.State == Ending || Joined(c) || Outstanding(c) || c.Stopped
	for _, m := range c.Members {
		if m.State != MemberCancelled {
			seen[m.AccountID]++
		}
		moving = moving || m.State == MemberPrepared && m.Error == nil
	}
	for account, n := range seen {
		if n > 1 {
			rt.Fatalf("%s is there %d times", account, n)
		}
	}
	if c.State == Effective && !slices.ContainsFunc(c.Members, func(m Member) bool {
		open := m.State == MemberPrepared || m.State == MemberDeclined || m.State == MemberExpired
		return m.inside() || m.State == MemberInvited || m.asked(c) || open && m.Removed == "" && !c.Stopped
	}) {
		rt.Fatalf("it binds, with nobody in it and nobody to come: %+v", c.Members)
	}
	if !moving && c.Waiting() == nil {
		rt.Fatalf("nobody acts, and nobody is waited for: %+v", c.Members)
	}
	if c.State == Ended && Outstanding(c) {
		rt.Fatalf("ended with an invitation outstanding: %+v", c.Members)
	}
	if wanted := WantedAccounts(c); len(wanted) > 0 && !slices.Contains(wanted, c.AccountID) && c.State == Proposed && !c.Stopped {
		rt.Fatalf("it is known by %s, and wants %v", c.AccountID, wanted)
	}
}
