package templates

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/process"
)

// file is a template as it is written.
type file struct {
	Key         string           `yaml:"key"`          // its name, for ever
	Version     int              `yaml:"version"`      // from 1; journeys keep the steps they began with
	Kind        Kind             `yaml:"kind"`         // what moves
	Basis       connection.Basis `yaml:"basis"`        // what then binds the account
	MinimumLead span             `yaml:"minimum_lead"` // what the customer has at least between invitation and last second to accept
	Reinvites   int              `yaml:"reinvites"`    // how often an expired invitation is replaced by itself
	Cycles      int              `yaml:"cycles"`       // billing cycles of the commitment

	OnTermRefused connection.TermPolicy `yaml:"on_term_refused"` // what follows then; for a billing transfer alone
	DecideIn      span                  `yaml:"decide_in"`       // how long a decision may take before it is escalated
	EscalateIn    span                  `yaml:"escalate_in"`     // how long another wait of its connection may take
	DeniedFor     span                  `yaml:"denied_for"`      // how long AWS may keep us out of the payer before that is escalated
	Consent       spans                 `yaml:"consent"`         // how long the waits for AWS's consent may take, where a step waits for it
	Steps         []step                `yaml:"steps"`           // in order; a step requires only such as stand before it
	Undecided     *undecided            `yaml:"undecided"`       // a step that only Operations can decide on
}

// undecided is a step that journeys of a trait have or have not: Operations decides before they begin.
type undecided struct {
	For    process.Trait `yaml:"for"`
	Before string        `yaml:"before"` // the step that then requires it
	Step   step          `yaml:"step"`
}

// spans are how long the waits of a consent may take; see consent.Policy.
type spans struct {
	GatherIn    span `yaml:"gather_in"`    // for what AWS wants to know, and for the request
	ReviewIn    span `yaml:"review_in"`    // for AWS
	AgreeIn     span `yaml:"agree_in"`     // for the agreement to be sent
	SignIn      span `yaml:"sign_in"`      // for the signatures
	DecideIn    span `yaml:"decide_in"`    // for Operations to begin again after a refusal or an expiry, before the transfer fails
	ExpireAfter span `yaml:"expire_after"` // from its turn to the last signature; none: no limit
}

func (s spans) policy() consent.Policy {
	return consent.Policy{
		GatherIn: s.GatherIn.std(), ReviewIn: s.ReviewIn.std(), AgreeIn: s.AgreeIn.std(), SignIn: s.SignIn.std(),
		DecideIn: s.DecideIn.std(), ExpireAfter: s.ExpireAfter.std(),
	}
}

// complete reports whether every wait is told when it takes too long.
func (s spans) complete() bool {
	return min(s.GatherIn, s.ReviewIn, s.AgreeIn, s.SignIn, s.DecideIn) > 0
}

// step is what a condition completes, or who attests it, or else what it requires.
type step struct {
	Key              string            `yaml:"key"`               // its name, for ever
	Owner            process.Party     `yaml:"owner"`             // who must act
	Condition        process.Condition `yaml:"condition"`         // what AWS or another service must report
	Attested         bool              `yaml:"attested"`          // its owner says that it is done
	Requires         []string          `yaml:"requires"`          // steps that must be done or skipped before it opens
	EvidenceRequired bool              `yaml:"evidence_required"` // an attestation needs evidence
	AsksAccount      bool              `yaml:"asks_account"`      // its attestation names the account
	Connects         bool              `yaml:"connects"`          // done, the account is bound to the payer
	Skippable        bool              `yaml:"skippable"`         // the journey can do without it
	EscalateAfter    span              `yaml:"escalate_after"`    // after opening
	DueAfter         span              `yaml:"due_after"`         // after opening
	OnOverdue        process.Overdue   `yaml:"on_overdue"`        // what follows then: ENDS, FLAGS or SKIPS
	LookFirst        bool              `yaml:"look_first"`        // its condition is looked at once more before it is called overdue
	Reminder         string            `yaml:"reminder"`          // the mail template that reminds its owner
	OnlyFor          process.Trait     `yaml:"only_for"`          // other journeys skip it
	Asks             process.Ask       `yaml:"asks"`              // what its attestation names beside evidence
	Target           process.Target    `yaml:"target"`            // of the session that it asks for
	AsksPayer        bool              `yaml:"asks_payer"`        // its attestation names the payer, unless the order has
}

