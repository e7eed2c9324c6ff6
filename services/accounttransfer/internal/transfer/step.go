package transfer

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
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
	Skipped StepState = "SKIPPED" // not needed, by an operator's word
	Broken  StepState = "FAILED"  // it went wrong; Failure says why, Blocked who can mend it
)

// StepStates returns every state of a step, for exhaustive tables.
func StepStates() []StepState { return []StepState{Pending, Open, Done, Skipped, Broken} }

// active reports whether somebody has the step now.
func (s StepState) active() bool { return s == Open || s == Broken }

// closed reports whether the step lets others open.
func (s StepState) closed() bool { return s == Done || s == Skipped }

// Completion is what completes a step.
type Completion string

// The completions. All but Manual are observed: nobody's word completes such a step.
const (
	Manual              Completion = "MANUAL"
	InvitationSent      Completion = "INVITATION_SENT"
	InvitationAccepted  Completion = "INVITATION_ACCEPTED"
	ValidationPassed    Completion = "VALIDATED"
	BillingGroupCreated Completion = "BILLING_GROUP_CREATED"
	RelationshipCreated Completion = "RELATIONSHIP_CREATED"
	TermSent            Completion = "TERM_SENT"
	TermAccepted        Completion = "TERM_ACCEPTED"
	RoleDeployed        Completion = "ROLE_DEPLOYED"
	ChannelReady        Completion = "CHANNEL_READY"
	RequirementsMet     Completion = "REQUIREMENTS_MET" // by the steps that it requires, and by nothing else
)

// essential reports whether there is no journey without such a step, so that nobody can skip it.
func (c Completion) essential() bool {
	return c == InvitationSent || c == InvitationAccepted || c == ValidationPassed || c == RequirementsMet
}

// Step is one thing that must be done, by one owner.
type Step struct {
	Key              string        `json:"key"`
	Title            string        `json:"title"`
	Owner            Party         `json:"owner"`
	State            StepState     `json:"state"`
	Requires         []string      `json:"requires,omitempty"`
	CompletedBy      Completion    `json:"completed_by"`
	EvidenceRequired bool          `json:"evidence_required,omitempty"`
	AsksAccount      bool          `json:"asks_account,omitempty"`
	Skippable        bool          `json:"skippable,omitempty"`
	EscalateAfter    time.Duration `json:"escalate_after,omitempty"`
	DueAfter         time.Duration `json:"due_after,omitempty"`
	ReminderTemplate string        `json:"reminder_template,omitempty"` // of the mails that remind the customer; empty: none
	What             string        `json:"what"`
	Where            string        `json:"where"`

	OpenedAt   time.Time  `json:"opened_at,omitzero"`
	EscalateAt time.Time  `json:"escalate_at,omitzero"` // zero: never
	DueAt      time.Time  `json:"due_at,omitzero"`      // zero: never
	Escalated  bool       `json:"escalated,omitempty"`  // Operations was told, once
	Overdue    bool       `json:"overdue,omitempty"`    // DueAt has come, and what follows from it was done
	DoneAt     time.Time  `json:"done_at,omitzero"`     // done, skipped or failed
	DoneBy     call.Actor `json:"done_by,omitzero"`     // zero: observed
	Evidence   string     `json:"evidence,omitempty"`
	Reason     string     `json:"reason,omitempty"`  // why it was skipped or reopened
	Failure    *Failure   `json:"failure,omitempty"` // set while FAILED
	Blocked    *Blocked   `json:"blocked,omitempty"` // set while FAILED
	Reminder   *Reminder  `json:"reminder,omitempty"`
}

// Blocked is who can mend a failed step, and when it is tried again by itself.
type Blocked struct {
	Owner   Party     `json:"owner"`
	What    string    `json:"what"`
	Where   string    `json:"where"`
	RetryAt time.Time `json:"retry_at,omitzero"` // zero: only when somebody asks
}

// Step returns a step by key, or STEP_UNKNOWN.
func (t *Transfer) Step(key string) (*Step, error) {
	for i := range t.Steps {
		if t.Steps[i].Key == key {
			return &t.Steps[i], nil
		}
	}
	return nil, errs.InvalidField("step_key", ReasonStepUnknown, "the transfer has no step %q", key)
}

