package payer_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/payer"
)

func TestJudge(t *testing.T) {
	listed := created()
	before, since := listed.Add(-time.Second), listed
	for _, c := range []struct {
		what   string
		ours   *payer.Ours
		status payer.Status
		want   payer.Standing
	}{
		{"nobody's", nil, payer.Requested, payer.Abandoned},
		{"nobody's, and accepted", nil, payer.Accepted, payer.Abandoned},
		{"under way, or an open decision", &payer.Ours{}, payer.Accepted, payer.Fine},
		{"with an agreement", &payer.Ours{Ended: true, EndedAt: before, Agreed: true}, payer.Accepted, payer.Fine},
		{"complete without an agreement", &payer.Ours{Ended: true, EndedAt: before}, payer.Accepted, payer.Abandoned},
		{"outlived its transfer", &payer.Ours{Ended: true, EndedAt: before}, payer.Requested, payer.Late},
		{"a twin of an agreed one", &payer.Ours{Ended: true, EndedAt: before, Agreed: true}, payer.Requested, payer.Late},
		{"nobody's, and over", nil, "EXPIRED", payer.Fine},
		{"ended since it was listed", &payer.Ours{Ended: true, EndedAt: since}, payer.Accepted, payer.Fine},
	} {
		if got := payer.Judge(payer.Seen{Status: c.status}, c.ours, listed); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
	}
}

// A payer that AWS does not let us into has one case until it does, and is tried again within the hour.
func TestShutOut(t *testing.T) {
	p := saved(t)
	facts := must(t)(p.NotSwept("ACCESS_DENIED", created()))
	if len(facts) != 1 || facts[0].Name != payer.FactAccessLost || !p.SweepAt.Equal(created().Add(time.Hour)) {
		t.Fatalf("told %+v, next %s", facts, p.SweepAt)
	}
	if again := must(t)(p.NotSwept("ACCESS_DENIED", created().Add(time.Hour))); again != nil {
		t.Fatalf("told twice: %+v", again)
	}
	wishes := p.Wanted()
	if len(wishes) != 1 || wishes[0].Key != "case/shut-out" || wishes[0].Priority != "P1" || wishes[0].Kind != intent.Case {
		t.Fatalf("it wishes for %+v", wishes)
	}
	facts = must(t)(p.Swept(nil, false, created().Add(2*time.Hour), created().Add(2*time.Hour)))
	if len(facts) != 1 || facts[0].Name != payer.FactAccessRestored || len(p.Wanted()) != 0 {
		t.Fatalf("told %+v, it wishes for %+v", facts, p.Wanted())
	}
}

// A payer whose sweeps fail for another reason has such a case, too, after a day.
func TestUnswept(t *testing.T) {
	p := saved(t)
	must(t)(p.Swept(nil, false, created(), created().Add(5*time.Minute)))
	if !p.SweptAt.Equal(created()) { // what was listed is as old as the list
		t.Errorf("swept at %v", p.SweptAt)
	}
	late := p.SweepAt.Add(24 * time.Hour)
	if !p.Next().Equal(late) || p.Tick(late.Add(-time.Second)) != nil {
		t.Fatalf("told at %v", p.Next())
	}
	facts := p.Tick(late)
	if len(facts) != 1 || facts[0].Name != payer.FactAccessLost || facts[0].Reason != payer.Unswept || !p.Next().IsZero() ||
		p.Tick(late) != nil {
		t.Fatalf("told %+v, next %v", facts, p.Next())
	}
	if w := p.Wanted(); len(w) != 1 || w[0].Title.Key != "case.unswept.title" {
		t.Fatalf("it wishes for %+v", w)
	}
	facts = must(t)(p.Swept(nil, false, late, late))
	if len(facts) != 1 || facts[0].Name != payer.FactAccessRestored || len(p.Wanted()) != 0 {
		t.Fatalf("told %+v", facts)
	}
}

// An invitation that AWS does not let us cancel has a case.
func TestALateInvitationThatStays(t *testing.T) {
	p := saved(t)
	late := finding(1)
	late.Status, late.Late = payer.Requested, true
	must(t)(p.Swept([]payer.Finding{late}, false, created(), created()))
	if len(p.Wanted()) != 0 {
		t.Fatalf("it is cancelled, and it wishes for %+v", p.Wanted())
	}
	must(t)(p.LateRefused("rt-1", created()))
	if len(p.Wanted()) != 1 || !p.CancelWanted()[0].At.After(created()) {
		t.Fatalf("it wishes for %+v, and cancels at %+v", p.Wanted(), p.CancelWanted())
	}
}

