package transfer

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Reasons of refusals, as the contract names them.
const (
	ReasonStateRefuses         = "STATE_REFUSES"
	ReasonStepUnknown          = "STEP_UNKNOWN"
	ReasonStepNotOpen          = "STEP_NOT_OPEN"
	ReasonStepGuardClosed      = "STEP_GUARD_CLOSED"
	ReasonStepNotManual        = "STEP_NOT_MANUAL"
	ReasonStepNotYours         = "STEP_NOT_YOURS"
	ReasonStepNotFailed        = "STEP_NOT_FAILED"
	ReasonStepNotClosed        = "STEP_NOT_CLOSED"
	ReasonStepNotReopenable    = "STEP_NOT_REOPENABLE"
	ReasonStepNotSkippable     = "STEP_NOT_SKIPPABLE"
	ReasonEvidenceRequired     = "EVIDENCE_REQUIRED"
	ReasonInvitationPending    = "INVITATION_PENDING"
	ReasonInvitationAccepted   = "INVITATION_ACCEPTED"
	ReasonStartTooEarly        = "START_TOO_EARLY"
	ReasonStartTooLate         = "START_TOO_LATE"
	ReasonStartNotFirstOfMonth = "START_NOT_FIRST_OF_MONTH"
	ReasonTemplateUnknown      = "TEMPLATE_UNKNOWN"
	ReasonAccountIDInvalid     = "ACCOUNT_ID_INVALID"
	ReasonAccountInTransfer    = "ACCOUNT_IN_TRANSFER"
	ReasonFieldRequired        = "FIELD_REQUIRED"
)

// Codes of failures, of steps and of whole transfers.
const (
	CodeInvitationDeclined = "INVITATION_DECLINED"
	CodeInvitationExpired  = "INVITATION_EXPIRED"
	CodeInvitationCanceled = "INVITATION_CANCELED"
	CodeAccountNotEligible = "ACCOUNT_NOT_ELIGIBLE"
	CodeAccountInvalid     = "ACCOUNT_INVALID"
	CodePayerRefused       = "PAYER_REFUSED"
	CodeStepOverdue        = "STEP_OVERDUE"
	CodeTransferWithdrawn  = "TRANSFER_WITHDRAWN"
	CodeRolesMissing       = "ROLES_MISSING"
	CodeTermRefused        = "TERM_REFUSED"
	CodeChannelFailed      = "CHANNEL_FAILED"
)

// stateRefuses is the refusal of a verb that the state does not accept.
func (t *Transfer) stateRefuses(verb string) *errs.Error {
	if t.State == InProgress && t.Ending != nil {
		return errs.New(errs.Precondition, ReasonStateRefuses, "the transfer is ending, it cannot be %s", verb).
			WithMeta("state", string(t.State))
	}
	err := errs.New(errs.Precondition, ReasonStateRefuses, "a transfer in state %s cannot be %s", t.State, verb).
		WithMeta("state", string(t.State))
	if w := t.Waiting(); w != nil && t.State == WaitingDecision {
		return err.WithRemedy(errs.Remedy{Who: remedyFor(w.Owner), Text: text.Plain(w.What, w.Where), Until: w.Until})
	}
	return err
}

// going refuses what is only possible while steps are being done.
func (t *Transfer) going(verb string) error {
	if t.underWay() {
		return nil
	}
	return t.stateRefuses(verb)
}

// AccountInTransfer is the refusal of a source account that another transfer holds. Without its id it is not said which.
func AccountInTransfer(accountID, transferID string) error {
	err := errs.New(errs.Precondition, ReasonAccountInTransfer, "account %s is part of another transfer", accountID).
		WithField("source_account_id", ReasonAccountInTransfer, "is part of another transfer").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("End the other transfer first, or use another account.", "TransferService.CancelTransfer")})
	if transferID == "" {
		return err
	}
	return err.WithMeta("transfer_id", transferID)
}

func accountIDInvalid() *errs.Error {
	return errs.InvalidField("source_account_id", ReasonAccountIDInvalid, "the id of a management account has twelve digits").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.Plain("Look up the id of the management account.", "AWS console, account menu")})
}
