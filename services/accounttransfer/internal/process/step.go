package process

import (
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Party is a side that can owe an action.
type Party string

// The parties.
const (
	Reseller Party = "RESELLER" // the reseller's people
	Customer Party = "CUSTOMER" // the customer's people
	AWS      Party = "AWS"
	Platform Party = "PLATFORM" // the suite itself, or the word of Operations where it cannot know
)

// StepState is where a step stands.
type StepState string

// The states of a step.
const (
	Pending StepState = "PENDING" // a step that it requires is not done
	Open    StepState = "OPEN"    // it can be done now
	Done    StepState = "DONE"
	Skipped StepState = "SKIPPED" // not needed, by an operator's decision or a rule
	Broken  StepState = "FAILED"  // it went wrong; Failure says why, Blocked who can mend it
)

// StepStates returns every state of a step, for exhaustive tables.
func StepStates() []StepState { return []StepState{Pending, Open, Done, Skipped, Broken} }

// Active reports whether somebody has the step now.
func (s StepState) Active() bool { return s == Open || s == Broken }

// Closed reports whether the step lets others open.
func (s StepState) Closed() bool { return s == Done || s == Skipped }

// Step is one thing that must be done, by one owner.
type Step struct {
	TemplateStep
	State      StepState  `json:"state"`
	Round      int        `json:"round,omitempty"` // how often it was opened
	OpenedAt   time.Time  `json:"opened_at,omitzero"`
	EscalateAt time.Time  `json:"escalate_at,omitzero"` // zero: never
	DueAt      time.Time  `json:"due_at,omitzero"`      // zero: never
	Escalated  bool       `json:"escalated,omitempty"`  // Operations was told, once
	Overdue    bool       `json:"overdue,omitempty"`    // DueAt has come, and what follows from it was done
	LookedAt   time.Time  `json:"looked_at,omitzero"`   // when its condition was last looked at, after DueAt
	DoneAt     time.Time  `json:"done_at,omitzero"`     // done, skipped or failed
	DoneBy     call.Actor `json:"done_by,omitzero"`     // zero: observed
	Evidence   string     `json:"evidence,omitempty"`
	Attached   []string   `json:"attached,omitempty"` // ids of the files that prove it
	PayerID    string     `json:"payer_id,omitempty"` // that its attestation named
	Accounts   []string   `json:"accounts,omitempty"` // that its attestation named
	Sessions   []Session  `json:"sessions,omitempty"` // oldest first; the last one counts
	Reason     string     `json:"reason,omitempty"`   // why it was skipped or reopened
	Failure    *Failure   `json:"failure,omitempty"`  // set while FAILED
	Blocked    *Blocked   `json:"blocked,omitempty"`  // set while FAILED
	Told       text.Text  `json:"told,omitzero"`      // an instruction that fits better than the step's own, as things are now
	Until      time.Time  `json:"until,omitzero"`     // after it it is too late, as the resource says
	Wait       *Waiting   `json:"wait,omitempty"`     // who has it now, as the resource says, which escalates it itself
}

// Failure is why a step or a journey failed.
type Failure struct {
	Code string    `json:"code"`
	Text text.Text `json:"text"` // one sentence
}

// same reports whether two failures say the same.
func (f Failure) same(o Failure) bool { return f.Code == o.Code && f.Text.Equal(o.Text) }

// Blocked is who can mend a failed step, and when it is tried again by itself.
type Blocked struct {
	Owner   Party     `json:"owner"`
	Text    text.Text `json:"text"`              // an instruction: what and where
	RetryAt time.Time `json:"retry_at,omitzero"` // zero: only when somebody asks
}

// Title is the step's title.
func (s *Step) Title() text.Text { return text.New("title." + s.Key) }

// Instruction is what must be done for the step and where, as things are now.
func (s *Step) Instruction() text.Text {
	if s.State == Broken {
		return s.Blocked.Text
	}
	if !s.Told.IsZero() {
		return s.Told
	}
	return text.New("step." + s.Key)
}

// open starts a step and its dates.
func (s *Step) open(now time.Time) fact.Fact {
	s.begin(now)
	return tell(FactStepOpened, s, "owner", string(s.Owner))
}

// begin makes a step open with fresh dates.
func (s *Step) begin(now time.Time) {
	s.reset(Open)
	s.OpenedAt = now
	s.Round++
	if s.EscalateAfter > 0 {
		s.EscalateAt = now.Add(s.EscalateAfter)
	}
	if s.DueAfter > 0 {
		s.DueAt = now.Add(s.DueAfter)
	}
}

// reset forgets everything that happened to a step but how often it was opened, and its sessions: of the last one it is then not said
// any more what came of it.
func (s *Step) reset(state StepState) {
	*s = Step{TemplateStep: s.TemplateStep, State: state, Round: s.Round, Sessions: s.Sessions}
	if held := s.Session(); held != nil && held.Outcome == HandedOver {
		held.Outcome = ""
	}
}

// done completes a step. A zero actor means that it was observed.
func (s *Step) done(by call.Actor, evidence string, now time.Time) fact.Fact {
	s.State, s.Failure, s.Blocked, s.Told, s.Until, s.Wait = Done, nil, nil, text.Text{}, time.Time{}, nil
	s.DoneAt, s.DoneBy, s.Evidence, s.Reason = now, by, evidence, ""
	return tell(FactStepCompleted, s)
}

// skip closes a step without its being done. A zero actor means that a rule does so.
func (s *Step) skip(reason string, by call.Actor, now time.Time) fact.Fact {
	s.reset(Skipped)
	s.DoneAt, s.DoneBy, s.Reason = now, by, reason
	return inWordsOf(by, tell(FactStepSkipped, s), reason)
}

// Skip closes a step by a rule of the journey.
func (s *Step) Skip(reason string, now time.Time) fact.Fact { return s.skip(reason, call.Actor{}, now) }

// Fail fails a step. The same failure again is no news.
func (s *Step) Fail(f Failure, b Blocked, now time.Time) []fact.Fact {
	known := s.State == Broken && s.Failure.same(f) && s.Blocked.Owner == b.Owner
	if known {
		s.Blocked = &b
		return nil
	}
	if !s.State.Active() {
		s.begin(now)
	}
	s.State, s.Failure, s.Blocked, s.DoneAt = Broken, &f, &b, now
	facts := []fact.Fact{tell(FactStepFailed, s, "code", f.Code, "owner", string(b.Owner))}
	if b.Owner == Reseller && !s.Escalated { // what only Operations can mend does not wait to be found
		s.Escalated = true
		facts = append(facts, fact.Internally(tell(FactStepEscalated, s, "owner", string(b.Owner))))
	}
	return facts
}
