package transfer

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
)

func TestNew(t *testing.T) {
	t.Run("the first step opens, the others wait", func(t *testing.T) {
		tr, facts, err := New(template(t, BillingTransferExisting), subject(), now())
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, facts, FactCreated, FactStepOpened)
		for i, s := range tr.Steps {
			if want := map[bool]StepState{true: Open, false: Pending}[i == 0]; s.State != want {
				t.Errorf("%s is %s", s.Key, s.State)
			}
		}
	})
	for _, id := range []string{"", "11112222333", "11112222333x"} {
		t.Run("an existing organization needs its account: "+id, func(t *testing.T) {
			s := subject()
			s.SourceAccountID = id
			_, _, err := New(template(t, BillingTransferExisting), s, now())
			refused(t, err, ReasonAccountIDInvalid)
		})
	}
	t.Run("ORD-025 a new organization names it in its first step", func(t *testing.T) {
		s := subject()
		s.SourceAccountID = ""
		tr, _, err := New(template(t, BillingTransferNew), s, now())
		if err != nil {
			t.Fatal(err)
		}
		if w := tr.Waiting(); w.Owner != Customer || w.StepKey != "enter-management-account" {
			t.Fatalf("got %+v", w)
		}
		_, err = tr.CompleteStep("enter-management-account", Word{SourceAccountID: "12"}, person(), now())
		refused(t, err, ReasonAccountIDInvalid)
		facts := must(t)(tr.CompleteStep("enter-management-account", Word{SourceAccountID: "111122223333"}, person(), now()))
		wantNames(t, facts, FactAccountEntered, FactStepCompleted, FactStepOpened)
		if tr.SourceAccountID != "111122223333" || NextAction(tr, now()).Kind != Validate {
			t.Fatalf("got %q, %+v", tr.SourceAccountID, NextAction(tr, now()))
		}
	})
	t.Run("ORD-028 a new organization that the order names already goes on at once", func(t *testing.T) {
		tr, _, err := New(template(t, BillingTransferNew), subject(), now())
		if err != nil || step(t, tr, "enter-management-account").State != Done || step(t, tr, "validate-account").State != Open {
			t.Fatalf("got %v %s", err, dump(t, tr))
		}
	})
}

func TestCompleteStep(t *testing.T) {
	tests := []struct {
		name, step, reason string
		word               Word
		by                 call.Actor
	}{
		{"the customer does its step", "by-word", "", Word{}, person()},
		{"an operator for the customer, with evidence", "by-word", "", Word{Evidence: "stack arn"}, operator()},
		{"an operator for the customer, without evidence", "by-word", ReasonEvidenceRequired, Word{}, operator()},
		{"a partner for the customer", "by-word", ReasonStepNotYours, Word{Evidence: "told so"}, partner()},
		{"the customer for the reseller", "resellers", ReasonStepNotYours, Word{}, person()},
		{"an operator for the reseller", "resellers", "", Word{}, operator()},
		{"a step whose guard is closed", "later", ReasonStepGuardClosed, Word{Evidence: "mail"}, person()},
		{"a step that needs evidence of everybody", "proven", ReasonEvidenceRequired, Word{}, person()},
		{"a step that is observed", "accept-invitation", ReasonStepNotManual, Word{Evidence: "told so"}, operator()},
		{"ORD-031 the roles, whoever says so", "deploy-roles", ReasonStepNotManual, Word{Evidence: "told so"}, operator()},
		{"a step that is not there", "dance", ReasonStepUnknown, Word{}, operator()},
		{"an account id for a step that asks for none", "by-word", ReasonAccountIDInvalid, Word{SourceAccountID: "111122223333"}, person()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := worded(t, agreed)
			another(tr, "later", func(s *Step) { s.State, s.Requires = Pending, []string{"by-word"} })
			another(tr, "proven", func(s *Step) { s.State, s.EvidenceRequired = Open, true })
			another(tr, "resellers", func(s *Step) { s.Owner, s.EvidenceRequired = Reseller, false })
			before := dump(t, tr)
			_, err := tr.CompleteStep(tt.step, tt.word, tt.by, now())
			if tt.reason != "" {
				refused(t, err, tt.reason)
				if dump(t, tr) != before {
					t.Fatal("the refusal left a trace")
				}
				return
			}
			if s := step(t, tr, tt.step); err != nil || s.State != Done || s.DoneBy != tt.by || s.Evidence != tt.word.Evidence {
				t.Fatalf("got %v %+v", err, s)
			}
			_, err = tr.CompleteStep(tt.step, tt.word, tt.by, now())
			refused(t, err, ReasonStepNotOpen)
		})
	}
	t.Run("ORD-040 the last step completes the transfer", func(t *testing.T) {
		tr := agreed(t)
		finish(t, tr)
		if tr.State != Completed || !tr.EndedAt.Equal(now()) || !Next(tr).IsZero() {
			t.Fatalf("got %s, next %v", tr.State, Next(tr))
		}
	})
}

