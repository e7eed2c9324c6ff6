package process

import (
	"testing"
	"time"

	"example.com/handover/pkg/text"
)

// TestObserveEveryState goes through all pairs of a step's state and what is reported of its condition.
func TestObserveEveryState(t *testing.T) {
	met, not := Report{Condition: "ROLE", Met: true}, Report{Condition: "ROLE"}
	for state, want := range map[StepState]struct{ met, not, fails StepState }{
		Pending: {Done, Pending, Pending}, // it may be met before its turn
		Open:    {Done, Open, Broken},
		Done:    {Done, Open, Broken}, // what does not hold any more is done again
		Skipped: {Skipped, Skipped, Skipped},
		Broken:  {Done, Open, Broken},
	} {
		for _, tt := range []struct {
			name   string
			report Report
			want   StepState
		}{{"met", met, want.met}, {"not met", not, want.not}, {"failed", broken(), want.fails}} {
			p := stepIn(t, "role", state)
			facts := p.Observe(tt.report, now())
			s := step(t, p, "role")
			if s.State != tt.want || (s.State == Broken) != (s.Failure != nil && s.Blocked != nil) {
				t.Errorf("%s, %s: got %+v", state, tt.name, s)
			}
			if (len(facts) > 0) != (state != tt.want) && (state != Broken || tt.name != "failed") {
				t.Errorf("%s, %s: told %+v", state, tt.name, facts)
			}
			if again := p.Observe(tt.report, now()); again != nil {
				t.Errorf("%s, %s: told twice: %+v", state, tt.name, again)
			}
		}
	}
	if facts := sent(t).Observe(Report{Condition: "NOBODY_ASKS", Met: true}, now()); facts != nil {
		t.Errorf("told %+v", facts)
	}
}

func TestConditionIsLost(t *testing.T) {
	t.Run("what rests on it closes, and it is open with fresh dates", func(t *testing.T) {
		p, later := sent(t), now().Add(day)
		told(t, p.Observe(Report{Condition: "SENT"}, later), FactStepReopened)
		got, s := states(p), step(t, p, "sent")
		if got["attested"] != Pending || got["role"] != Pending || s.State != Open || !s.EscalateAt.Equal(later.Add(day)) || s.Round != 2 {
			t.Fatalf("got %v, %+v", got, s)
		}
	})
	t.Run("it fails: what rests on it closes too", func(t *testing.T) {
		p, r := sent(t), broken()
		r.Condition = "SENT"
		told(t, p.Observe(r, now()), FactStepFailed, FactStepEscalated)
		if got := states(p); got["sent"] != Broken || got["attested"] != Pending {
			t.Fatalf("got %v", got)
		}
	})
	t.Run("what people have done stays done", func(t *testing.T) {
		p := sent(t)
		must(t)(p.Complete("attested", Statement{}, person(), now()))
		p.Observe(Report{Condition: "SENT"}, now())
		if got := states(p); got["attested"] != Done {
			t.Fatalf("got %v", got)
		}
	})
	t.Run("its own guard closed meanwhile: it waits", func(t *testing.T) {
		p := sent(t)
		step(t, p, "account").reset(Open)
		if facts := p.Observe(Report{Condition: "SENT"}, now()); facts != nil || states(p)["sent"] != Pending {
			t.Fatalf("told %+v, got %v", facts, states(p))
		}
	})
}

func TestFailure(t *testing.T) {
	p, r := sent(t), broken()
	told(t, p.Observe(r, now()), FactStepFailed, FactStepEscalated)
	t.Run("the same again is no news, but its next try is kept", func(t *testing.T) {
		r.Blocked.RetryAt = now().Add(5 * day)
		if facts := p.Observe(r, now()); facts != nil || !step(t, p, "role").Blocked.RetryAt.Equal(r.Blocked.RetryAt) {
			t.Errorf("told %+v, got %+v", facts, step(t, p, "role").Blocked)
		}
	})
	t.Run("somebody else must mend it: that is news", func(t *testing.T) {
		r.Blocked.Owner = Customer
		told(t, p.Observe(r, now()), FactStepFailed)
	})
	t.Run("another failure is news", func(t *testing.T) {
		r.Failure = &Failure{Code: "OTHER"}
		told(t, p.Observe(r, now()), FactStepFailed)
	})
	t.Run("whoever mends it reads how", func(t *testing.T) {
		if got := step(t, p, "role").Instruction(); got.Key != "remedy.role" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestTold(t *testing.T) {
	p := sent(t)
	s := step(t, p, "role")
	if got := s.Instruction(); got.Key != "step.role" || s.Title().Key != "title.role" {
		t.Errorf("got %+v", got)
	}
	first := Report{Condition: "ROLE", Told: text.New("step.role.link"), Until: now().Add(day)}
	if facts := p.Observe(first, now()); facts != nil || s.Instruction().Key != "step.role.link" || !p.Waiting().Until.Equal(first.Until) &&
		p.Waiting().StepKey == "role" {
		t.Fatalf("the first instruction is no news: %+v", facts)
	}
	other := first
	other.Told = text.New("step.role.unsafe")
	facts := p.Observe(other, now())
	if told(t, facts, FactStepChanged); facts[0].Audience != "OPERATOR" || p.Observe(other, now()) != nil {
		t.Errorf("told %+v", facts)
	}
	other.Until = now().Add(2 * day)
	told(t, p.Observe(other, now()), FactStepChanged)
	p.Observe(Report{Condition: "ROLE", Met: true}, now())
	if !s.Told.IsZero() || !s.Until.IsZero() {
		t.Errorf("a step that is done still tells %+v", s)
	}
}

func TestAdvance(t *testing.T) {
	p := sent(t)
	for _, key := range []string{"attested", "proven", "role"} {
		must(t)(p.SkipStep(key, "no", operator(), now()))
	}
	told(t, p.Advance(now()), FactStepOpened)
	if p.Finished() || states(p)["end"] != Pending {
		t.Fatalf("got %v", states(p))
	}
	must(t)(p.Complete("later", Statement{}, person(), now().Add(time.Hour)))
	facts := p.Advance(now().Add(time.Hour))
	if told(t, facts, FactStepOpened, FactStepCompleted); !p.Finished() || step(t, p, "end").DoneBy != (Step{}).DoneBy {
		t.Fatalf("got %v", states(p))
	}
	if p.Advance(now()) != nil {
		t.Error("it opens more")
	}
}
