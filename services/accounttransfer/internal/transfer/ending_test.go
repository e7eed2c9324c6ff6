package transfer

import (
	"testing"
	"time"

	"example.com/handover/pkg/fact"
)

func TestCancelTransfer(t *testing.T) {
	t.Run("with nothing at AWS it comes true at once", func(t *testing.T) {
		tr := fresh(t)
		wantNames(t, must(t)(tr.CancelTransfer("no", operator(), now())), FactEndingRequested, FactCancelled)
		if tr.State != Cancelled || !Next(tr).IsZero() {
			t.Fatalf("got %s", tr.State)
		}
	})
	t.Run("an outstanding invitation is cancelled first", func(t *testing.T) {
		tr := invited(t)
		wantNames(t, must(t)(tr.CancelTransfer("no", operator(), now())), FactEndingRequested)
		a := NextAction(tr, now())
		if tr.State != InProgress || a.Kind != CancelInvitation || a.AWSHandshakeID != "h-rt-1" {
			t.Fatalf("got %s %+v", tr.State, a)
		}
		must(t)(tr.CancelSent(1, now()))
		wantNames(t, must(t)(tr.Observe(saw(Canceled), now())), FactInvitationCanceled, FactCancelled)
	})
	t.Run("a cancel that did not take is repeated, but not at once", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.CancelTransfer("no", operator(), now()))
		must(t)(tr.CancelSent(1, now()))
		must(t)(tr.Observe(saw(Requested), now()))
		if a := NextAction(tr, now()); a.Kind != None || !Next(tr).Equal(now().Add(again)) {
			t.Fatalf("got %+v at %v", a, Next(tr))
		}
		if a := NextAction(tr, now().Add(again)); a.Kind != CancelInvitation {
			t.Fatalf("got %+v", a)
		}
	})
	for _, status := range []InvitationState{Declined, Expired, Canceled, Withdrawn} {
		t.Run("however it ended at AWS, the wish has come true: "+string(status), func(t *testing.T) {
			tr := invited(t)
			must(t)(tr.CancelTransfer("no", operator(), now()))
			must(t)(tr.Observe(saw(status), now()))
			if tr.State != Cancelled || tr.Failure != nil {
				t.Fatalf("got %s %+v", tr.State, tr.Failure)
			}
		})
	}
	t.Run("an invitation that may be out is looked up first", func(t *testing.T) {
		tr := asked(t)
		must(t)(tr.CancelTransfer("no", operator(), now()))
		if a := NextAction(tr, now()); tr.State != InProgress || a.Kind != LookUpInvitation {
			t.Fatalf("got %s %+v", tr.State, a)
		}
		must(t)(tr.LookedUp(1, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}, now()))
		if a := NextAction(tr, now()); a.Kind != CancelInvitation {
			t.Fatalf("got %+v", a)
		}
		gone := asked(t)
		must(t)(gone.CancelTransfer("no", operator(), now()))
		must(t)(gone.LookedUp(1, nil, now()))
		if gone.State != Cancelled || len(gone.Invitations) != 0 {
			t.Fatalf("got %s", gone.State)
		}
		refusedByAWS := asked(t)
		must(t)(refusedByAWS.CancelTransfer("no", operator(), now()))
		must(t)(refusedByAWS.Refused(1, Judge("PAST_DUE_INVOICE"), now()))
		if refusedByAWS.State != Cancelled {
			t.Fatalf("got %s", refusedByAWS.State)
		}
	})
	t.Run("while it ends, no date of a step wakes it", func(t *testing.T) {
		tr, when := invited(t), now()
		must(t)(tr.CancelTransfer("no", operator(), when))
		for range 2000 { // a week of cancels that do not take
			world{}.pass(t, tr, when)
			next := Next(tr)
			if !next.Equal(when.Add(again)) {
				t.Fatalf("at %v the next time is %v", when, next)
			}
			when = next
		}
	})
	t.Run("repeated, it changes nothing", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.CancelTransfer("no", operator(), now()))
		before := dump(t, tr)
		if facts := must(t)(tr.CancelTransfer("no!", person(), now())); facts != nil || dump(t, tr) != before {
			t.Fatalf("got %v", names(facts))
		}
	})
}

func TestAWSWasFaster(t *testing.T) {
	for name, tr := range map[string]*Transfer{
		"accepted before the wish": agreed(t), "accepted while it was being cancelled": invited(t),
	} {
		t.Run(name, func(t *testing.T) {
			must(t)(tr.CancelTransfer("no", operator(), now()))
			if tr.State != WaitingDecision {
				must(t)(tr.Observe(saw(Accepted), now()))
			}
			w := tr.Waiting()
			if tr.State != WaitingDecision || w.Owner != Reseller || !w.Until.Equal(at("2026-12-01")) {
				t.Fatalf("got %s %+v", tr.State, w)
			}
			if name == "accepted while it was being cancelled" && step(t, tr, "deploy-roles").State != Pending {
				t.Fatal("the journey went on")
			}
			must(t)(tr.Tick(Action{}, now().Add(time.Hour)))
			facts := must(t)(tr.Tick(Action{}, now().Add(3*day)))
			wantNames(t, facts, FactDecisionAwaited)
			if again := must(t)(tr.Tick(Action{}, now().Add(4*day))); again != nil {
				t.Fatalf("told twice: %v", names(again))
			}
			must(t)(tr.Observe(saw(Withdrawn), now().Add(4*day)))
			if tr.State != Cancelled {
				t.Fatalf("withdrawn, but %s", tr.State)
			}
		})
	}
}

func TestAccountHeld(t *testing.T) {
	for _, s := range States() {
		holds := s != Failed && s != Cancelled
		if got := in(t, s).AccountHeld(); (got != "") != holds {
			t.Errorf("%s holds %q", s, got)
		}
	}
	refused(t, AccountInTransfer("111122223333", "trf_2"), ReasonAccountInTransfer)
}

func TestWordsOfTheReseller(t *testing.T) {
	mine := func(t *testing.T, facts []fact.Fact) {
		t.Helper()
		for _, f := range facts {
			if f.Audience == fact.Customer && f.Reason != "" {
				t.Errorf("the customer reads %q in %s", f.Reason, f.Name)
			}
		}
	}
	t.Run("why it ended", func(t *testing.T) { mine(t, must(t)(fresh(t).CancelTransfer("They do not pay.", operator(), now()))) })
	t.Run("why a step was skipped, and why it was reopened", func(t *testing.T) {
		tr := looked(t, Resold)
		mine(t, must(t)(tr.SkipStep("deploy-roles", "A hopeless case.", operator(), now())))
		facts := must(t)(tr.ReopenStep("deploy-roles", "After all.", operator(), now()))
		wantNames(t, facts, FactStepReopened, FactStepOpened)
		mine(t, facts)
		if facts[0].Reason != "After all." {
			t.Errorf("the audit trail lost the words: %+v", facts[0])
		}
	})
	t.Run("the customer's own words stay", func(t *testing.T) {
		if facts := must(t)(fresh(t).CancelTransfer("We changed our mind.", person(), now())); facts[0].Audience != fact.Customer || facts[0].Reason == "" {
			t.Errorf("told is %+v", facts[0])
		}
	})
}