// another adds a step like the last one.
func another(tr *Transfer, key string, change func(*Step)) {
	s := tr.Steps[len(tr.Steps)-1]
	s.Key = key
	change(&s)
	tr.Steps = append(tr.Steps, s)
}

func TestSkipStep(t *testing.T) {
	tests := []struct {
		name, step, why, reason string
		by                      call.Actor
	}{
		{"an open step", "deploy-roles", "resold support", "", operator()},
		{"a step that waits", "accept-service-term", "agreed on paper", "", operator()},
		{"a step of the suite", "create-billing-group", "the customer wants no costs shown", "", operator()},
		{"without a reason", "deploy-roles", "", ReasonFieldRequired, operator()},
		{"by the customer", "deploy-roles", "no", ReasonStepNotYours, person()},
		{"the acceptance", "accept-invitation", "no", ReasonStepNotOpen, operator()},
		{"the end", "finalize", "no", ReasonStepNotSkippable, operator()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := agreed(t)
			facts, err := tr.SkipStep(tt.step, tt.why, tt.by, now())
			if tt.reason != "" {
				refused(t, err, tt.reason)
				return
			}
			if s := step(t, tr, tt.step); err != nil || s.State != Skipped || s.Reason != tt.why || facts[0].Reason != tt.why {
				t.Fatalf("got %v %+v", err, s)
			}
		})
	}
	_, err := invited(t).SkipStep("accept-invitation", "no", operator(), now())
	refused(t, err, ReasonStepNotSkippable)
}

