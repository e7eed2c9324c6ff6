// Package templates is the processes by which accounts come to the reseller, as versioned data: a journey copies one at its
// start. A template is one YAML file beside this one; what it says to people is in the service's texts.
package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Kind is what moves.
type Kind string

// The kinds.
const (
	BillingTransfer Kind = "BILLING_TRANSFER" // the billing of an organization, and nothing else
	Membership      Kind = "MEMBERSHIP"       // accounts join an organization of the reseller
)

// Journey is a process with what it is to bring about.
type Journey struct {
	process.Template
	Kind     Kind
	Basis    connection.Basis
	Policy   connection.Policy
	DecideIn time.Duration  // how long a decision may take before it is escalated
	Consent  consent.Policy // of AWS's consent, where a step waits for it

	Undecided *Undecided // nil: the steps are all that there are
}

// Undecided is a step that journeys of a trait have or have not, as Operations decides before they begin.
type Undecided struct {
	For    process.Trait        `json:"for"`
	Before string               `json:"before"` // the step that then requires it
	Step   process.TemplateStep `json:"step"`
}

// Waits reports whether a step of the process waits for a condition, or one that Operations may still decide on.
func (j Journey) Waits(c process.Condition) bool {
	return j.Undecided != nil && j.Undecided.Step.Condition == c ||
		slices.ContainsFunc(j.Steps, func(s process.TemplateStep) bool { return s.Condition == c })
}

// NamesPayer reports whether a step names the payer, so that the journey begins without one.
func (j Journey) NamesPayer() bool {
	return slices.ContainsFunc(j.Steps, func(s process.TemplateStep) bool { return s.AsksPayer || s.Asks == process.AsksPayer })
}

// ChannelReady is the one condition that is not a connection's: support has set the customer's channel up.
const ChannelReady process.Condition = "CHANNEL_READY"

//go:embed *.yaml
var files embed.FS

// Load reads every version of every template. It fails for a file that is none, and for a template that cannot be walked.
func Load() ([]Journey, error) { return loaded() }

var loaded = sync.OnceValues(func() ([]Journey, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	all := make([]Journey, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		j, err := read(text)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		all = append(all, j)
	}
	return all, nil
})

// All returns every version of every template, once Load has not failed.
func All() []Journey {
	all, _ := loaded()
	return all
}

// Find returns the newest version of a template; false when there is none of that key.
func Find(key string) (Journey, bool) { return process.Newest(All(), key) }