func saved(t testing.TB) *payer.Payer {
	t.Helper()
	p, _, err := payer.New(valid(), created())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func finding(n int) payer.Finding {
	return payer.Finding{Seen: payer.Seen{
		AWSTransferID: fmt.Sprintf("rt-%d", n), AWSHandshakeID: "h-1", SourceAccountID: "111122223333", Status: payer.Accepted,
	}}
}

func must(t testing.TB) func([]fact.Fact, error) []fact.Fact {
	return func(facts []fact.Fact, err error) []fact.Fact {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return facts
	}
}

// told fails unless exactly these facts were told, of Operations' audience.
func told(t testing.TB, facts []fact.Fact, want ...string) {
	t.Helper()
	var got []string
	for _, f := range facts {
		got = append(got, f.Name)
		if f.Audience != fact.Operator || f.Details["aws_transfer_id"] == "" {
			t.Errorf("told is %+v", f)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("facts: got %v, want %v", got, want)
	}
}

// at is when the one effect is wanted.
func at(t testing.TB, wants []intent.Want) time.Time {
	t.Helper()
	if len(wants) != 1 {
		t.Fatalf("got %+v", wants)
	}
	return wants[0].At
}

func TestSweepBeat(t *testing.T) {
	p := saved(t)
	first := at(t, p.SweepWanted())
	if wait := first.Sub(created()); wait <= 0 || wait > time.Hour {
		t.Fatalf("first swept after %v", wait)
	}
	must(t)(p.Swept(nil, false, first, first))
	if next := at(t, p.SweepWanted()); !next.Equal(first.Add(24*time.Hour)) || !p.SweptAt.Equal(first) {
		t.Errorf("next swept at %v", next)
	}
	must(t)(p.Swept(nil, true, first, first)) // a customer is still to answer
	if next := at(t, p.SweepWanted()); !next.Equal(first.Add(4 * time.Hour)) {
		t.Errorf("next swept at %v", next)
	}
	must(t)(p.NotSwept("ACCESS_DENIED", first.Add(24*time.Hour)))
	if next := at(t, p.SweepWanted()); !p.SweptAt.Equal(first) || !next.Equal(first.Add(25*time.Hour)) {
		t.Errorf("a sweep that was not let in: swept at %v, next at %v", p.SweptAt, next)
	}
	must(t)(p.Revise(payer.Edit{ExternalID: ptr("other")}, created()))
	if at(t, p.SweepWanted()).After(first) {
		t.Error("another way in is not tried at once")
	}
}

func TestFindingIsSettledByPeople(t *testing.T) {
	p, now := saved(t), created().Add(time.Hour)
	told(t, must(t)(p.Swept([]payer.Finding{finding(1)}, false, now, now)), payer.FactUnclaimedFound)
	told(t, must(t)(p.Swept([]payer.Finding{finding(1)}, false, now.Add(24*time.Hour), now.Add(24*time.Hour))))
	wishes := p.Wanted()
	if len(wishes) != 1 || wishes[0].Key != "case/rt-1" || wishes[0].Kind != intent.Case || wishes[0].Priority != "P2" ||
		wishes[0].Body.Key != "case.unclaimed.body" || wishes[0].Title.Params["account_id"] != "111122223333" {
		t.Fatalf("got %+v", wishes)
	}
	if u := p.Finding("rt-1"); !u.FoundAt.Equal(now) || len(p.CancelWanted()) != 0 {
		t.Fatalf("got %+v", u)
	}
	told(t, must(t)(p.Swept(nil, false, now, now)), payer.FactUnclaimedSettled)
	if len(p.Unclaimed)+len(p.Wanted()) != 0 || p.Finding("rt-1") != nil {
		t.Fatalf("left are %+v", p.Unclaimed)
	}
}

func TestCaseOfACustomer(t *testing.T) {
	p, f := saved(t), finding(1)
	f.Ours = &payer.Ours{TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", Ended: true}
	must(t)(p.Swept([]payer.Finding{f}, false, created(), created()))
	if w := p.Wanted()[0]; w.Customer != "cus_1" || w.Correlation != "ord_1" || w.Body.Key != "case.unclaimed.body-of-transfer" {
		t.Errorf("got %+v", w)
	}
}

// TestMemberFinding: a member is told apart by its account, and has a case of its own words.
func TestMemberFinding(t *testing.T) {
	p := saved(t)
	member := func(account string) payer.Finding {
		return payer.Finding{
			Seen: payer.Seen{SourceAccountID: account, Status: payer.Member},
			Ours: &payer.Ours{TransferID: "trf_1", CustomerID: "cus_1", Ended: true},
		}
	}
	found := []payer.Finding{member("111122223333"), member("444455556666")}
	facts := must(t)(p.Swept(found, false, created(), created()))
	if len(facts) != 2 || facts[1].Details["source_account_id"] != "444455556666" {
		t.Fatalf("told %+v", facts)
	}
	if again := must(t)(p.Swept(found, false, created(), created())); len(again) != 0 || len(p.CancelWanted()) != 0 {
		t.Errorf("told again %v", names(again))
	}
	for _, w := range p.Wanted() {
		if w.Title.Key != "case.unclaimed.title-of-member" || w.Body.Key != "case.unclaimed.body-of-member" || w.Customer != "cus_1" {
			t.Errorf("wished %+v", w)
		}
	}
	facts = must(t)(p.Swept(found[:1], false, created(), created()))
	if wishes := p.Wanted(); len(facts) != 1 || len(wishes) != 1 || wishes[0].Key != "case/111122223333" {
		t.Errorf("told %v, wished %+v", names(facts), wishes)
	}
}

func names(facts []fact.Fact) (all []string) {
	for _, f := range facts {
		all = append(all, f.Name)
	}
	return all
}

func TestLateInvitation(t *testing.T) {
	late := finding(1)
	late.Status, late.Late, late.Ours = payer.Requested, true, &payer.Ours{TransferID: "trf_1", CustomerID: "cus_1"}
	found := func(t *testing.T) (*payer.Payer, time.Time) {
		t.Helper()
		p, now := saved(t), created().Add(time.Hour)
		facts := must(t)(p.Swept([]payer.Finding{late}, false, now, now))
		if told(t, facts, payer.FactUnclaimedFound); facts[0].Details["transfer_id"] != "trf_1" {
			t.Errorf("told is %v", facts[0].Details)
		}
		if wants := p.CancelWanted(); at(t, wants).After(now) || wants[0].Subject != "rt-1" || len(p.Wanted()) != 0 {
			t.Fatalf("got %+v, wished %+v", wants, p.Wanted())
		}
		return p, now
	}
	t.Run("cancelled, it is settled without a case", func(t *testing.T) {
		p, now := found(t)
		told(t, must(t)(p.LateSeen("rt-1", "CANCELED", now)), payer.FactUnclaimedSettled)
		if len(p.Unclaimed)+len(p.Wanted())+len(p.CancelWanted()) != 0 {
			t.Errorf("left are %+v", p.Unclaimed)
		}
	})
	t.Run("accepted meanwhile, people settle it", func(t *testing.T) {
		p, now := found(t)
		told(t, must(t)(p.LateSeen("rt-1", payer.Accepted, now)))
		if len(p.Wanted()) != 1 || len(p.CancelWanted()) != 0 {
			t.Errorf("wished %+v", p.Wanted())
		}
	})
	t.Run("refused or not taken, it is tried again", func(t *testing.T) {
		p, now := found(t)
		must(t)(p.LateSeen("rt-1", payer.Requested, now))
		if next := at(t, p.CancelWanted()); !next.Equal(now.Add(time.Hour)) {
			t.Errorf("tried again at %v", next)
		}
		must(t)(p.LateRefused("rt-1", now))
		if next := at(t, p.CancelWanted()); !next.Equal(now.Add(24 * time.Hour)) {
			t.Errorf("tried again at %v", next)
		}
	})
	t.Run("one that is settled is nobody's", func(t *testing.T) {
		p, now := found(t)
		told(t, must(t)(p.LateSeen("rt-77", payer.Accepted, now)))
		told(t, must(t)(p.LateRefused("rt-77", now)))
	})
}

func TestFindingsAreBounded(t *testing.T) {
	p, now := saved(t), created().Add(time.Hour)
	var many []payer.Finding
	for n := range 150 {
		many = append(many, finding(n))
	}
	if facts := must(t)(p.Swept(many, false, now, now)); len(facts) != 100 || len(p.Unclaimed) != 100 {
		t.Fatalf("%d are told, %d kept", len(facts), len(p.Unclaimed))
	}
	if facts := must(t)(p.Swept(many[50:], false, now, now)); len(facts) != 100 || len(p.Unclaimed) != 100 { // 50 settled, 50 found
		t.Fatalf("%d are told, %d kept", len(facts), len(p.Unclaimed))
	}
}

// TestOwnOrganizationRetires: a customer's own organization that is closed and has nothing bound is not asked about, whoever is let in.
func TestOwnOrganizationRetires(t *testing.T) {
	p := saved(t)
	closed := payer.Closed
	must(t)(p.Revise(payer.Edit{State: &closed}, created()))
	if payer.Retires(p) {
		t.Error("one that others have, too, retires")
	}
	p.CustomerID = "cus_1"
	must(t)(p.NotSwept("ACCESS_DENIED", created()))
	facts := payer.Retire(p, created())
	if len(facts) != 1 || facts[0].Name != payer.FactRetired || p.SweepWanted() != nil || !p.Next().IsZero() || len(p.Wanted()) != 0 {
		t.Errorf("retired it wants %v and wishes for %v", p.SweepWanted(), p.Wanted())
	}
	active := payer.Active
	must(t)(p.Revise(payer.Edit{State: &active}, created()))
	if p.SweepWanted() == nil {
		t.Error("active again it is not looked at")
	}
}