func TestReopenStep(t *testing.T) {
	t.Run("what had opened after it closes again", func(t *testing.T) {
		tr := worded(t, agreed)
		another(tr, "later", func(s *Step) { s.State, s.Requires = Pending, []string{"by-word"} })
		must(t)(tr.CompleteStep("by-word", Word{}, person(), now()))
		facts := must(t)(tr.ReopenStep("by-word", "wrong", operator(), now()))
		wantNames(t, facts, FactStepReopened, FactStepOpened)
		if step(t, tr, "by-word").State != Open || step(t, tr, "later").State != Pending {
			t.Fatal(dump(t, tr))
		}
	})
	t.Run("a skipped step can be wanted after all", func(t *testing.T) {
		tr := termed(t)
		must(t)(tr.SkipStep("deploy-roles", "no", operator(), now()))
		must(t)(tr.ReopenStep("deploy-roles", "yes", operator(), now()))
		if s := step(t, tr, "deploy-roles"); s.State != Open || s.EscalateAt.IsZero() {
			t.Fatalf("got %+v", s)
		}
	})
	t.Run("not when somebody's word rests on it", func(t *testing.T) {
		tr := worded(t, agreed)
		another(tr, "later", func(s *Step) { s.State, s.Requires = Pending, []string{"by-word"} })
		must(t)(tr.CompleteStep("by-word", Word{}, person(), now()))
		must(t)(tr.CompleteStep("later", Word{}, person(), now()))
		_, err := tr.ReopenStep("by-word", "wrong", operator(), now())
		refused(t, err, ReasonStepNotReopenable)
	})
	t.Run("not what is observed, and not what is open", func(t *testing.T) {
		_, err := agreed(t).ReopenStep("accept-invitation", "no", operator(), now())
		refused(t, err, ReasonStepNotReopenable)
		_, err = agreed(t).ReopenStep("deploy-roles", "no", operator(), now())
		refused(t, err, ReasonStepNotClosed)
	})
	t.Run("a wrong account can be entered again until AWS was asked", func(t *testing.T) {
		tr, _, err := New(template(t, BillingTransferNew), subject(), now())
		if err != nil {
			t.Fatal(err)
		}
		must(t)(tr.Validated(now()))
		must(t)(tr.Prepare(now()))
		_, err = tr.ReopenStep("enter-management-account", "typo", operator(), now())
		refused(t, err, ReasonStepNotReopenable)
		must(t)(tr.Refused(1, Judge("TARGET_ACCOUNT_VALIDATION_FAILURE"), now()))
		must(t)(tr.ReopenStep("enter-management-account", "typo", operator(), now()))
		if step(t, tr, "validate-account").State != Pending || step(t, tr, "send-invitation").State != Pending {
			t.Fatal(dump(t, tr))
		}
		must(t)(tr.CompleteStep("enter-management-account", Word{SourceAccountID: "444455556666"}, person(), now()))
		must(t)(tr.Validated(now()))
		must(t)(tr.Prepare(now()))
		if got := tr.Current(); got.Attempt != 2 || got.Supersedes != 1 {
			t.Fatalf("got %+v", got)
		}
	})
}

func TestRetryStep(t *testing.T) {
	tr := asked(t)
	must(t)(tr.Refused(1, Judge("PAST_DUE_INVOICE"), now()))
	if _, err := tr.RetryStep("send-invitation", person(), now()); err == nil {
		t.Fatal("the customer retried")
	}
	wantNames(t, must(t)(tr.RetryStep("send-invitation", operator(), now())), FactStepRetried)
	if NextAction(tr, now()).Kind != Invite {
		t.Fatalf("got %+v", NextAction(tr, now()))
	}
	_, err := tr.RetryStep("send-invitation", operator(), now())
	refused(t, err, ReasonStepNotFailed)
}

func TestEscalation(t *testing.T) {
	tr := proposed(t)
	late := now().Add(40 * day)
	first, err := tr.Tick(Action{}, late)
	wantNames(t, must(t)(first, err), FactStepEscalated, FactStepEscalated) // the term and the channel
	if again := must(t)(tr.Tick(Action{}, late.Add(day))); again != nil {
		t.Fatalf("told twice: %v", names(again))
	}
	if tr.State != InProgress {
		t.Fatalf("a wait that is too long ended the journey: %s", tr.State)
	}
}

// TestDueStep is the opt-in: a template may say that not doing a step ends the journey.
func TestDueStep(t *testing.T) {
	tpl := template(t, BillingTransferExisting)
	tpl.Steps[2].DueAfter = 5 * day // accept-invitation
	tr, _, err := New(tpl, subject(), now())
	if err != nil {
		t.Fatal(err)
	}
	must(t)(tr.Validated(now()))
	must(t)(tr.Prepare(now()))
	must(t)(tr.Answered(1, answer("rt-1"), now()))
	if facts := must(t)(tr.Tick(Action{}, now().Add(5*day-time.Second))); tr.Ending != nil {
		t.Fatalf("too early: %v", names(facts))
	}
	must(t)(tr.Tick(Action{}, now().Add(5*day)))
	if tr.State != InProgress || NextAction(tr, now().Add(5*day)).Kind != CancelInvitation {
		t.Fatalf("the invitation must be cancelled first: %s %+v", tr.State, NextAction(tr, now().Add(5*day)))
	}
	must(t)(tr.Observe(saw(Canceled), now().Add(5*day)))
	if tr.State != Failed || tr.Failure.Code != CodeStepOverdue {
		t.Fatalf("got %s %+v", tr.State, tr.Failure)
	}
}
