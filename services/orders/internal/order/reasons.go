package order

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses            = "STATE_REFUSES"
	ReasonTermsNotAccepted        = "TERMS_NOT_ACCEPTED"
	ReasonSubmitterIsPreparer     = "SUBMITTER_IS_PREPARER"
	ReasonSubmitterNotCustomer    = "SUBMITTER_NOT_CUSTOMER"
	ReasonAccountIDInvalid        = "ACCOUNT_ID_INVALID"
	ReasonAccountAlreadyOrdered   = "ACCOUNT_ALREADY_ORDERED"
	ReasonAccountIsPayer          = "ACCOUNT_IS_PAYER"
	ReasonCurrencyNotServed       = "CURRENCY_NOT_SERVED"
	ReasonProductUnknown          = "PRODUCT_UNKNOWN"
	ReasonPayerMissing            = "PAYER_MISSING"
	ReasonContactUnknown          = "CONTACT_UNKNOWN"
	ReasonPermissionsNotConfirmed = "PERMISSIONS_NOT_CONFIRMED"
	ReasonFieldRequired           = "FIELD_REQUIRED"
	ReasonEndingAlready           = "ENDING_ALREADY"
	ReasonLinkInvalid             = "LINK_INVALID"
	ReasonLinkMissing             = "LINK_MISSING"
	ReasonTypeRefuses             = "TYPE_REFUSES"
	ReasonAgreementUnknown        = "AGREEMENT_UNKNOWN"
	ReasonAgreementNotLegacy      = "AGREEMENT_NOT_LEGACY"
	ReasonTerminationOpen         = "TERMINATION_OPEN"
	ReasonReplacementOpen         = "REPLACEMENT_OPEN"
	ReasonChangeOpen              = "CHANGE_OPEN"
	ReasonAgreementEnding         = "AGREEMENT_ENDING"
	ReasonStartNotFirstOfMonth    = "START_NOT_FIRST_OF_MONTH"
	ReasonStartTooEarly           = "START_TOO_EARLY"
	ReasonStartTooLate            = "START_TOO_LATE"
	ReasonStartNotChosen          = "START_NOT_CHOSEN"
	ReasonStartAfterEnd           = "START_AFTER_END"
	ReasonRoleDenied              = "ROLE_DENIED" // shared by all services
)

// Codes of failures.
const (
	CodeTransferDeclined   = "TRANSFER_DECLINED"
	CodeTransferExpired    = "TRANSFER_EXPIRED"
	CodeReviewRejected     = "REVIEW_REJECTED"
	CodeAccountNotEligible = "ACCOUNT_NOT_ELIGIBLE"
	CodeTransferCancelled  = "TRANSFER_CANCELLED"
	CodeTransferFailed     = "TRANSFER_FAILED"
	CodeRolesMissing       = "ROLES_MISSING"
	CodeTransferWithdrawn  = "TRANSFER_WITHDRAWN"

	CodeTerminationRefused   = "TERMINATION_REFUSED"
	CodeTerminationTakenBack = "TERMINATION_TAKEN_BACK"

	CodeChangeRefused   = "CHANGE_REFUSED"
	CodeChangeTakenBack = "CHANGE_TAKEN_BACK"
	CodeChangeLapsed    = "CHANGE_LAPSED"
	CodeAgreementEnds   = "AGREEMENT_ENDS"
)

// stateRefuses is the refusal of a verb that the state does not accept, with what can be done in that state instead.
func (o *Order) stateRefuses(verb string) *errs.Error {
	return errs.New(errs.Precondition, ReasonStateRefuses, "an order in state %s cannot be %s", o.State, verb).
		WithMeta("state", string(o.State)).WithRemedy(instead(o))
}

// draftOnly refuses a verb of drafts: an order of another type never is one.
func draftOnly(o *Order, verb string) error {
	switch {
	case amends(o):
		return typeRefuses(o, verb)
	case o.State != Draft:
		return o.stateRefuses(verb)
	}
	return nil
}

func instead(o *Order) errs.Remedy {
	switch o.State {
	case Draft:
		return errs.Remedy{Who: string(Customer), Text: text.New("remedy.submit_draft")}
	case Completed, Failed, Deleted:
		return errs.Remedy{Who: string(Customer), Text: afterwards(o)}
	case Processing, Querying:
	}
	if w := o.Waits(); w != nil && w.Owner == Reseller {
		return errs.Remedy{Who: roleOperator, Text: text.New("remedy.follow_order")}
	}
	return errs.Remedy{Who: string(Customer), Text: text.New("remedy.follow_order")}
}

// afterwards is what whoever wanted more of an ended order can do.
func afterwards(o *Order) text.Text {
	switch {
	case o.State == Completed && o.Type != Termination:
		return text.New("remedy.amend_agreement")
	case o.State == Failed && amends(o):
		return text.New("remedy.amend_again")
	}
	return text.New("remedy.order_anew")
}

// FieldRequired is the refusal of a call that lacks a field.
func FieldRequired(path, why string) error {
	return errs.InvalidField(path, ReasonFieldRequired, "%s", why).
		WithRemedy(errs.Remedy{Who: string(Customer), Text: text.New("remedy.fill_in_request")})
}

// HeldByAnother says whether an account was refused because of what the caller may not see: an order of somebody else, or a payer.
func HeldByAnother(err error) bool {
	e, ok := errs.As(err)
	return ok && (e.Reason == ReasonAccountAlreadyOrdered && e.Meta["order_id"] == "" || e.Reason == ReasonAccountIsPayer)
}

// isPayer is the refusal of an account that is one of the reseller's own.
func isPayer(accountID string) error {
	return errs.New(errs.Precondition, ReasonAccountIsPayer, "account %s is one of the reseller's own", accountID).
		WithField("management_account_id", ReasonAccountIsPayer, "is, or a linked account is, one of the reseller's own").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.own_account")})
}

// agreementEnding is the refusal of a management account whose agreement ends: until then it is billed by that one, unless the order takes
// its place.
func agreementEnding(accountID string, by Taken) error {
	remedy := errs.Remedy{Who: string(Customer), Text: text.New("remedy.order_after_end", "end", stamp(by.EndsAt))}
	if by.Legacy {
		remedy = errs.Remedy{Who: roleOperator, Text: text.New("remedy.replace_ending", "end", stamp(by.EndsAt)), Until: by.EndsAt}
	}
	why := "the agreement for account " + accountID + " ends on " + by.EndsAt.Format(time.DateOnly)
	return errs.New(errs.Precondition, ReasonAgreementEnding, "%s", why).
		WithField("management_account_id", ReasonAgreementEnding, "is billed by an agreement that ends").
		WithMeta("order_id", by.OrderID).WithMeta("end_time", stamp(by.EndsAt)).WithRemedy(remedy)
}

// alreadyOrdered is the refusal of a management account that another order holds. Without its id it is not said which.
func alreadyOrdered(accountID string, by Taken) error {
	if by.OrderID != "" && !by.EndsAt.IsZero() {
		return agreementEnding(accountID, by)
	}
	err := errs.New(errs.Precondition, ReasonAccountAlreadyOrdered, "account %s is part of another order", accountID).
		WithField("management_account_id", ReasonAccountAlreadyOrdered, "is part of another order").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.end_other_order")})
	if by.OrderID == "" {
		return err
	}
	return err.WithMeta("order_id", by.OrderID)
}
