package payer_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/payer"
)

func TestJudge(t *testing.T) {
	listed := created()
	before, since := listed.Add(-time.Second), listed
	for _, c := range []struct {
		what   string
		ours   *payer.Ours
		status payer.Status
		want   payer.Verdict
	}{
		{"nobody's", nil, payer.Requested, payer.Abandoned},
		{"nobody's, and accepted", nil, payer.Accepted, payer.Abandoned},
		{"under way, or an open decision", &payer.Ours{}, payer.Accepted, payer.Fine},
		{"with an agreement", &payer.Ours{Ended: true, EndedAt: before, Agreed: true}, payer.Accepted, payer.Fine},
		{"complete without an agreement", &payer.Ours{Ended: true, EndedAt: before}, payer.Accepted, payer.Abandoned},
		{"outlived its transfer", &payer.Ours{Ended: true, EndedAt: before}, payer.Requested, payer.Late},
		{"a twin of an agreed one", &payer.Ours{Ended: true, EndedAt: before, Agreed: true}, payer.Requested, payer.Late},
		{"ended since it was listed", &payer.Ours{Ended: true, EndedAt: since}, payer.Accepted, payer.Fine},
	} {
		if got := payer.Judge(payer.Seen{Status: c.status}, c.ours, listed); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
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
	return payer.Finding{
		Seen:   payer.Seen{AWSTransferID: fmt.Sprintf("rt-%d", n), AWSHandshakeID: "h-1", SourceAccountID: "111122223333", Status: payer.Accepted},
		CaseID: fmt.Sprintf("cas_%d", n),
	}
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

func TestSweepBeat(t *testing.T) {
	p := saved(t)
	first := payer.Next(p)
	if wait := first.Sub(created()); wait <= 0 || wait > time.Hour || payer.NextAction(p, first).Kind != payer.Sweep || payer.NextAction(p, created()).Kind != payer.None {
		t.Fatalf("first swept after %v", wait)
	}
	must(t)(p.Swept(nil, first))
	if next := payer.Next(p); !next.Equal(first.Add(24*time.Hour)) || !p.SweptAt.Equal(first) {
		t.Errorf("next swept at %v", next)
	}
	must(t)(p.NotSwept(first.Add(24 * time.Hour)))
	if !p.SweptAt.Equal(first) || !payer.Next(p).Equal(first.Add(48*time.Hour)) {
		t.Errorf("a sweep that was not let in: swept at %v, next at %v", p.SweptAt, payer.Next(p))
	}
	must(t)(p.Revise(payer.Edit{ExternalID: ptr("other")}))
	if payer.NextAction(p, first).Kind != payer.Sweep {
		t.Error("another way in is not tried at once")
	}
}

func TestFindingIsSettledByPeople(t *testing.T) {
	p, now := saved(t), created().Add(time.Hour)
	told(t, must(t)(p.Swept([]payer.Finding{finding(1)}, now)), payer.FactUnclaimedFound)
	repeated := finding(1)
	repeated.CaseID = "cas_other"
	told(t, must(t)(p.Swept([]payer.Finding{repeated}, now)))
	a := payer.NextAction(p, now)
	if a.Kind != payer.OpenCase || a.CaseID != "cas_1" {
		t.Fatalf("got %+v", a)
	}
	must(t)(p.IntendCase(a.CaseID))
	must(t)(p.CaseNotOpened(a.CaseID, false, now))
	if next := payer.Next(p); payer.NextAction(p, now).Kind != payer.None || !next.Equal(now.Add(time.Hour)) {
		t.Fatalf("support is asked again at %v", next)
	}
	must(t)(p.CaseNotOpened(a.CaseID, true, now))
	if next := payer.Next(p); !next.Equal(now.Add(24 * time.Hour)) {
		t.Fatalf("support, which refused, is asked again at %v", next)
	}
	must(t)(p.CaseOpened(a.CaseID))
	if payer.NextAction(p, now.Add(23*time.Hour)).Kind != payer.None {
		t.Fatal("the case is opened twice")
	}
	told(t, must(t)(p.Swept(nil, now)), payer.FactUnclaimedSettled)
	if a := payer.NextAction(p, now); len(p.Unclaimed) != 0 || a.Kind != payer.CloseCase || a.CaseID != "cas_1" {
		t.Fatalf("got %+v", a)
	}
	must(t)(p.CaseNotClosed("cas_1", now))
	if payer.NextAction(p, now).Kind != payer.None || payer.NextAction(p, now.Add(time.Hour)).Kind != payer.CloseCase {
		t.Fatal("support is not asked again in its time")
	}
	must(t)(p.CaseClosed("cas_1"))
	if payer.NextAction(p, now.Add(time.Hour)).Kind != payer.None {
		t.Fatal("the case is closed twice")
	}
}

func TestFindingGoneBeforeItsCase(t *testing.T) {
	p, now := saved(t), created().Add(time.Hour)
	must(t)(p.Swept([]payer.Finding{finding(1), finding(2)}, now))
	must(t)(p.IntendCase("cas_2")) // its answer was lost
	told(t, must(t)(p.Swept(nil, now)), payer.FactUnclaimedSettled, payer.FactUnclaimedSettled)
	if len(p.Closing) != 1 || p.Closing[0].CaseID != "cas_2" {
		t.Errorf("to be closed are %+v", p.Closing)
	}
}

func TestLateInvitation(t *testing.T) {
	late := finding(1)
	late.Status, late.Late, late.Ours = payer.Requested, true, &payer.Ours{TransferID: "trf_1", CustomerID: "cus_1"}
	found := func(t *testing.T) (*payer.Payer, time.Time) {
		p, now := saved(t), created().Add(time.Hour)
		facts := must(t)(p.Swept([]payer.Finding{late}, now))
		if told(t, facts, payer.FactUnclaimedFound); facts[0].Details["transfer_id"] != "trf_1" {
			t.Errorf("told is %v", facts[0].Details)
		}
		if a := payer.NextAction(p, now); a.Kind != payer.CancelLate || a.AWSHandshakeID != "h-1" {
			t.Fatalf("got %+v", a)
		}
		return p, now
	}
	t.Run("cancelled, it is settled without a case", func(t *testing.T) {
		p, now := found(t)
		told(t, must(t)(p.LateSeen("rt-1", "CANCELED", now)), payer.FactUnclaimedSettled)
		if len(p.Unclaimed)+len(p.Closing) != 0 {
			t.Errorf("left are %+v and %+v", p.Unclaimed, p.Closing)
		}
	})
	t.Run("accepted meanwhile, people settle it", func(t *testing.T) {
		p, now := found(t)
		told(t, must(t)(p.LateSeen("rt-1", payer.Accepted, now)))
		if a := payer.NextAction(p, now); a.Kind != payer.OpenCase {
			t.Errorf("got %+v", a)
		}
	})
	t.Run("refused or not taken, it is tried again", func(t *testing.T) {
		p, now := found(t)
		must(t)(p.LateSeen("rt-1", payer.Requested, now))
		if next := payer.Next(p); !next.Equal(now.Add(time.Hour)) {
			t.Errorf("tried again at %v", next)
		}
		must(t)(p.LateRefused("rt-1", now))
		if next := payer.Next(p); !next.Equal(now.Add(24 * time.Hour)) {
			t.Errorf("tried again at %v", next)
		}
	})
}

func TestFindingsAreBounded(t *testing.T) {
	p, now := saved(t), created().Add(time.Hour)
	var many []payer.Finding
	for n := range 150 {
		many = append(many, finding(n))
	}
	if facts := must(t)(p.Swept(many, now)); len(facts) != 100 || len(p.Unclaimed) != 100 {
		t.Fatalf("%d are told, %d kept", len(facts), len(p.Unclaimed))
	}
	if facts := must(t)(p.Swept(many[50:], now)); len(facts) != 100 || len(p.Unclaimed) != 100 { // 50 settled, 50 found
		t.Fatalf("%d are told, %d kept", len(facts), len(p.Unclaimed))
	}
}

func TestSweepLost(t *testing.T) {
	p := saved(t)
	first := p.SweepAt
	must(t)(p.Swept([]payer.Finding{finding(1)}, first))
	next := first.Add(24 * time.Hour)
	must(t)(p.CaseNotOpened("cas_1", true, first)) // both are due at once
	must(t)(p.SweepLost(next))
	if a := payer.NextAction(p, next); a.Kind != payer.OpenCase {
		t.Errorf("a sweep that is not answered keeps the case from being opened: %+v", a)
	}
	if a := payer.NextAction(p, next.Add(time.Hour)); a.Kind != payer.Sweep {
		t.Errorf("it is not swept again: %+v", a)
	}
}