// stepFor returns the step that an observation completes; nil when the template has none.
func (t *Transfer) stepFor(c Completion) *Step {
	for i := range t.Steps {
		if t.Steps[i].CompletedBy == c {
			return &t.Steps[i]
		}
	}
	return nil
}

// accountStep returns the step that names the management account; nil when the template has none.
func (t *Transfer) accountStep() *Step {
	for i := range t.Steps {
		if t.Steps[i].AsksAccount {
			return &t.Steps[i]
		}
	}
	return nil
}

// missing returns the keys of the steps that keep a step closed.
func (t *Transfer) missing(s *Step) []string {
	return slices.DeleteFunc(slices.Clone(s.Requires), func(key string) bool {
		r, err := t.Step(key)
		return err == nil && r.State.closed()
	})
}

// underWay reports whether steps are being done: neither ending nor stopped nor over.
func (t *Transfer) underWay() bool { return t.State == InProgress && t.Ending == nil }

// work returns the step that an observation completes while it is to be done; else nil.
func (t *Transfer) work(c Completion) *Step {
	if s := t.stepFor(c); t.underWay() && s != nil && s.State.active() {
		return s
	}
	return nil
}

// advance opens every step whose guard holds and ends the transfer when all are done (ORD-040). It runs after every
// change, and not once the transfer is ending.
func (t *Transfer) advance(now time.Time) []fact.Fact {
	if !t.underWay() {
		return nil
	}
	var facts []fact.Fact
	all := true
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.State == Pending && len(t.missing(s)) == 0 {
			facts = append(facts, s.open(now))
			if s.CompletedBy == RequirementsMet {
				facts = append(facts, t.done(s, call.Actor{}, "", now)...)
			}
		}
		all = all && s.State.closed()
	}
	if all {
		t.end(Completed, nil, now)
		facts = append(facts, tell(FactCompleted, "Every step is done; the transfer is complete."))
	}
	return facts
}

// open starts a step and its dates.
func (s *Step) open(now time.Time) fact.Fact {
	s.begin(now)
	return tell(FactStepOpened, s.Title+": to be done.", "step", s.Key, "owner", string(s.Owner))
}

// begin makes a step open with fresh dates.
func (s *Step) begin(now time.Time) {
	s.reset(Open)
	s.OpenedAt = now
	if s.EscalateAfter > 0 {
		s.EscalateAt = now.Add(s.EscalateAfter)
	}
	if s.DueAfter > 0 {
		s.DueAt = now.Add(s.DueAfter)
	}
}

// reset forgets everything that happened to a step.
func (s *Step) reset(state StepState) {
	s.State, s.Failure, s.Blocked = state, nil, nil
	s.OpenedAt, s.EscalateAt, s.DueAt, s.DoneAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	s.Escalated, s.Overdue, s.DoneBy, s.Evidence = false, false, call.Actor{}, ""
	if s.Reminder != nil {
		s.Reminder.Over = true // it tells what no longer holds
	}
}

// done completes a step. A zero actor means that it was observed.
func (t *Transfer) done(s *Step, by call.Actor, evidence string, now time.Time) []fact.Fact {
	s.State, s.Failure, s.Blocked = Done, nil, nil
	s.DoneAt, s.DoneBy, s.Evidence, s.Reason = now, by, evidence, ""
	return []fact.Fact{tell(FactStepCompleted, s.Title+": done.", "step", s.Key)}
}

// observed completes the step of an observation, unless it is done already.
func (t *Transfer) observed(c Completion, now time.Time) []fact.Fact {
	if s := t.stepFor(c); s != nil && !s.State.closed() {
		return t.done(s, call.Actor{}, "", now)
	}
	return nil
}

// broken fails a step. The same failure again is no news.
func (t *Transfer) broken(s *Step, f Failure, b Blocked, now time.Time) []fact.Fact {
	known := s.State == Broken && *s.Failure == f && s.Blocked.Owner == b.Owner
	if !s.State.active() {
		s.begin(now)
	}
	s.State, s.Failure, s.Blocked, s.DoneAt = Broken, &f, &b, now
	if known {
		return nil
	}
	return []fact.Fact{tell(FactStepFailed, s.Title+": "+f.Message, "step", s.Key, "code", f.Code, "owner", string(b.Owner))}
}

// ValidAccountID reports whether s has the form of an AWS account id: twelve digits.
func ValidAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }
