package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

// member returns a connection by membership in the payer's organization, from December on.
func member(t testing.TB) *Connection {
	t.Helper()
	c, facts := Propose(Membership, policy(), subject())
	told(t, facts, FactProposed)
	told(t, c.Join(now()), FactCheckRequested)
	c.PayerID = "pay_1"
	if !due(CheckMembershipWanted(c), now()) {
		t.Fatalf("looks %+v", CheckMembershipWanted(c))
	}
	told(t, membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, now()), FactMemberJoined, FactEffective)
	return c
}

// nobody is what AWS lists of an organization without active members.
func nobody() MembersListed { return MembersListed{Active: map[string]bool{}} }

func TestMembership(t *testing.T) {
	t.Run("it binds from the first full month on", func(t *testing.T) {
		c := member(t)
		if !c.StartAt.Equal(at("2026-12-01")) || c.State != Effective || c.UsesQuota() || c.AccountHeld() == "" {
			t.Fatal(dump(t, c))
		}
		if facts := c.Join(now().Add(40 * day)); facts != nil {
			t.Errorf("it joined twice: %v", names(facts))
		}
		first, _ := Propose(Membership, policy(), subject())
		first.Join(at("2026-12-01"))
		membersSeen(first, MembersListed{Active: active(first)}, time.Time{}, at("2026-12-01"))
		if !first.StartAt.Equal(at("2027-01-01")) {
			t.Errorf("the month had begun: %v", first.StartAt)
		}
	})
	t.Run("what people say binds nothing that AWS does not list, and is looked at once", func(t *testing.T) {
		c := linked(t)
		c.Join(now())
		told(t, membersSeen(c, MembersListed{Active: map[string]bool{second: true}}, time.Time{}, now()), FactMemberJoined, FactEffective)
		if c.Attested != Wrong || Missing(c)[0] != c.AccountID || c.Join(now()) != nil || due(CheckMembershipWanted(c), now()) {
			t.Fatal(dump(t, c))
		}
		Unattest(c)
		c.Join(now())
		told(t, membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, now()), FactMemberJoined)
		if c.Attested != Proven || due(CheckMembershipWanted(c), now()) {
			t.Error(dump(t, c))
		}
	})
	t.Run("it is looked at once a week, besides the sweep, and when somebody asks", func(t *testing.T) {
		c := member(t)
		if !next(CheckMembershipWanted(c)).Equal(now().Add(unheardBeat)) {
			t.Fatalf("got %+v", CheckMembershipWanted(c))
		}
		later := now().Add(unheardBeat)
		facts := membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, later)
		if facts != nil || !next(CheckMembershipWanted(c)).Equal(later.Add(unheardBeat)) {
			t.Fatalf("told %v, wanted %+v", names(facts), CheckMembershipWanted(c))
		}
		if _, err := c.AskCheck(); err != nil || !due(CheckMembershipWanted(c), later) {
			t.Fatalf("got %+v %v", CheckMembershipWanted(c), err)
		}
	})
	t.Run("one that has left is billed to its end of the month", func(t *testing.T) {
		c := member(t)
		membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, at("2026-12-19"))
		told(t, membersSeen(c, nobody(), time.Time{}, at("2026-12-20")), FactMemberLeft, FactEnding)
		if !c.EndAt.Equal(at("2027-01-01")) || c.EndReason != LeftOrganization || len(CheckMembershipWanted(c)) != 0 || len(c.Wanted()) != 1 {
			t.Fatal(dump(t, c))
		}
		m := c.Members[0]
		if !m.JoinedAt.Equal(now()) || !m.StartAt.Equal(c.StartAt) || !m.LeftAt.Equal(at("2026-12-20")) {
			t.Errorf("it belonged to it %+v", m)
		}
		if facts := membersSeen(c, nobody(), time.Time{}, at("2026-12-21")); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
	})
	t.Run("one that AWS lists and does not hold active was closed", func(t *testing.T) {
		c := member(t)
		closed := MembersListed{Active: map[string]bool{c.AccountID: false}}
		told(t, membersSeen(c, closed, time.Time{}, at("2027-01-20")), FactAccountClosed)
		if m := c.Members[0]; m.State != MemberClosed || !m.ClosedAt.Equal(at("2027-01-20")) || !m.LeftAt.IsZero() || c.State != Effective {
			t.Fatal(dump(t, c))
		}
		reopened := clone(t, c)
		told(t, membersSeen(reopened, MembersListed{Active: active(c)}, time.Time{}, at("2027-01-22")), FactAccountReopened)
		if m := reopened.Members[0]; m.State != MemberJoined || !m.ClosedAt.IsZero() || !m.StartAt.Equal(c.Members[0].StartAt) {
			t.Errorf("reopened it is %+v", m)
		}
		membersSeen(c, closed, time.Time{}, at("2027-04-18"))
		told(t, membersSeen(c, nobody(), time.Time{}, at("2027-04-20")), FactMemberLeft, FactEnding)
		if c.EndReason != AccountClosed || !c.EndAt.Equal(at("2027-05-01")) || c.Wanted()[0].Title.Key != "case.ending.title-closed" {
			t.Errorf("it ends by %s, and wishes for %+v", c.EndReason, c.Wanted())
		}
	})
	t.Run("one that is found gone after the month ends with the month in which it was last seen, and people confirm that", func(t *testing.T) {
		c := member(t)
		membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, at("2026-12-31"))
		told(t, membersSeen(c, nobody(), time.Time{}, at("2027-01-01T09:00:00Z")), FactMemberLeft, FactEnding, FactEnded)
		if !c.EndAt.Equal(at("2027-01-01")) || c.Wanted()[0].Body.Key != "case.ending.unsure" {
			t.Fatalf("it ends at %s, and wishes for %+v", c.EndAt, c.Wanted())
		}
	})
	t.Run("one that a sweep has seen since ends with that month", func(t *testing.T) {
		c := member(t)
		told(t, membersSeen(c, nobody(), at("2027-01-02"), at("2027-01-03")), FactMemberLeft, FactEnding)
		if !c.EndAt.Equal(at("2027-02-01")) {
			t.Errorf("it ends at %v", c.EndAt)
		}
	})
	t.Run("one that has left before it began ends at once", func(t *testing.T) {
		c := member(t)
		told(t, membersSeen(c, nobody(), time.Time{}, now()), FactMemberLeft, FactEnding, FactEnded)
		if c.Charged() || c.AccountHeld() != "" {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("a billing transfer is none", func(t *testing.T) {
		c := fresh(t)
		if c.Join(now()) != nil || membersSeen(bound(t), nobody(), time.Time{}, now()) != nil || len(CheckMembershipWanted(bound(t))) != 0 {
			t.Error(dump(t, c))
		}
	})
}

func TestEndComesByDate(t *testing.T) {
	c := in(t, Ending)
	if end := at("2027-01-01"); !c.Next().Equal(end) || c.Tick(end.Add(-time.Second)) != nil || !c.Charged() {
		t.Fatalf("got %v", c.Next())
	}
	told(t, c.Tick(at("2027-01-01")), FactEnded)
	if c.State != Ended || !c.Next().IsZero() || c.Tick(at("2027-02-01")) != nil {
		t.Error(dump(t, c))
	}
	for _, s := range []State{Proposed, Effective, Ended} {
		if c := in(t, s); !c.Next().IsZero() || c.Tick(now().Add(1000*day)) != nil {
			t.Errorf("%s has a date: %v", s, c.Next())
		}
	}
}

func TestWhatAStateHolds(t *testing.T) {
	for s, want := range map[State]struct{ held, quota, bound bool }{
		Proposed: {true, true, false}, Effective: {true, true, true}, Ending: {true, true, true}, Ended: {false, false, false},
	} {
		c := in(t, s)
		if (c.AccountHeld() != "") != want.held || c.UsesQuota() != want.quota || c.Bound() != want.bound {
			t.Errorf("%s: holds %q, quota %v, bound %v", s, c.AccountHeld(), c.UsesQuota(), c.Bound())
		}
	}
	refused(t, AccountInTransfer("111122223333", "trf_2"), ReasonAccountInTransfer)
	refused(t, AccountInTransfer("111122223333", ""), ReasonAccountInTransfer)
}

func TestStop(t *testing.T) {
	t.Run("with nothing at AWS it is over at once, and what was planned is forgotten", func(t *testing.T) {
		c := fresh(t)
		if _, err := c.Reinvite(time.Time{}, now()); err != nil {
			t.Fatal(err)
		}
		told(t, c.Stop(now()), FactEnded)
		if len(c.Invitations) != 0 || c.EndReason != NotEstablished || c.AccountHeld() != "" {
			t.Error(dump(t, c))
		}
	})
	t.Run("what binds is not stopped", func(t *testing.T) {
		c := bound(t)
		if facts := c.Stop(now()); facts != nil || c.State != Effective || len(TermWanted(c)) != 0 {
			t.Fatalf("told %v, wanted %+v", names(facts), TermWanted(c))
		}
		if c.Resume(); len(TermWanted(c)) != 1 {
			t.Error("it is not wanted again")
		}
	})
}

func TestAccount(t *testing.T) {
	s := subject()
	s.AccountID = ""
	c, _ := Propose(BillingTransfer, policy(), s)
	demand(c, now(), everyCondition()...)
	if report(c, AccountValid).Met || len(InviteWanted(c)) != 0 || c.AccountHeld() != "" || c.Role.ARN(c.AccountID) != "" {
		t.Fatal(dump(t, c))
	}
	told(t, c.EnterAccount("111122223333"), FactAccountEntered)
	if c.EnterAccount("111122223333") != nil || !report(c, AccountValid).Met || !due(InviteWanted(c), now()) {
		t.Fatal(dump(t, c))
	}
	ask(t, c, now())
	heard(c, "1")
	InviteRefused(c, "1", Judge("TARGET_ACCOUNT_VALIDATION_FAILURE"), now())
	ForgetAccount(c)
	if c.EnterAccount("444455556666"); !due(InviteWanted(c), now()) {
		t.Errorf("what AWS said of another account holds it up: %+v", InviteWanted(c))
	}
}

func TestDemand(t *testing.T) {
	c, wanted := fresh(t), map[process.Condition]Demand{RoleDeployed: {Since: now()}}
	if !c.Demand(wanted) || c.Demand(wanted) || c.Demand(map[process.Condition]Demand{RoleDeployed: {Since: now().Local()}}) {
		t.Error("the same is a change")
	}
	if !c.Demand(map[process.Condition]Demand{RoleDeployed: {Since: now(), Relaxed: true}}) || !c.Demand(nil) ||
		c.Demand(map[process.Condition]Demand{}) {
		t.Error("a change is none")
	}
}

func TestChargesDecided(t *testing.T) {
	c := in(t, Ending)
	if c.Decided("") != nil {
		t.Error("nobody has decided")
	}
	facts := c.Decided(CustomerPays)
	if told(t, facts, FactChargesDecided); facts[0].Audience != "OPERATOR" || c.ChargesPaidBy != CustomerPays ||
		c.Decided(CustomerPays) != nil {
		t.Errorf("told %+v", facts)
	}
}
