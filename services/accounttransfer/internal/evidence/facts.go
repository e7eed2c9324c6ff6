package evidence

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Names of the facts of an attachment. Each tells the step, and its title as the key of a text.
const (
	FactCreated = "created"
	FactStored  = "stored"
	FactUsed    = "used"
	FactDeleted = "deleted"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonTooLarge      = "ATTACHMENT_TOO_LARGE"
	ReasonTooMany       = "ATTACHMENT_TOO_MANY"
	ReasonNameInvalid   = "ATTACHMENT_NAME_INVALID"
	ReasonTypeWrong     = "ATTACHMENT_TYPE_WRONG"
	ReasonHashWrong     = "ATTACHMENT_HASH_WRONG"
	ReasonPartWrong     = "ATTACHMENT_PART_WRONG"
	ReasonNotUploading  = "ATTACHMENT_NOT_UPLOADING"
	ReasonNotStored     = "ATTACHMENT_NOT_STORED"
	ReasonUnknown       = "ATTACHMENT_UNKNOWN"
	ReasonFieldRequired = "FIELD_REQUIRED"
)

// tell returns a fact that everybody who may read the attachment may read.
func tell(name string, a *Attachment, details ...string) fact.Fact {
	f := fact.Fact{Name: name, Audience: fact.Operator}.With("step", a.StepKey, "title", "title."+a.StepKey).With(details...)
	if a.Shared {
		f.Audience = fact.Customer
	}
	return f
}

// Unknown is the refusal of evidence that is not there, or is another step's.
func Unknown(id string) error {
	return errs.InvalidField("attachment_ids", ReasonUnknown, "the step has no stored attachment %s", id)
}
