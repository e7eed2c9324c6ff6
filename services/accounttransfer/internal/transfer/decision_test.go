package transfer

import (
	"testing"
	"time"
)

// late asks a transfer that was accepted to end, so that Operations must decide.
func late(t testing.TB, start *Transfer) *Transfer {
	t.Helper()
	must(t)(start.CancelTransfer("not wanted", operator(), now()))
	if start.State != WaitingDecision {
		t.Fatalf("got %s", start.State)
	}
	return start
}

func TestDecisionIsChecked(t *testing.T) {
	for name, v := range map[string]Verdict{
		"no outcome": {Reason: "why"}, "nobody pays": {Outcome: WithdrawTransfer, Reason: "why"},
		"no reason to keep": {Outcome: KeepTransfer}, "no reason to withdraw": {Outcome: WithdrawTransfer, ChargesPaidBy: CustomerPays},
	} {
		tr := late(t, agreed(t))
		before := dump(t, tr)
		_, err := tr.RecordDecision(v, operator(), now())
		if refused(t, err, ReasonFieldRequired); dump(t, tr) != before {
			t.Errorf("%s left a trace", name)
		}
	}
	tr := late(t, agreed(t))
	must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
	_, err := tr.RecordDecision(keeping(), operator(), now())
	refused(t, err, ReasonStateRefuses)
	remedy := refused(t, func() error { _, err := late(t, agreed(t)).Reinvite(time.Time{}, now()); return err }(), ReasonStateRefuses).Remedy
	if remedy.Who != "OPERATOR" || remedy.Text.Params["where"] != "TransferService.RecordDecision" {
		t.Errorf("the remedy is %+v", remedy)
	}
}

// overdueRoles returns a transfer that fails because the Bootstrap Role never came, which Operations must decide on.
func overdueRoles(t testing.TB) *Transfer {
	t.Helper()
	tr := looked(t, PartnerLed)
	when := step(t, tr, "deploy-roles").DueAt
	must(t)(tr.RoleSeen(RoleMissing, when))
	must(t)(tr.Tick(Action{}, when))
	if tr.State != WaitingDecision {
		t.Fatalf("got %s", tr.State)
	}
	return tr
}

func TestKeep(t *testing.T) {
	t.Run("the journey goes on where the acceptance left it", func(t *testing.T) {
		tr := in(t, WaitingDecision) // accepted while it was being cancelled: no step has opened since
		facts := must(t)(tr.RecordDecision(keeping(), operator(), now()))
		if names(facts)[0] != FactDecisionRecorded || len(facts) < 2 || tr.State != InProgress || tr.Ending != nil {
			t.Fatalf("got %s, told %v", tr.State, names(facts))
		}
		finish(t, tr)
		if d := tr.Decision; tr.State != Completed || d.Outcome != KeepTransfer || d.Reason == "" {
			t.Errorf("got %s, %+v", tr.State, d)
		}
	})
	t.Run("what was overdue is due anew, and the customer is asked again", func(t *testing.T) {
		tr := overdueRoles(t)
		when := tr.Decision.NeededAt.Add(day)
		must(t)(tr.RecordDecision(keeping(), operator(), when))
		s := step(t, tr, "deploy-roles")
		if !s.DueAt.Equal(when.Add(s.DueAfter)) || s.Overdue || !s.OpenedAt.Equal(when) {
			t.Fatalf("the step is %+v", s)
		}
		done := world{role: RoleMissing, channel: true}.rest(t, tr, when)
		if w := tr.Waiting(); tr.State != InProgress || w.Owner != Customer || w.StepKey != "deploy-roles" {
			t.Errorf("got %s after %v, it waits for %+v", tr.State, done, w)
		}
	})
	t.Run("it can be asked to end once more", func(t *testing.T) {
		tr := late(t, agreed(t))
		must(t)(tr.RecordDecision(keeping(), operator(), now()))
		wantNames(t, must(t)(tr.CancelTransfer("after all", operator(), now())), FactEndingRequested, FactDecisionAwaited)
		if tr.Decision.Outcome != "" {
			t.Errorf("the question is %+v", tr.Decision)
		}
	})
}
