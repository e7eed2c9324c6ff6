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
//
// A service term that was not accepted fails the step that sends it: Operations sends another, or goes on without. Roles
// that are missing when their time is over end a journey whose support needs them (ORD-043), and are flagged in all
// others.
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
	DueAfter      time.Duration // after opening, not being done ends the journey, see Policy; 0: never
	Reminder      string        // template of the mails that remind the customer; every step of the customer has one
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
		if s.Skippable && s.CompletedBy.essential() {
			wrong = append(wrong, fmt.Sprintf("without step %q there is no journey: it cannot be skipped", s.Key))
		}
		if (s.Owner == Customer) != (s.Reminder != "") {
			wrong = append(wrong, fmt.Sprintf("step %q: the customer is reminded of its steps, and of no others", s.Key))
		}
		if s.AsksAccount && s.CompletedBy != Manual {
			wrong = append(wrong, fmt.Sprintf("step %q asks for an account but nobody says so", s.Key))
		}
		seen[s.Key] = true
	}
	wrong = append(wrong, tpl.checkOrder()...)
	wrong = append(wrong, tpl.checkEnd()...)
	if len(wrong) > 0 {
		return fmt.Errorf("template %s v%d: %s", tpl.Key, tpl.Version, strings.Join(wrong, "; "))
	}
	return nil
}

// checkOrder wants an invitation, and nothing observed before what it follows from.
func (tpl Template) checkOrder() (wrong []string) {
	if tpl.stepFor(InvitationSent) == nil || tpl.stepFor(InvitationAccepted) == nil {
		return []string{"it needs a step that sends an invitation and one that accepts it"}
	}
	for _, pair := range [][2]Completion{
		{InvitationAccepted, InvitationSent},
		{BillingGroupCreated, InvitationAccepted},
		{RelationshipCreated, InvitationAccepted},
		{TermSent, RelationshipCreated},
		{TermAccepted, TermSent},
		{RoleDeployed, InvitationAccepted},
	} {
		if later := tpl.stepFor(pair[0]); later != nil && !tpl.before(later.Key)[tpl.keyFor(pair[1])] {
			wrong = append(wrong, fmt.Sprintf("%s does not require %s", pair[0], pair[1]))
		}
	}
	if tpl.Policy.MinimumLead <= 0 || tpl.Policy.Cycles <= 0 {
		wrong = append(wrong, "its policy is not filled in")
	}
	return wrong
}

// checkEnd wants that a step that completes by its requirements is the last, and requires all others.
func (tpl Template) checkEnd() (wrong []string) {
	end := tpl.keyFor(RequirementsMet)
	if end == "" {
		return nil
	}
	for i, s := range tpl.Steps {
		switch {
		case s.Key == end && i < len(tpl.Steps)-1:
			wrong = append(wrong, fmt.Sprintf("step %q is not the last", end))
		case s.Key != end && !tpl.before(end)[s.Key]:
			wrong = append(wrong, fmt.Sprintf("step %q does not wait for step %q", end, s.Key))
		}
	}
	return wrong
}

func (tpl Template) stepFor(c Completion) *TemplateStep {
	i := slices.IndexFunc(tpl.Steps, func(s TemplateStep) bool { return s.CompletedBy == c })
	if i < 0 {
		return nil
	}
	return &tpl.Steps[i]
}

// keyFor returns the key of the step of a completion; "" when there is none.
func (tpl Template) keyFor(c Completion) string {
	if s := tpl.stepFor(c); s != nil {
		return s.Key
	}
	return ""
}

// before returns the keys of the steps that a step requires, directly or through others.
func (tpl Template) before(key string) map[string]bool {
	needed := map[string]bool{}
	wanted := map[string]bool{key: true}
	for _, s := range slices.Backward(tpl.Steps) { // requirements point backwards, so that one pass finds all
		if !wanted[s.Key] {
			continue
		}
		for _, r := range s.Requires {
			wanted[r], needed[r] = true, true
		}
	}
	return needed
}

// copySteps returns the steps as a new transfer has them: all of them pending.
func (tpl Template) copySteps() []Step {
	steps := make([]Step, len(tpl.Steps))
	for i, s := range tpl.Steps {
		steps[i] = Step{
			Key: s.Key, Title: s.Title, Owner: s.Owner, State: Pending, Requires: slices.Clone(s.Requires),
			CompletedBy: s.CompletedBy, EvidenceRequired: s.Evidence, AsksAccount: s.AsksAccount, Skippable: s.Skippable,
			EscalateAfter: s.EscalateAfter, DueAfter: s.DueAfter, ReminderTemplate: s.Reminder, What: s.What, Where: s.Where,
		}
	}
	return steps
}
