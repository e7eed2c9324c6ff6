package process

import "testing"

func nothingFixed(*Step) bool { return false }

func TestReopenStep(t *testing.T) {
	t.Run("what had opened after it closes again", func(t *testing.T) {
		p := sent(t)
		must(t)(p.Complete("attested", Statement{}, person(), now()))
		told(t, p.Advance(now()), FactStepOpened)
		facts := must(t)(p.ReopenStep("attested", "wrong", nothingFixed, operator(), now().Add(day)))
		told(t, facts, FactStepReopened, FactStepOpened)
		s := step(t, p, "attested")
		if got := states(p); got["attested"] != Open || got["later"] != Pending || s.Reason != "wrong" || s.Round != 2 ||
			!s.EscalateAt.Equal(now().Add(2*day)) {
			t.Fatalf("got %v, %+v", got, s)
		}
		if facts[0].Audience != "OPERATOR" || facts[0].Reason != "wrong" {
			t.Errorf("told %+v", facts[0])
		}
	})
	t.Run("a skipped step can be wanted after all", func(t *testing.T) {
		p := sent(t)
		must(t)(p.SkipStep("role", "no", operator(), now()))
		must(t)(p.ReopenStep("role", "yes", nothingFixed, operator(), now()))
		if s := step(t, p, "role"); s.State != Open || s.EscalateAt.IsZero() || s.DueAt.IsZero() {
			t.Fatalf("got %+v", s)
		}
	})
	t.Run("one that was skipped before its turn waits for it", func(t *testing.T) {
		p := sent(t)
		must(t)(p.SkipStep("later", "no", operator(), now()))
		told(t, must(t)(p.ReopenStep("later", "yes", nothingFixed, operator(), now())), FactStepReopened)
		if got := states(p)["later"]; got != Pending {
			t.Fatalf("got %s", got)
		}
	})
	t.Run("a later step that was skipped stays skipped", func(t *testing.T) {
		p := sent(t)
		must(t)(p.Complete("attested", Statement{}, person(), now()))
		must(t)(p.SkipStep("later", "no", operator(), now()))
		must(t)(p.ReopenStep("attested", "wrong", nothingFixed, operator(), now()))
		if got := states(p)["later"]; got != Skipped {
			t.Fatalf("got %s", got)
		}
	})
	for name, tt := range map[string]struct {
		key, reason string
		before      func(*testing.T, *Process)
		fixed       func(*Step) bool
	}{
		"when somebody's attestation rests on it": {"attested", ReasonStepNotReopenable, func(t *testing.T, p *Process) {
			t.Helper()
			must(t)(p.Complete("attested", Statement{}, person(), now()))
			p.Advance(now())
			must(t)(p.Complete("later", Statement{}, person(), now()))
		}, nothingFixed},
		"when a resource rests on it": {
			"account", ReasonStepNotReopenable, func(*testing.T, *Process) {}, func(s *Step) bool { return s.Key == "sent" },
		},
		"what is observed":  {"sent", ReasonStepNotReopenable, func(*testing.T, *Process) {}, nothingFixed},
		"what is open":      {"role", ReasonStepNotClosed, func(*testing.T, *Process) {}, nothingFixed},
		"what is not there": {"dance", ReasonStepUnknown, func(*testing.T, *Process) {}, nothingFixed},
	} {
		t.Run("not "+name, func(t *testing.T) {
			p := sent(t)
			tt.before(t, p)
			before := dump(t, p)
			_, err := p.ReopenStep(tt.key, "wrong", tt.fixed, operator(), now())
			if refused(t, err, tt.reason); dump(t, p) != before {
				t.Error("the refusal left a trace")
			}
		})
	}
	t.Run("not without a reason, and not by the customer", func(t *testing.T) {
		_, err := sent(t).ReopenStep("account", "", nothingFixed, operator(), now())
		refused(t, err, ReasonFieldRequired)
		_, err = sent(t).ReopenStep("account", "typo", nothingFixed, person(), now())
		refused(t, err, ReasonStepNotYours)
	})
}

func TestRetryStep(t *testing.T) {
	p := sent(t)
	told(t, p.Observe(broken(), now()), FactStepFailed, FactStepEscalated)
	_, err := p.RetryStep("role", person(), now())
	refused(t, err, ReasonStepNotYours)
	told(t, must(t)(p.RetryStep("role", operator(), now().Add(day))), FactStepRetried)
	if s := step(t, p, "role"); s.State != Open || s.Failure != nil || s.Blocked != nil || !s.DueAt.Equal(now().Add(5*day)) {
		t.Fatalf("got %+v", s)
	}
	_, err = p.RetryStep("role", operator(), now())
	refused(t, err, ReasonStepNotFailed)
	_, err = p.RetryStep("dance", operator(), now())
	refused(t, err, ReasonStepUnknown)
}
