package transfer

import (
	"strings"
	"testing"
)

func TestWithdraw(t *testing.T) {
	t.Run("AWS is asked to end it with this month, and the transfer is cancelled", func(t *testing.T) {
		tr := late(t, agreed(t))
		facts := must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		wantNames(t, facts, FactDecisionRecorded)
		if f := facts[0]; f.Audience != "OPERATOR" || f.Reason == "" || f.Details["outcome"] != "WITHDRAW" || f.Details["charges_paid_by"] != "RESELLER" {
			t.Errorf("told is %+v", f)
		}
		if w := tr.Waiting(); w.Owner != AWS {
			t.Errorf("it waits for %+v", w)
		}
		a := NextAction(tr, now())
		if a.Kind != WithdrawInvitation || a.AWSTransferID != "rt-1" {
			t.Fatalf("got %+v", a)
		}
		facts = must(t)(tr.PrepareWithdrawal(now()))
		wantNames(t, facts, FactWithdrawalRequested)
		if got := facts[0].Details["end"]; got != "2026-12-01T00:00:00Z" || NextAction(tr, now()).Kind != LookUpWithdrawal {
			t.Fatalf("it ends before %s, then %+v", got, NextAction(tr, now()))
		}
		must(t)(tr.WithdrawalAnswered(now()))
		facts = must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2026-12-01")}, now()))
		wantNames(t, facts, FactInvitationWithdrawn, FactCancelled)
		if d := facts[1].Details; facts[1].Reason != "" || d["charges_paid_by"] != "" || d["start"] != d["end"] { // before its start: nothing is charged
			t.Errorf("the end tells %v", d)
		}
		if d := tr.Decision; tr.State != Cancelled || d.Outcome != WithdrawTransfer || d.DecidedBy != operator() || !Next(tr).IsZero() {
			t.Errorf("got %s, %+v, next %v", tr.State, d, Next(tr))
		}
	})
	t.Run("missing roles fail the transfer, and the end says until when, but not who pays", func(t *testing.T) {
		tr := overdueRoles(t)
		if !strings.Contains(tr.Decision.Question, "Bootstrap Role") {
			t.Errorf("the question is %q", tr.Decision.Question)
		}
		when := at("2026-12-20") // the start has passed: AWS charges December
		must(t)(tr.Observe(saw(Accepted), when))
		v := withdrawal()
		v.ChargesPaidBy = CustomerPays
		must(t)(tr.RecordDecision(v, operator(), when))
		revoke(t, tr, when)
		must(t)(tr.PrepareWithdrawal(when))
		must(t)(tr.WithdrawalAnswered(when))
		facts := must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2027-01-01")}, when))
		wantNames(t, facts, FactInvitationWithdrawn, FactFailed)
		d := facts[1].Details
		if tr.Failure.Code != CodeRolesMissing || d["code"] != CodeRolesMissing || d["charges_paid_by"] != "" || d["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("got %+v, told %v", tr.Failure, d)
		}
	})
	t.Run("a withdrawal that does not take is repeated, but not at once, and for the month it is then", func(t *testing.T) {
		tr := late(t, agreed(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		(world{}).withdraw(t, tr, NextAction(tr, now()), now())
		if a := NextAction(tr, now()); a.Kind != None || !Next(tr).Equal(now().Add(again)) {
			t.Fatalf("got %+v at %v", a, Next(tr))
		}
		if facts := must(t)(tr.PrepareWithdrawal(now().Add(again))); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
		must(t)(tr.WithdrawalLost())
		facts := must(t)(tr.PrepareWithdrawal(at("2026-12-01")))
		if wantNames(t, facts, FactWithdrawalRequested); facts[0].Details["end"] != "2027-01-01T00:00:00Z" {
			t.Errorf("it ends before %s", facts[0].Details["end"])
		}
	})
	t.Run("AWS's refusal puts the question again", func(t *testing.T) {
		tr := late(t, agreed(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.PrepareWithdrawal(now()))
		wantNames(t, must(t)(tr.WithdrawalRefused(InvalidEndDate, now())), FactDecisionAwaited)
		if w := tr.Waiting(); w.Owner != Reseller || !strings.Contains(w.What, InvalidEndDate) || Next(tr).Equal(immediately) {
			t.Fatalf("it waits for %+v, next %v", w, Next(tr))
		}
		must(t)(tr.RecordDecision(keeping(), operator(), now()))
		if tr.State != InProgress {
			t.Errorf("got %s", tr.State)
		}
	})
	t.Run("what takes too long is escalated once, the decision and the withdrawal", func(t *testing.T) {
		tr := late(t, agreed(t))
		wantNames(t, must(t)(tr.Tick(Action{}, now().Add(3*day))), FactDecisionAwaited)
		must(t)(tr.RecordDecision(withdrawal(), operator(), now().Add(3*day)))
		facts := must(t)(tr.Tick(Action{}, now().Add(6*day)))
		if wantNames(t, facts, FactDecisionAwaited); !strings.Contains(facts[0].Text, "withdrawal") {
			t.Errorf("told is %q", facts[0].Text)
		}
		if facts := must(t)(tr.Tick(Action{}, now().Add(7*day))); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
	})
}

// TestWithdrawingRefuses: what is decided is not decided again, and no step is worked on meanwhile.
func TestWithdrawingRefuses(t *testing.T) {
	for _, v := range verbs() {
		if v.accepts == nil || v.may || v.name == "AskCheck" {
			continue
		}
		tr := questioned(t)
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		before := dump(t, tr)
		_, err := v.do(tr)
		if refused(t, err, ReasonStateRefuses); dump(t, tr) != before {
			t.Errorf("%s left a trace", v.name)
		}
	}
}
