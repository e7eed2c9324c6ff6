package process

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/text"
)

func TestEscalation(t *testing.T) {
	p := sent(t)
	if !p.Next().Equal(now().Add(day)) {
		t.Fatalf("the next date is %v", p.Next())
	}
	if facts, overdue := p.Tick(now().Add(day - time.Second)); facts != nil || overdue != nil {
		t.Fatalf("too early: %+v", facts)
	}
	facts, _ := p.Tick(now().Add(day))
	if told(t, facts, FactStepEscalated); facts[0].Audience != "OPERATOR" || facts[0].Details["owner"] != "CUSTOMER" ||
		facts[0].Details["step"] != "attested" {
		t.Fatalf("told %+v", facts[0])
	}
	if facts, _ := p.Tick(now().Add(day)); facts != nil || !p.Next().Equal(now().Add(2*day)) {
		t.Fatalf("told twice: %+v, next %v", facts, p.Next())
	}
	facts, _ = p.Tick(now().Add(40 * day))
	if told(t, facts, FactStepEscalated, FactStepEscalated); !p.Next().IsZero() {
		t.Fatalf("next %v", p.Next())
	}
	if w := p.Waiting(); !w.Escalated {
		t.Errorf("it waits for %+v", w)
	}
}

func TestDeadline(t *testing.T) {
	due := now().Add(4 * day)
	t.Run("it is looked at once more before it is called overdue", func(t *testing.T) {
		p := sent(t)
		for _, look := range []time.Time{{}, due.Add(-time.Second)} {
			p.Observe(Report{Condition: "ROLE", LookedAt: look}, now())
			if _, overdue := p.Tick(due.Add(10 * day)); overdue != nil {
				t.Fatalf("looked at %v: called overdue", look)
			}
		}
		p.Observe(Report{Condition: "ROLE", LookedAt: due}, due)
		if !p.Next().Equal(due) {
			t.Fatalf("next %v", p.Next())
		}
		_, overdue := p.Tick(due)
		if len(overdue) != 1 || overdue[0].Key != "role" || !overdue[0].Overdue {
			t.Fatalf("got %+v", overdue)
		}
		if _, again := p.Tick(due.Add(day)); again != nil {
			t.Fatalf("called overdue twice: %+v", again)
		}
	})
	t.Run("without that rule its date is enough", func(t *testing.T) {
		p := sent(t)
		step(t, p, "role").LookFirst = false
		if _, overdue := p.Tick(due.Add(-time.Second)); overdue != nil {
			t.Fatal("too early")
		}
		if _, overdue := p.Tick(due); len(overdue) != 1 {
			t.Fatal("not called")
		}
	})
	t.Run("what was not done in time is asked for again, and nothing else", func(t *testing.T) {
		p := sent(t)
		later := due.Add(day)
		told(t, p.Renew(later), FactStepReopened)
		s := step(t, p, "role")
		if !s.DueAt.Equal(later.Add(4*day)) || s.Overdue || s.Escalated || s.Round != 2 || step(t, p, "attested").Round != 1 {
			t.Fatalf("got %+v", s)
		}
		if facts := p.Renew(later); facts != nil {
			t.Errorf("told twice: %+v", facts)
		}
	})
	t.Run("a step that is closed has no date", func(t *testing.T) {
		p := sent(t)
		p.Observe(Report{Condition: "ROLE", Met: true}, now())
		if _, overdue := p.Tick(due.Add(day)); overdue != nil {
			t.Fatalf("got %+v", overdue)
		}
	})
}

