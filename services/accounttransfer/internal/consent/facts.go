package consent

import (
	"slices"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Names of the facts of a consent.
const (
	FactCreated              = "created"
	FactOpened               = "opened"
	FactUpdated              = "updated"
	FactSignatorySet         = "signatory_set"
	FactSubmitted            = "submitted"
	FactReviewStarted        = "review_started"
	FactInformationRequested = "information_requested"
	FactGranted              = "granted"
	FactRefused              = "refused"
	FactAgreementSent        = "agreement_sent"
	FactSigned               = "signed"
	FactExecuted             = "executed"
	FactExpired              = "expired"
	FactReopened             = "reopened"
	FactCancelled            = "cancelled"
	FactClosed               = "closed"
	FactWaitEscalated        = "wait_escalated"
	FactPersonErased         = "person_erased"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses     = "STATE_REFUSES"
	ReasonFieldRequired    = "FIELD_REQUIRED"
	ReasonFieldNotYours    = "FIELD_NOT_YOURS"
	ReasonEvidenceRequired = "EVIDENCE_REQUIRED"
	ReasonPersonUnknown    = "PERSON_UNKNOWN"
)

// reasonInvalid is the platform's reason for a value that cannot be.
const reasonInvalid = "REQUEST_INVALID"

// Codes of the failures of a transfer by its consent.
const (
	CodeRefused   = "CONSENT_REFUSED"
	CodeExpired   = "CONSENT_EXPIRED"
	CodeCancelled = "CONSENT_CANCELLED"
)

// tell returns a fact that everybody who may see the consent may read.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

// accepts refuses a verb that the state does not accept.
func (c *Consent) accepts(verb string, in ...State) error {
	if slices.Contains(in, c.State) && !c.Ended() {
		return nil
	}
	err := errs.New(errs.Precondition, ReasonStateRefuses, "a consent in state %s cannot be %s", c.State, verb).
		WithMeta("state", string(c.State))
	if w := c.Waiting(); w != nil {
		return err.WithRemedy(errs.Remedy{Who: process.Who(w.Owner), Text: w.Text, Until: w.Until})
	}
	return err
}

// proven refuses what is recorded without saying what proves it.
func proven(evidence string, by call.Actor) error {
	if evidence != "" {
		return nil
	}
	return errs.InvalidField("evidence", ReasonEvidenceRequired, "say what proves it").
		WithRemedy(errs.Remedy{Who: by.Role, Text: text.New("remedy.consent-evidence")})
}

// required refuses fields that are missing; nil when none is.
func required(missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	err := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing")
	for _, path := range missing {
		err = err.WithField(path, ReasonFieldRequired, "is missing")
	}
	return err
}
