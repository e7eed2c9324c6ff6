package accountrequest

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Names of the facts of a request.
const (
	FactSubmitted           = "submitted"
	FactRouted              = "routed"
	FactReviewBegun         = "review_begun"
	FactInformationAsked    = "information_requested"
	FactInformationProvided = "information_provided"
	FactApproved            = "approved"
	FactRejected            = "rejected"
	FactCancelled           = "cancelled"
	FactCreationRequested   = "creation_requested"
	FactCreationFailed      = "creation_failed"
	FactCreationRetried     = "creation_retried"
	FactContactReplaced     = "contact_replaced"
	FactAccountCreated      = "account_created"
	FactRootAccessConfirmed = "root_access_confirmed"
	FactRoleEntered         = "role_entered"
	FactRoleValidated       = "role_validated"
	FactRoleRefused         = "role_refused"
	FactPlanConfirmed       = "support_plan_confirmed"
	FactPlanGroupSet        = "support_plan_group_set"
	FactReady               = "ready"
	FactWaitEscalated       = "wait_escalated"
	FactMailboxErased       = "mailbox_erased"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses        = "STATE_REFUSES"
	ReasonFieldRequired       = "FIELD_REQUIRED"
	ReasonEvidenceRequired    = "EVIDENCE_REQUIRED"
	ReasonCustomerUnknown     = "CUSTOMER_UNKNOWN"
	ReasonProviderNotSetUp    = "PROVIDER_NOT_SET_UP"
	ReasonRootEmailInUse      = "ROOT_EMAIL_IN_USE"
	ReasonRootEmailInvalid    = "ROOT_EMAIL_INVALID"
	ReasonMailboxNotConfirmed = "MAILBOX_NOT_CONFIRMED"
	ReasonRegionUnknown       = "REGION_UNKNOWN"
	ReasonRegionDenied        = "REGION_DENIED"
	ReasonContactUnknown      = "CONTACT_UNKNOWN"
	ReasonByMailUnavailable   = "INFORMATION_BY_MAIL_UNAVAILABLE"
	ReasonGroupMismatch       = "SUPPORT_PLAN_GROUP_MISMATCH"
	ReasonRoleMismatch        = "ROLE_ACCOUNT_MISMATCH"
	ReasonRoleDenied          = "ROLE_DENIED" // shared by all services
)

// tell returns a fact that everybody who may see the request may read.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

// refuses is the refusal of a verb in a state.
func (r *Request) refuses(verb string) *errs.Error {
	return errs.New(errs.Precondition, ReasonStateRefuses, "a request that is %s cannot be %s", r.State, verb).
		WithMeta("state", string(r.State))
}

// operatorMends names Operations as who can mend a refusal.
func operatorMends(key string) errs.Remedy { return errs.Remedy{Who: "OPERATOR", Text: text.New(key)} }

// customerMends names the customer.
func customerMends(key string) errs.Remedy { return errs.Remedy{Who: "CUSTOMER", Text: text.New(key)} }
