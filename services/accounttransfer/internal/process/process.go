// Package process is a journey as data: the steps of a template with their owners, guards, dates and reminders, and how
// steps are completed, skipped, reopened, retried and escalated.
//
// It owns the engine and no word of what the steps are about: what completes one is an attestation, a condition of a
// resource whose state is reported to it, or that all it requires is done. It reads no clock and talks to nobody. Methods
// change the process they are called on and return the facts that follow; on an error nothing has changed.
package process

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Process is the steps of a journey, copied from a template at its start. Nothing looks the template up again, so that a
// new version never changes a journey under way.
type Process struct {
	Template Ref    `json:"template"`
	Steps    []Step `json:"steps"`
}

// Ref names one version of a template.
type Ref struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
}

// Copied returns the steps of a template, none of which is open. Those that are for journeys with other traits are skipped.
func Copied(tpl Template, now time.Time, traits ...Trait) (Process, []fact.Fact) {
	p := Process{Template: tpl.Ref()}
	var facts []fact.Fact
	for _, s := range tpl.Steps {
		p.Steps = append(p.Steps, Step{TemplateStep: s, State: Pending})
		if s.OnlyFor != "" && !slices.Contains(traits, s.OnlyFor) {
			facts = append(facts, p.Steps[len(p.Steps)-1].Skip(notFor(s.OnlyFor), now))
		}
	}
	return p, facts
}

// Start copies the steps of a template and opens the first.
func Start(tpl Template, now time.Time, traits ...Trait) (Process, []fact.Fact) {
	p, facts := Copied(tpl, now, traits...)
	return p, append(facts, p.Advance(now)...)
}

// Insert adds a step before another one, which then requires it; what somebody has meanwhile and rests on it closes.
func Insert(p *Process, step TemplateStep, before string) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Key == before })
	p.Steps[i].Requires = append(slices.Clone(p.Steps[i].Requires), step.Key)
	p.Steps = slices.Insert(p.Steps, i, Step{TemplateStep: step, State: Pending})
	p.closeAfter(&p.Steps[i])
}

// Step returns a step by key, or STEP_UNKNOWN.
func (p *Process) Step(key string) (*Step, error) {
	for i := range p.Steps {
		if p.Steps[i].Key == key {
			return &p.Steps[i], nil
		}
	}
	return nil, unknownStep(key)
}

// For returns the step that a condition completes; nil when there is none.
func (p *Process) For(c Condition) *Step {
	return p.find(func(s *Step) bool { return s.CompletedBy == Observation && s.Condition == c })
}

// AccountStep returns the step whose attestation names the account; nil when there is none.
func (p *Process) AccountStep() *Step {
	return p.find(func(s *Step) bool { return s.AsksAccount })
}

func (p *Process) find(fits func(*Step) bool) *Step {
	for i := range p.Steps {
		if fits(&p.Steps[i]) {
			return &p.Steps[i]
		}
	}
	return nil
}

// Working returns the step that a condition completes while it is to be done; nil otherwise.
func (p *Process) Working(c Condition) *Step {
	if s := p.For(c); s != nil && s.State.Active() {
		return s
	}
	return nil
}

// Finished reports whether every step is done or skipped.
func (p *Process) Finished() bool {
	return !slices.ContainsFunc(p.Steps, func(s Step) bool { return !s.State.Closed() })
}

// missing returns the keys of the steps that keep a step closed.
func (p *Process) missing(s *Step) []string {
	return slices.DeleteFunc(slices.Clone(s.Requires), func(key string) bool {
		r, err := p.Step(key)
		return err == nil && r.State.Closed()
	})
}

// after returns the steps that need a step, directly or through others.
func (p *Process) after(key string) []*Step {
	need := map[string]bool{key: true}
	var steps []*Step
	for i := range p.Steps { // requirements point backwards, so that one pass finds all
		s := &p.Steps[i]
		if slices.ContainsFunc(s.Requires, func(r string) bool { return need[r] }) {
			need[s.Key] = true
			steps = append(steps, s)
		}
	}
	return steps
}

// Advance opens every step whose guard holds. It runs after every change, until nothing opens any more.
func (p *Process) Advance(now time.Time) []fact.Fact {
	var facts []fact.Fact
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.State != Pending || len(p.missing(s)) > 0 {
			continue
		}
		facts = append(facts, s.open(now))
		if s.CompletedBy == Requirements {
			facts = append(facts, s.done(call.Actor{}, "", now))
		}
	}
	return facts
}