// span is a time in days, "3d", or in smaller units, "1h30m".
type span time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *span) UnmarshalText(text []byte) error {
	if days, is := strings.CutSuffix(string(text), "d"); is {
		n, err := strconv.Atoi(days)
		*s = span(n) * span(24*time.Hour)
		return err
	}
	d, err := time.ParseDuration(string(text))
	*s = span(d)
	return err
}

func (s span) std() time.Duration { return time.Duration(s) }

func read(text []byte) (Journey, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return Journey{}, err
	}
	j := Journey{
		Template: process.Template{Key: f.Key, Version: f.Version}, Kind: f.Kind, Basis: f.Basis,
		Policy: connection.Policy{
			TermRefused: f.OnTermRefused,
			MinimumLead: f.MinimumLead.std(), Reinvites: f.Reinvites, Cycles: f.Cycles, EscalateIn: f.EscalateIn.std(), DeniedFor: f.DeniedFor.std(),
		},
		DecideIn: f.DecideIn.std(), Consent: f.Consent.policy(),
	}
	for _, s := range f.Steps {
		j.Steps = append(j.Steps, s.copied())
	}
	if u := f.Undecided; u != nil {
		j.Undecided = &Undecided{For: u.For, Before: u.Before, Step: u.Step.copied()}
	}
	return j, errors.Join(f.check(), j.Check())
}

func (s step) copied() process.TemplateStep {
	return process.TemplateStep{
		Key: s.Key, Owner: s.Owner, Requires: s.Requires, CompletedBy: s.completion(), Condition: s.Condition,
		EvidenceRequired: s.EvidenceRequired, AsksAccount: s.AsksAccount, Connects: s.Connects, Skippable: s.Skippable,
		EscalateAfter: s.EscalateAfter.std(), DueAfter: s.DueAfter.std(), OnOverdue: s.OnOverdue, LookFirst: s.LookFirst,
		ReminderTemplate: s.Reminder, OnlyFor: s.OnlyFor, Asks: s.Asks, Target: s.Target, AsksPayer: s.AsksPayer,
	}
}

// check finds what the engine cannot: that something stays still for ever without anybody being told.
func (f file) check() error {
	if f.Kind == "" || f.Basis == "" || f.Version < 1 || f.Cycles < 1 {
		return errors.New("kind, basis, version and cycles are needed")
	}
	if f.DecideIn <= 0 || f.EscalateIn <= 0 || f.DeniedFor <= 0 {
		return errors.New("decide_in, escalate_in and denied_for are needed: otherwise nobody is told when nothing happens")
	}
	policy := f.OnTermRefused == connection.TermFails || f.OnTermRefused == connection.TermContinues
	if policy == (f.Kind != BillingTransfer) {
		return errors.New("on_term_refused is FAIL or CONTINUE_WITH_CASE for a billing transfer, and needed by no other")
	}
	steps := f.Steps
	if u := f.Undecided; u != nil {
		if !slices.ContainsFunc(f.Steps, func(s step) bool { return s.Key == u.Before }) {
			return fmt.Errorf("the undecided step %s comes before %q, which is no step", u.Step.Key, u.Before)
		}
		steps = append(slices.Clone(steps), u.Step)
	}
	for _, s := range steps {
		if s.Condition == consent.Condition && !f.Consent.complete() {
			return fmt.Errorf("step %s needs the dates of consent: otherwise nobody is told when it stands still", s.Key)
		}
		if s.EscalateAfter <= 0 {
			return fmt.Errorf("step %s needs escalate_after: otherwise nobody is told when it stands still", s.Key)
		}
	}
	return nil
}

func (s step) completion() process.Completion {
	switch {
	case s.Condition != "":
		return process.Observation
	case s.Attested:
		return process.Attestation
	default:
		return process.Requirements
	}
}