func TestWaiting(t *testing.T) {
	t.Run("what the customer can do comes first, then what is due first", func(t *testing.T) {
		p := sent(t)
		if w := p.Waiting(); w.Owner != Customer || w.StepKey != "attested" || !w.Until.IsZero() || !w.EscalateAt.Equal(now().Add(day)) {
			t.Fatalf("got %+v", w)
		}
		must(t)(p.SkipStep("attested", "no", operator(), now()))
		if w := p.Waiting(); w.StepKey != "role" || !w.Until.Equal(now().Add(4*day)) { // a deadline is shown instead of an escalation
			t.Fatalf("got %+v", w)
		}
		must(t)(p.SkipStep("role", "no", operator(), now()))
		if w := p.Waiting(); w.Owner != Reseller || w.StepKey != "proven" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("what takes longer than planned comes before what the customer can do", func(t *testing.T) {
		p := sent(t)
		step(t, p, "attested").EscalateAt, step(t, p, "role").EscalateAt = time.Time{}, time.Time{}
		p.Tick(now().Add(2 * day))
		if w := p.Waiting(); w.Owner != Reseller || w.StepKey != "proven" || !w.Escalated {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("what the suite does not get done in its time waits for the reseller", func(t *testing.T) {
		p := fresh()
		must(t)(p.Complete("account", Statement{AccountID: "111122223333"}, person(), now()))
		p.Advance(now())
		p.Tick(now().Add(day))
		if w := p.Waiting(); w == nil || w.Owner != Reseller || w.StepKey != "sent" || !w.Escalated || w.Text.Params["step"] != "title.sent" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("a failed step waits for who can mend it", func(t *testing.T) {
		p := sent(t)
		must(t)(p.SkipStep("attested", "no", operator(), now()))
		p.Observe(broken(), now()) // what only Operations can mend is told at once, and comes first
		if w := p.Waiting(); w.Owner != Reseller || w.StepKey != "role" || w.Text.Key != "remedy.role" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("a resource's own date beats all others", func(t *testing.T) {
		p := sent(t)
		p.Observe(Report{Condition: "ROLE", Told: text.New("x"), Until: now().Add(time.Hour)}, now())
		if w := p.Waiting(); w.StepKey != "role" || !w.Until.Equal(now().Add(time.Hour)) || w.Text.Key != "x" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("nobody outside is waited for while the suite is at work", func(t *testing.T) {
		p := fresh()
		must(t)(p.Complete("account", Statement{AccountID: "111122223333"}, person(), now()))
		if p.Advance(now()); p.Waiting() != nil {
			t.Fatalf("got %+v", p.Waiting())
		}
	})
}

func TestCheck(t *testing.T) {
	if err := template().Check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Template){
		"has no steps":                   func(tpl *Template) { tpl.Steps = nil },
		"is there twice":                 func(tpl *Template) { tpl.Steps = append(tpl.Steps, tpl.Steps[0]) },
		`requires "end", which is not`:   func(tpl *Template) { tpl.Steps[0].Requires = []string{"end"} },
		`requires "role", which is not`:  func(tpl *Template) { tpl.Steps[4].Requires = []string{"role"} },
		`step "" is not filled in`:       func(tpl *Template) { tpl.Steps[6].Key = "" },
		`"later" is not filled in`:       func(tpl *Template) { tpl.Steps[5].Owner = "" },
		`"attested" is not filled in`:    func(tpl *Template) { tpl.Steps[2].CompletedBy = "" },
		`"sent" is observed by`:          func(tpl *Template) { tpl.Steps[1].Condition = "" },
		`"attested" is observed by`:      func(tpl *Template) { tpl.Steps[2].Condition = "SENT" },
		"asks for something but nobody":  func(tpl *Template) { tpl.Steps[1].AsksAccount = true },
		`"role" has a deadline and what`: func(tpl *Template) { tpl.Steps[4].OnOverdue = "" },
		`"sent" has a deadline and what`: func(tpl *Template) { tpl.Steps[1].OnOverdue = Ends },
		"waits for nothing":              func(tpl *Template) { tpl.Steps[6].Requires = nil },
	} {
		tpl := template()
		tpl.Steps = slices.Clone(tpl.Steps)
		spoil(&tpl)
		if err := tpl.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was not found: %v", want, err)
		}
	}
}

func TestNewest(t *testing.T) {
	second := template()
	second.Version = 2
	if tpl, ok := Newest([]Template{template(), second, template()}, "example"); !ok || tpl.Version != 2 {
		t.Errorf("got v%d", tpl.Version)
	}
	if _, ok := Newest([]Template{template()}, "nothing"); ok {
		t.Error("found a template that is not there")
	}
	for p, who := range map[Party]string{Reseller: "OPERATOR", Platform: "OPERATOR", Customer: "CUSTOMER", AWS: "AWS"} {
		if Who(p) != who {
			t.Errorf("%s: got %s", p, Who(p))
		}
	}
}
