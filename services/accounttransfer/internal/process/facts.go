package process

import (
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Names of the facts of steps. Each tells the step, and its title as the key of a text.
const (
	FactStepOpened    = "step_opened"
	FactStepCompleted = "step_completed"
	FactStepSkipped   = "step_skipped"
	FactStepReopened  = "step_reopened"
	FactStepFailed    = "step_failed"
	FactStepRetried   = "step_retried"
	FactStepEscalated = "step_escalated"
	FactStepChanged   = "step_changed"

	FactSessionScheduled = "session_scheduled"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStepUnknown       = "STEP_UNKNOWN"
	ReasonStepNotOpen       = "STEP_NOT_OPEN"
	ReasonStepGuardClosed   = "STEP_GUARD_CLOSED"
	ReasonStepNotManual     = "STEP_NOT_MANUAL"
	ReasonStepNotYours      = "STEP_NOT_YOURS"
	ReasonStepNotFailed     = "STEP_NOT_FAILED"
	ReasonStepNotClosed     = "STEP_NOT_CLOSED"
	ReasonStepNotReopenable = "STEP_NOT_REOPENABLE"
	ReasonStepNotSkippable  = "STEP_NOT_SKIPPABLE"
	ReasonEvidenceRequired  = "EVIDENCE_REQUIRED"
	ReasonEvidenceWrong     = "EVIDENCE_WRONG"
	ReasonPayerRequired     = "PAYER_REQUIRED"
	ReasonSessionRequired   = "SESSION_REQUIRED"
	ReasonSessionPast       = "SESSION_PAST"
	ReasonAccountIDInvalid  = "ACCOUNT_ID_INVALID"
	ReasonFieldRequired     = "FIELD_REQUIRED"
)

// tell returns a fact of a step that everybody who may see the journey may read.
func tell(name string, s *Step, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With("step", s.Key, "title", s.Title().Key).With(details...)
}

// inWordsOf adds the reason that an actor gave. That of the reseller's people is for them alone.
func inWordsOf(by call.Actor, f fact.Fact, reason string) fact.Fact {
	if OfReseller(by) {
		f = fact.Internally(f)
	}
	f.Reason = reason
	return f
}

// OfReseller reports whether somebody on the reseller's side acted: its people, or a service of the suite for anybody. The
// zero actor, who is a rule, is nobody's.
func OfReseller(by call.Actor) bool {
	return by.Role != "" && by.Role != "CUSTOMER" && by.Role != "PARTNER"
}

func unknownStep(key string) error {
	return errs.InvalidField("step_key", ReasonStepUnknown, "the transfer has no step %q", key)
}

// AccountIDInvalid is the refusal of what is no account id.
func AccountIDInvalid() *errs.Error {
	return errs.InvalidField("source_account_id", ReasonAccountIDInvalid, "the id of an account has twelve digits").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.account-id")})
}
