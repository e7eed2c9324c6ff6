package process

import (
	"fmt"
	"strings"
	"time"
)

// Template is one version of a process: the steps that a journey copies at its start. A version never changes; a better
// process is a new version. Its title is the text "template.<key>".
type Template struct {
	Key     string
	Version int // from 1
	Steps   []TemplateStep
}

// Condition is a state of a resource that completes a step: "invitation-accepted". The engine knows none of them.
type Condition string

// Completion is what completes a step.
type Completion string

// The completions.
const (
	Attestation  Completion = "ATTESTATION"  // its owner says that it is done
	Observation  Completion = "OBSERVATION"  // its condition is reported to hold; nobody's attestation completes it
	Requirements Completion = "REQUIREMENTS" // the steps that it requires, and nothing else
)

// Overdue is what follows when a step is not done in its time.
type Overdue string

// The consequences.
const (
	Ends  Overdue = "ENDS"  // the journey ends without success
	Flags Overdue = "FLAGS" // the journey says what follows, and usually goes on with an open issue
	Skips Overdue = "SKIPS" // the step is skipped: the journey does not need its answer
)

// Trait is what a journey is about beside its subject: some steps are only for journeys that have it.
type Trait string

// PublicSector is the trait of journeys of customers of the public sector.
const PublicSector Trait = "PUBLIC_SECTOR"

// Ask is what an attestation must name beside its evidence.
type Ask string

// What is asked for.
const (
	AsksPayer    Ask = "PAYER"    // the payer that was made
	AsksAccounts Ask = "ACCOUNTS" // the accounts for which it was done
	AsksSession  Ask = "SESSION"  // a session that was scheduled before, and held
)

// TemplateStep is one step of a template. Its title is the text "title.<key>", what must be done and where is the
// instruction "step.<key>".
type TemplateStep struct {
	Key              string        `json:"key"`
	Owner            Party         `json:"owner"`
	Requires         []string      `json:"requires,omitempty"` // keys of the steps that must be done or skipped before it opens
	CompletedBy      Completion    `json:"completed_by"`
	Condition        Condition     `json:"condition,omitempty"`         // of an observation
	EvidenceRequired bool          `json:"evidence_required,omitempty"` // an attestation needs evidence, whoever gives it
	AsksAccount      bool          `json:"asks_account,omitempty"`      // its attestation names the account
	Connects         bool          `json:"connects,omitempty"`          // done, the account is bound to the payer
	Skippable        bool          `json:"skippable,omitempty"`
	EscalateAfter    time.Duration `json:"escalate_after,omitempty"` // after opening; 0: never
	DueAfter         time.Duration `json:"due_after,omitempty"`      // after opening; 0: never
	OnOverdue        Overdue       `json:"on_overdue,omitempty"`     // what follows then
	LookFirst        bool          `json:"look_first,omitempty"`     // its condition is looked at once more before it is called overdue
	ReminderTemplate string        `json:"reminder_template,omitempty"`
	OnlyFor          Trait         `json:"only_for,omitempty"`   // other journeys skip it
	Asks             Ask           `json:"asks,omitempty"`       // what its attestation names
	Target           Target        `json:"target,omitempty"`     // of the session that it asks for
	AsksPayer        bool          `json:"asks_payer,omitempty"` // its attestation names the payer, too, unless the journey has one
}

// Check reports why a template cannot be walked to its end, or nil. Whether the walk makes sense is its author's matter.
func (tpl Template) Check() error {
	var wrong []string
	seen := map[string]bool{}
	for _, s := range tpl.Steps {
		wrong = append(wrong, s.check(seen)...)
		seen[s.Key] = true
	}
	if len(tpl.Steps) == 0 {
		wrong = append(wrong, "it has no steps")
	}
	if len(wrong) > 0 {
		return fmt.Errorf("template %s v%d: %s", tpl.Key, tpl.Version, strings.Join(wrong, "; "))
	}
	return nil
}

// check knows the steps before it.
func (s TemplateStep) check(before map[string]bool) (wrong []string) {
	say := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("step %q ", s.Key)+fmt.Sprintf(format, args...))
	}
	if s.Key == "" || s.Owner == "" || s.CompletedBy == "" {
		say("is not filled in")
	}
	if before[s.Key] {
		say("is there twice")
	}
	for _, r := range s.Requires { // only steps before it: acyclic, and each is reached
		if !before[r] {
			say("requires %q, which is not a step before it", r)
		}
	}
	if (s.CompletedBy == Observation) != (s.Condition != "") {
		say("is observed by a condition, and by nothing else")
	}
	if (s.AsksAccount || s.AsksPayer || s.Asks != "") && s.CompletedBy != Attestation {
		say("asks for something but nobody attests it")
	}
	if (s.Asks == AsksSession) != (s.Target != "") {
		say("asks for a session with a target, or for neither")
	}
	if (s.DueAfter > 0) != (s.OnOverdue != "") {
		say("has a deadline and what follows from it, or neither")
	}
	if s.CompletedBy == Requirements && len(s.Requires) == 0 && len(before) > 0 {
		say("waits for nothing")
	}
	return wrong
}

// Ref names this version of the template.
func (tpl Template) Ref() Ref { return Ref{tpl.Key, tpl.Version} }

// Newest returns the newest version of what a key names; false when there is none of that key.
func Newest[T interface{ Ref() Ref }](all []T, key string) (newest T, known bool) {
	for _, one := range all {
		if ref := one.Ref(); ref.Key == key && (!known || ref.Version > newest.Ref().Version) {
			newest, known = one, true
		}
	}
	return newest, known
}
