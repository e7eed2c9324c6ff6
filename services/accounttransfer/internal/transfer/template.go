package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
)

// Template is one version of a process: the steps and the policy that a transfer copies at its start. A version never
// changes; a better process is a new version.
type Template struct {
	Key     string
	Version int // from 1
	Title   string
	Kind    Kind
	Policy  Policy
	Steps   []TemplateStep
}

// Policy is how a transfer invites.
//
// What no acceptance means is decided here. A declined invitation is an answer: the transfer fails, and the order with
// it (ORD-042). An expired one is silence: it fails too, unless the template grants re-invitations, each for the
// earliest month that can still be accepted in time. Operations can replace an outstanding invitation at any time
// before, so that a customer who needs a month more does not have to run into the expiry.
type Policy struct {
	MinimumLead time.Duration `json:"minimum_lead"`        // what the customer has at least between invitation and last second to accept
	Reinvites   int           `json:"reinvites,omitempty"` // how often an expired invitation is replaced by itself; 0: it ends the transfer
	DecideIn    time.Duration `json:"decide_in,omitempty"` // how long a decision may take before it is escalated
	Cycles      int           `json:"cycles"`              // billing cycles of the commitment (BIL-002)
}

// TemplateStep is one step of a template.
type TemplateStep struct {
	Key           string
	Title         string
	Owner         Party
	Requires      []string // keys of the steps that must be done or skipped before it opens
	CompletedBy   Completion
	Evidence      bool // completing it needs evidence, whoever does it
	AsksAccount   bool // completing it names the management account
	Skippable     bool
	EscalateAfter time.Duration // after opening; 0: never
	DueAfter      time.Duration // after opening, not being done ends the journey; 0: never
	What, Where   string
}

// FindTemplate returns the newest version of a template, or TEMPLATE_UNKNOWN.
func FindTemplate(key string) (Template, error) {
	var found Template
	for _, tpl := range Templates() {
		if tpl.Key == key && tpl.Version > found.Version {
			found = tpl
		}
	}
	if found.Version == 0 {
		return Template{}, errs.InvalidField("template_key", ReasonTemplateUnknown, "there is no template %q", key)
	}
	return found, nil
}

// Check reports what is wrong with a template, or nil. A template that passes can be walked to its end.
func (tpl Template) Check() error {
	var wrong []string
	seen := map[string]bool{}
	for _, s := range tpl.Steps {
		if s.Key == "" || s.Title == "" || s.Owner == "" || s.CompletedBy == "" || s.What == "" || s.Where == "" {
			wrong = append(wrong, fmt.Sprintf("step %q is not filled in", s.Key))
		}
		if seen[s.Key] {
			wrong = append(wrong, fmt.Sprintf("step %q is there twice", s.Key))
		}
		for _, r := range s.Requires { // only steps before it: acyclic, and each is reached
			if !seen[r] {
				wrong = append(wrong, fmt.Sprintf("step %q requires %q, which is not a step before it", s.Key, r))
			}
		}
		if s.Skippable && s.CompletedBy != Manual {
			wrong = append(wrong, fmt.Sprintf("step %q is observed and cannot be skipped", s.Key))
		}
		if s.AsksAccount && s.CompletedBy != Manual {
			wrong = append(wrong, fmt.Sprintf("step %q asks for an account but nobody says so", s.Key))
		}
		seen[s.Key] = true
	}
	wrong = append(wrong, tpl.checkInvitation()...)
	if len(wrong) > 0 {
		return fmt.Errorf("template %s v%d: %s", tpl.Key, tpl.Version, strings.Join(wrong, "; "))
	}
	return nil
}

// checkInvitation wants one step that sends, and one after it that accepts.
func (tpl Template) checkInvitation() (wrong []string) {
	sent := slices.IndexFunc(tpl.Steps, func(s TemplateStep) bool { return s.CompletedBy == InvitationSent })
	got := slices.IndexFunc(tpl.Steps, func(s TemplateStep) bool { return s.CompletedBy == InvitationAccepted })
	if sent < 0 || got < 0 {
		return []string{"it needs a step that sends an invitation and one that accepts it"}
	}
	if !slices.Contains(tpl.Steps[got].Requires, tpl.Steps[sent].Key) {
		wrong = append(wrong, "accepting does not require sending")
	}
	if tpl.Policy.MinimumLead <= 0 || tpl.Policy.Cycles <= 0 {
		wrong = append(wrong, "its policy is not filled in")
	}
	return wrong
}

// copySteps returns the steps as a new transfer has them: all of them pending.
func (tpl Template) copySteps() []Step {
	steps := make([]Step, len(tpl.Steps))
	for i, s := range tpl.Steps {
		steps[i] = Step{
			Key: s.Key, Title: s.Title, Owner: s.Owner, State: Pending, Requires: slices.Clone(s.Requires),
			CompletedBy: s.CompletedBy, EvidenceRequired: s.Evidence, AsksAccount: s.AsksAccount, Skippable: s.Skippable,
			EscalateAfter: s.EscalateAfter, DueAfter: s.DueAfter, What: s.What, Where: s.Where,
		}
	}
	return steps
}
