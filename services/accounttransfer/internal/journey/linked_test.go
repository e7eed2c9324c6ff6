package journey

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

const third = "777788889999"

// begun is a legacy transfer whose payer is named, so that AWS is asked to invite its accounts.
func begun(t testing.TB) *life {
	t.Helper()
	l := legacy(t, "ecam-unused", false)
	l.does("create-master-payer", now())
	return l
}

// TestReminderOfInvitations: the customer is reminded of the accounts that are to answer, anew for another invitation, and of none when
// all have answered.
func TestReminderOfInvitations(t *testing.T) {
	l := begun(t)
	l.invites(now())
	first := l.tr.Wanted()
	l.join(now(), other)
	if rest := l.tr.Wanted(); len(first) != 1 || first[0].Params["accounts"] != "111122223333, "+other || len(rest) != 1 ||
		rest[0].Params["accounts"] != "111122223333" || rest[0].Key != first[0].Key {
		t.Fatalf("wished for %+v, then %+v", first, rest)
	}
	later := now().Add(3 * day)
	id := connection.HandshakeOf(l.con, "111122223333")
	l.heard(later, connection.MembersSeen(l.con, connection.MembersListed{Invitations: map[string]connection.MemberInvitation{
		id: {AccountID: "111122223333", HandshakeID: id, State: connection.Declined},
	}}, time.Time{}, later))
	if len(l.tr.Wanted()) != 0 {
		t.Errorf("nobody is to answer, and it wishes for %+v", l.tr.Wanted())
	}
	if _, err := ReinviteLinked(l.tr, l.con, "111122223333", later); err != nil {
		t.Fatal(err)
	}
	l.invites(later)
	if again := l.tr.Wanted(); len(again) != 1 || again[0].Key == first[0].Key || !again[0].At.Equal(later) {
		t.Errorf("wished for %+v", again)
	}
}

// linkedEvent is something that happens to a linked account, at AWS or by people.
type linkedEvent struct {
	name string
	do   func(l *life, account string, when time.Time) (Changes, error)
}

func linkedEvents() []linkedEvent {
	answer := func(s connection.InvitationState) func(*life, string, time.Time) (Changes, error) {
		return func(l *life, account string, when time.Time) (Changes, error) {
			id := connection.HandshakeOf(l.con, account)
			inv := connection.MemberInvitation{AccountID: account, HandshakeID: id, State: s}
			seen := connection.MembersListed{Invitations: map[string]connection.MemberInvitation{id: inv}}
			return Changes{Connection: connection.MembersSeen(l.con, seen, time.Time{}, when)}, nil
		}
	}
	return []linkedEvent{
		{"AWS invites all", func(l *life, _ string, when time.Time) (Changes, error) { l.invites(when); return Changes{}, nil }},
		{"AWS refuses", func(l *life, account string, when time.Time) (Changes, error) {
			if len(connection.InviteMemberWanted(l.con)) == 0 {
				return Changes{}, nil
			}
			return Changes{Connection: connection.MemberRefused(l.con, account, connection.AlreadyMember, when)}, nil
		}},
		{"it accepts", answer(connection.Accepted)},
		{"it declines", answer(connection.Declined)},
		{"it expires", answer(connection.Expired)},
		{"it is cancelled", answer(connection.Canceled)},
		{"all leave", func(l *life, _ string, when time.Time) (Changes, error) {
			seen := connection.MembersListed{Active: map[string]bool{}}
			return Changes{Connection: connection.MembersSeen(l.con, seen, time.Time{}, when)}, nil
		}},
		{"reinvite", func(l *life, account string, when time.Time) (Changes, error) {
			return ReinviteLinked(l.tr, l.con, account, when)
		}},
		{"remove", func(l *life, account string, when time.Time) (Changes, error) {
			return RemoveLinked(l.tr, l.con, account, "so", when)
		}},
		{"correct", func(l *life, account string, when time.Time) (Changes, error) {
			return CorrectLinked(l.tr, l.con, account, third, "so", operator(), when)
		}},
		{"cancel", func(l *life, _ string, when time.Time) (Changes, error) {
			return Changes{Transfer: l.tr.Cancel("so", operator(), when)}, nil
		}},
		{"keep", func(l *life, _ string, when time.Time) (Changes, error) {
			facts, err := l.tr.Decide(l.con, Answer{Outcome: KeepTransfer, Reason: "so"}, operator(), when)
			return Changes{Transfer: facts}, err
		}},
		{"withdraw", func(l *life, _ string, when time.Time) (Changes, error) {
			facts, err := l.tr.Decide(l.con, wayOut(), operator(), when)
			return Changes{Transfer: facts}, err
		}},
	}
}

