package process

import (
	"testing"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// TestEveryStepStateAndVerb goes through all pairs of a step, for one that is attested, one that is observed, and one
// without which there is no journey.
func TestEveryStepStateAndVerb(t *testing.T) {
	type refusals struct{ complete, skip, reopen, retry string }
	const ok, closed, notOpen = "", ReasonStepNotClosed, ReasonStepNotOpen
	tables := map[string]map[StepState]refusals{
		"attested": {
			Pending: {ReasonStepGuardClosed, ok, closed, ReasonStepNotFailed},
			Open:    {ok, ok, closed, ReasonStepNotFailed},
			Done:    {notOpen, notOpen, ok, ReasonStepNotFailed},
			Skipped: {notOpen, notOpen, ok, ReasonStepNotFailed},
			Broken:  {notOpen, ok, closed, ok},
		},
		"role": {
			Pending: {ReasonStepNotManual, ok, closed, ReasonStepNotFailed},
			Open:    {ReasonStepNotManual, ok, closed, ReasonStepNotFailed},
			Done:    {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Skipped: {ReasonStepNotManual, notOpen, ok, ReasonStepNotFailed},
			Broken:  {ReasonStepNotManual, ok, closed, ok},
		},
		"sent": {
			Pending: {ReasonStepNotManual, ReasonStepNotSkippable, closed, ReasonStepNotFailed},
			Open:    {ReasonStepNotManual, ReasonStepNotSkippable, closed, ReasonStepNotFailed},
			Done:    {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Skipped: {ReasonStepNotManual, notOpen, ReasonStepNotReopenable, ReasonStepNotFailed},
			Broken:  {ReasonStepNotManual, ReasonStepNotSkippable, closed, ok},
		},
	}
	verbs := map[string]struct {
		want func(refusals) string
		do   func(*Process, string) ([]fact.Fact, error)
	}{
		"complete": {func(r refusals) string { return r.complete }, func(p *Process, key string) ([]fact.Fact, error) {
			return p.Complete(key, Statement{Evidence: "seen"}, operator(), now())
		}},
		"skip": {func(r refusals) string { return r.skip }, func(p *Process, key string) ([]fact.Fact, error) {
			return p.SkipStep(key, "no", operator(), now())
		}},
		"reopen": {func(r refusals) string { return r.reopen }, func(p *Process, key string) ([]fact.Fact, error) {
			return p.ReopenStep(key, "yes", func(s *Step) bool { return s.Key == "sent" }, operator(), now())
		}},
		"retry": {func(r refusals) string { return r.retry }, func(p *Process, key string) ([]fact.Fact, error) {
			return p.RetryStep(key, operator(), now())
		}},
	}
	for key, table := range tables {
		for _, state := range StepStates() {
			want, known := table[state]
			if !known {
				t.Fatalf("%s: no row for %s", key, state)
			}
			for name, verb := range verbs {
				p := stepIn(t, key, state)
				before := dump(t, p)
				facts, err := verb.do(p, key)
				if errs.ReasonOf(err) != verb.want(want) || (err == nil) != (len(facts) > 0) {
					t.Errorf("%s %s %s: got %v, want %q", name, state, key, err, verb.want(want))
				}
				if err != nil && dump(t, p) != before {
					t.Errorf("%s %s %s: the refusal left a trace", name, state, key)
				}
			}
		}
	}
}

// stepIn returns a process with a step in a state; one that waits has not been reached yet.
func stepIn(t testing.TB, key string, state StepState) *Process {
	t.Helper()
	if state == Pending {
		return fresh()
	}
	p := sent(t)
	s := step(t, p, key)
	s.begin(now())
	if s.State = state; state == Broken {
		s.Failure, s.Blocked = &Failure{Code: "NO"}, &Blocked{Owner: Reseller}
	}
	return p
}

func TestComplete(t *testing.T) {
	tests := []struct {
		name, step, reason string
		st                 Statement
		by                 call.Actor
	}{
		{"the customer does its step", "attested", "", Statement{}, person()},
		{"an operator for the customer, with evidence", "attested", "", Statement{Evidence: "stack arn"}, operator()},
		{"an operator for the customer, without evidence", "attested", ReasonEvidenceRequired, Statement{}, operator()},
		{"a partner for the customer", "attested", "", Statement{Evidence: "told so"}, partner()},
		{"a partner without evidence", "attested", ReasonEvidenceRequired, Statement{}, partner()},
		{"a partner for the reseller", "proven", ReasonStepNotYours, Statement{Evidence: "told so"}, partner()},
		{"the customer for the reseller", "proven", ReasonStepNotYours, Statement{Evidence: "told so"}, person()},
		{"an operator for the reseller", "proven", "", Statement{Evidence: "a ticket"}, operator()},
		{"a step that needs evidence of everybody", "proven", ReasonEvidenceRequired, Statement{}, operator()},
		{"a step whose guard is closed", "later", ReasonStepGuardClosed, Statement{Evidence: "mail"}, person()},
		{"ORD-031 a step that is observed, whoever says so", "role", ReasonStepNotManual, Statement{Evidence: "told so"}, operator()},
		{"a step that its requirements complete", "end", ReasonStepNotManual, Statement{Evidence: "told so"}, operator()},
		{"a step that is not there", "dance", ReasonStepUnknown, Statement{}, operator()},
		{"an account id for a step that asks for none", "attested", ReasonAccountIDInvalid, Statement{AccountID: "111122223333"}, person()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sent(t)
			before := dump(t, p)
			facts, err := p.Complete(tt.step, tt.st, tt.by, now())
			if tt.reason != "" {
				if refused(t, err, tt.reason); dump(t, p) != before {
					t.Fatal("the refusal left a trace")
				}
				return
			}
			told(t, facts, FactStepCompleted)
			if s := step(t, p, tt.step); err != nil || s.State != Done || s.DoneBy != tt.by || s.Evidence != tt.st.Evidence ||
				!s.DoneAt.Equal(now()) {
				t.Fatalf("got %v %+v", err, s)
			}
			_, err = p.Complete(tt.step, tt.st, tt.by, now())
			refused(t, err, ReasonStepNotOpen)
		})
	}
	for _, id := range []string{"", "11112222333", "11112222333x", "1111222233334"} {
		t.Run("the step that asks for an account needs one: "+id, func(t *testing.T) {
			_, err := fresh().Complete("account", Statement{AccountID: id}, person(), now())
			if e := refused(t, err, ReasonAccountIDInvalid); e.Remedy.Who != "CUSTOMER" {
				t.Errorf("got %+v", e.Remedy)
			}
		})
	}
	t.Run("a closed guard says which step is first, and who does it", func(t *testing.T) {
		_, err := sent(t).Complete("later", Statement{}, person(), now())
		if e := refused(t, err, ReasonStepGuardClosed); e.Remedy.Who != "CUSTOMER" || e.Remedy.Text.Key != "step.attested" {
			t.Errorf("got %+v", e.Remedy)
		}
	})
}

func TestSkipStep(t *testing.T) {
	tests := []struct {
		name, step, why, reason string
		by                      call.Actor
	}{
		{"an open step", "role", "resold support", "", operator()},
		{"a step that waits", "later", "agreed on paper", "", operator()},
		{"without a reason", "role", "", ReasonFieldRequired, operator()},
		{"by the customer", "role", "no", ReasonStepNotYours, person()},
		{"one that is done", "sent", "no", ReasonStepNotOpen, operator()},
		{"the end", "end", "no", ReasonStepNotSkippable, operator()},
		{"one that is not there", "dance", "no", ReasonStepUnknown, operator()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sent(t)
			facts, err := p.SkipStep(tt.step, tt.why, tt.by, now())
			if tt.reason != "" {
				refused(t, err, tt.reason)
				return
			}
			told(t, facts, FactStepSkipped)
			if s := step(t, p, tt.step); s.State != Skipped || s.Reason != tt.why || facts[0].Reason != tt.why ||
				facts[0].Audience != fact.Operator {
				t.Fatalf("got %+v, told %+v", s, facts[0])
			}
		})
	}
	t.Run("by a rule, everybody may read why", func(t *testing.T) {
		if f := step(t, sent(t), "role").Skip("not needed", now()); f.Audience != fact.Customer || f.Reason != "not needed" {
			t.Errorf("told %+v", f)
		}
	})
}
