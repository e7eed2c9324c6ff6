package process

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

const day = 24 * time.Hour

func now() time.Time       { return time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC) }
func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }
func person() call.Actor   { return call.Actor{Subject: "cu-1", Role: "CUSTOMER"} }
func partner() call.Actor  { return call.Actor{Subject: "pa-1", Role: "PARTNER"} }

// template has every kind of step: one that asks for the account, one that is observed, one that people attest, one that
// needs evidence, one with a deadline, and the end.
func template() Template {
	return Template{Key: "example", Version: 1, Steps: []TemplateStep{
		{Key: "account", Owner: Customer, CompletedBy: Attestation, AsksAccount: true, EscalateAfter: 7 * day},
		{Key: "sent", Owner: Platform, CompletedBy: Observation, Condition: "SENT", Requires: []string{"account"}, EscalateAfter: day},
		{Key: "attested", Owner: Customer, CompletedBy: Attestation, Requires: []string{"sent"}, Skippable: true, EscalateAfter: day},
		{
			Key: "proven", Owner: Reseller, CompletedBy: Attestation, EvidenceRequired: true, Requires: []string{"sent"}, Skippable: true,
			EscalateAfter: 2 * day,
		},
		{
			Key: "role", Owner: Customer, CompletedBy: Observation, Condition: "ROLE", Requires: []string{"sent"}, Skippable: true,
			EscalateAfter: 3 * day, DueAfter: 4 * day, OnOverdue: Flags, LookFirst: true,
		},
		{Key: "later", Owner: Customer, CompletedBy: Attestation, Requires: []string{"attested"}, Skippable: true, EscalateAfter: day},
		{Key: "end", Owner: Platform, CompletedBy: Requirements, Requires: []string{"later", "proven", "role"}, EscalateAfter: day},
	}}
}

func fresh() *Process {
	p, _ := Start(template(), now())
	return &p
}

// sent returns a process whose middle steps are open.
func sent(t testing.TB) *Process {
	t.Helper()
	p := fresh()
	must(t)(p.Complete("account", Statement{AccountID: "111122223333"}, person(), now()))
	p.Advance(now())
	p.Observe(Report{Condition: "SENT", Met: true}, now())
	told(t, p.Advance(now()), FactStepOpened, FactStepOpened, FactStepOpened)
	return p
}

func step(t testing.TB, p *Process, key string) *Step {
	t.Helper()
	s, err := p.Step(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func states(p *Process) map[string]StepState {
	all := map[string]StepState{}
	for _, s := range p.Steps {
		all[s.Key] = s.State
	}
	return all
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

func refused(t testing.TB, err error, reason string) *errs.Error {
	t.Helper()
	if errs.ReasonOf(err) != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
	e, _ := errs.As(err)
	return e
}

func told(t testing.TB, facts []fact.Fact, want ...string) {
	t.Helper()
	var got []string
	for _, f := range facts {
		got = append(got, f.Name)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("facts: got %v, want %v", got, want)
	}
}

func dump(t testing.TB, p *Process) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func broken() Report {
	return Report{
		Condition: "ROLE", Failure: &Failure{Code: "NO_ROLE", Text: text.New("failure.NO_ROLE")},
		Blocked: Blocked{Owner: Reseller, Text: text.New("remedy.role"), RetryAt: now().Add(day)},
	}
}