func wayOut() Answer {
	return Answer{Outcome: WithdrawTransfer, ChargesPaidBy: connection.CustomerPays, Reason: "so"}
}

// TestKeptWhileAccountsLeave: until the last account has left, nothing was done at AWS, and the customer may change its mind.
func TestKeptWhileAccountsLeave(t *testing.T) {
	l := begun(t)
	l.invites(now())
	l.join(now(), "111122223333", other)
	l.did(now())(l.tr.Cancel("so", operator(), now()), nil)
	for _, a := range []Answer{wayOut(), {Outcome: KeepTransfer, Reason: "They want it after all."}} {
		l.decide(a, now())
	}
	if l.tr.State != InProgress || l.con.Withdrawing() || l.con.Stopped || connection.Leaving(l.con) != nil {
		t.Error(l.dump())
	}
	if _, err := l.tr.Decide(l.con, wayOut(), operator(), now()); err == nil {
		t.Error("nothing is to be decided any more")
	}
}

// TestLinkedAccountsAtRandom throws at a legacy transfer what accounts answer and what people decide, in any order.
func TestLinkedAccountsAtRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l, when := begun(t), now()
		for range rapid.IntRange(1, 30).Draw(rt, "length") {
			when = when.Add(time.Duration(rapid.IntRange(0, 72).Draw(rt, "hours")) * time.Hour)
			e := rapid.SampledFrom(linkedEvents()).Draw(rt, "event")
			account := rapid.SampledFrom([]string{"111122223333", other, third}).Draw(rt, "account")
			before := l.dump()
			if _, err := e.do(l, account, when); err != nil && l.dump() != before {
				rt.Fatalf("%s was refused and left a trace: %v", e.name, err)
			}
			Agree(l.tr, l.con, when)
			l.idempotent(rt, e.name, when)
			l.soundLinked(rt, e.name)
		}
	})
}

// soundLinked holds of every legacy transfer: both lives are about the same accounts, one that has ended has nothing outstanding at AWS,
// and one that stands still says who must act.
func (l *life) soundLinked(rt *rapid.T, after string) {
	tr, con := l.tr, l.con
	wanted := connection.WantedAccounts(con)
	named := append([]string{tr.AccountID}, tr.Linked...)
	slices.Sort(wanted)
	slices.Sort(named)
	switch {
	case tr.underWay() && con.State == connection.Proposed && !slices.Equal(wanted, named):
		rt.Fatalf("%s: the transfer is of %v, the connection of %v", after, named, wanted)
	case con.State == connection.Ended && connection.Outstanding(con):
		rt.Fatalf("%s: ended with an invitation outstanding", after)
	case (tr.State == Failed || tr.State == Cancelled) && (con.State == connection.Proposed || con.State == connection.Effective):
		rt.Fatalf("%s: the transfer is %s, its connection %s", after, tr.State, con.State)
	case !tr.State.Ended() && tr.Waiting() == nil && l.next().IsZero() && len(connection.InviteMemberWanted(con)) == 0:
		rt.Fatalf("%s: nobody acts, and nobody is waited for: %s", after, l.dump())
	}
	if s := tr.For(connection.MembersJoined); s.State == process.Done != connection.Joined(con) && tr.underWay() {
		rt.Fatalf("%s: the step is %s: %s", after, s.State, l.dump())
	}
}
