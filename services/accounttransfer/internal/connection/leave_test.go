package connection

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// settledMember is a membership whose journey has ended.
func settledMember(t testing.TB) *Connection {
	t.Helper()
	c := member(t)
	c.JourneyEndedAt, c.Policy.EscalateIn = now(), day
	return c
}

// TestMembershipIsWithdrawn: people have the accounts leave, the suite looks until none is left, and Operations is told when that takes
// long.
func TestMembershipIsWithdrawn(t *testing.T) {
	c, decided := settledMember(t), at("2026-12-05")
	under := member(t)
	_, err := AskWithdrawal(under, "It is over.", decided)
	refused(t, err, ReasonStateRefuses)
	_, err = AskWithdrawal(c, "", decided)
	refused(t, err, process.ReasonFieldRequired)
	if facts, err := AskWithdrawal(c, "It is over.", decided); err != nil || facts[0].Name != FactEndRequested || facts[0].Reason == "" {
		t.Fatal(facts, err)
	}
	_, err = AskWithdrawal(c, "Again.", decided)
	refused(t, err, ReasonStateRefuses)
	_, err = RecordReturn(c, "A recording.", call.Actor{Role: "OPERATOR"}, decided)
	refused(t, err, ReasonAccountsMustLeave)
	if w := c.Waiting(); w == nil || w.Owner != process.Reseller || w.Text.Key != "wait.leaving" || w.Text.Params["accounts"] != c.AccountID {
		t.Fatalf("it waits for %+v", w)
	}
	if len(WithdrawWanted(c)) != 0 || next(CheckMembershipWanted(c)).After(decided) {
		t.Fatalf("it wants %+v, %+v", WithdrawWanted(c), CheckMembershipWanted(c))
	}
	membersSeen(c, MembersListed{Active: active(c)}, time.Time{}, decided)
	if at := next(CheckMembershipWanted(c)); !at.After(decided) || at.After(decided.Add(longestBeat)) {
		t.Errorf("it looks again at %s", at)
	}
	late := c.Next()
	told(t, c.Tick(late), FactWaitEscalated)
	if !c.Waiting().Escalated || len(c.Wanted()) != 2 {
		t.Errorf("escalated it wishes for %+v", c.Wanted())
	}
	told(t, membersSeen(c, nobody(), time.Time{}, at("2026-12-20")), FactMemberLeft, FactEnding)
	if c.EndReason != WithdrawnByReseller || c.Waiting() != nil || len(c.Wanted()) != 0 {
		t.Error(dump(t, c))
	}
}

// TestOrganizationIsHandedBack: a master account is always in its own organization, so that somebody says that it was handed back.
func TestOrganizationIsHandedBack(t *testing.T) {
	c, decided, by := settledMember(t), at("2026-12-05"), call.Actor{Subject: "op-1", Role: "OPERATOR"}
	c.PayerAccountID = c.AccountID
	_, err := RecordReturn(c, "A recording.", by, decided)
	refused(t, err, ReasonStateRefuses)
	if _, err := AskWithdrawal(c, "It is over.", decided); err != nil {
		t.Fatal(err)
	}
	if w := c.Waiting(); w == nil || w.Owner != process.Reseller || w.Text.Key != "wait.handing-back" ||
		!next(CheckMembershipWanted(c)).Equal(c.CheckedAt.Add(unheardBeat)) {
		t.Fatalf("it waits for %+v, and looks at %+v", w, CheckMembershipWanted(c))
	}
	_, err = RecordReturn(c, "", by, decided)
	refused(t, err, process.ReasonEvidenceRequired)
	facts, err := RecordReturn(c, "A recording.", by, decided)
	if err != nil || facts[0].Audience != "CUSTOMER" || facts[0].Reason != "" ||
		facts[1].Reason != "A recording." || facts[1].Audience != "OPERATOR" {
		t.Fatal(facts, err)
	}
	told(t, facts, FactReturned, FactReturned, FactEnding)
	for range 2 { // also when the end has come
		if m := c.Wanted(); len(m) != 1 || m[0].Name != "organization-returned" || m[0].To != "PRIMARY" ||
			m[0].Params["account_id"] != c.AccountID || m[0].Params["end"] != "2027-01-01T00:00:00Z" || !OwnOrganization(c) {
			t.Errorf("the customer gets %+v", m)
		}
		copied := *c
		c = &copied
		c.State = Ended
	}
	c.State = Ending
	if !c.EndAt.Equal(at("2027-01-01")) || c.EndReason != WithdrawnByReseller || len(AccountsHeld(c)) != 1 {
		t.Fatal(dump(t, c))
	}
	told(t, c.Tick(c.EndAt), FactEnded)
	if m := c.Members[0]; m.State != MemberLeft || !m.LeftAt.Equal(c.EndAt) || len(AccountsHeld(c)) != 0 {
		t.Error(dump(t, c))
	}
}

// TestWithdrawalIsDropped: what AWS has refused, or nobody has carried out, can be kept; what AWS was asked cannot.
func TestWithdrawalIsDropped(t *testing.T) {
	c := settledMember(t)
	_, err := AskKeep(c, 0, "It stays.", now())
	refused(t, err, ReasonStateRefuses)
	if _, err := AskWithdrawal(c, "It is over.", now()); err != nil {
		t.Fatal(err)
	}
	_, err = AskKeep(c, 0, "", now())
	refused(t, err, process.ReasonFieldRequired)
	if facts, err := AskKeep(c, 0, "It stays.", now()); err != nil || facts[0].Name != FactEndDropped || c.Waiting() != nil {
		t.Fatal(facts, err)
	}
	told(t, membersSeen(c, nobody(), at("2026-12-19"), at("2026-12-20")), FactMemberLeft, FactEnding)
	if c.EndReason != LeftOrganization {
		t.Errorf("kept, it ends by %s", c.EndReason)
	}

	b := &Connection{Basis: BillingTransfer, State: Effective, JourneyEndedAt: now(), Policy: Policy{EscalateIn: day}}
	if _, err := AskWithdrawal(b, "It is over.", now()); err != nil {
		t.Fatal(err)
	}
	_, err = AskKeep(b, 0, "It stays.", now())
	refused(t, err, ReasonStateRefuses)
	problem(b, text.New("decision.term-binds", "reason", InvalidEndDate))
	if w := b.Waiting(); w == nil || w.Owner != process.Reseller || w.Text.Params["reason"] != InvalidEndDate ||
		!b.Next().Equal(now().Add(day)) {
		t.Fatalf("stuck it waits for %+v until %s", w, b.Next())
	}
	_, err = AskKeep(b, 2, "Another one stays.", now())
	refused(t, err, ReasonStateRefuses)
	if _, err := AskKeep(b, 1, "It stays.", now()); err != nil || b.Waiting() != nil {
		t.Fatal(err, b.Waiting())
	}
}
