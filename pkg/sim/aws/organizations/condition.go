package organizations

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// moment is when a condition of an account is looked at.
type moment int

const (
	invited       moment = iota // somebody asks the account to transfer its billing
	accepting                   // the account accepts that
	receiving                   // the account's own invitation to transfer is accepted
	sending                     // the account invites another to transfer
	sendingJoin                 // the account invites another to become a member
	joining                     // the account accepts to become a member
	invitedToJoin               // somebody invites the account to become a member
	leaving                     // the account leaves the organization that created it
)

// refusal is what a condition leads to.
type refusal struct {
	condition state.Condition
	at        []moment
	exception func() error
}

// refusals returns every rule in the order in which they are looked at.
func refusals() []refusal {
	c, h := constraintRefusal, handshakeRefusal
	return []refusal{
		c(
			state.UnsupportedPricing, "Your organization is subject to a pricing agreement that Billing Transfer does not support.", invited,
			accepting,
		),
		c(state.NotActive, "Your account setup isn't complete or your account isn't fully active.", sending, accepting),
		c(state.UnmetBillingPrerequisite, "Your current billing configuration is unsupported.", sending, accepting),
		{state.DeletionInProgress, []moment{accepting}, func() error {
			return constraint(
				types.ConstraintViolationExceptionReasonTransferResponsibilitySourceDeletionInProgress,
				"The source organization is marked for deletion.",
			)
		}},
		{state.DeletionInProgress, []moment{receiving}, func() error {
			return constraint(
				types.ConstraintViolationExceptionReasonTransferResponsibilityTargetDeletionInProgress,
				"The target organization is marked for deletion.",
			)
		}},
		h(state.DifferentSellerOfRecord, "The organization is of a different seller of record.", invited, accepting, joining),
		h(state.TargetValidationFailure, "Billing transfer is not available for your account.", invited, accepting),
		{state.EmailNotVerified, []moment{sendingJoin}, func() error {
			return &types.AccountOwnerNotVerifiedException{Message: aws.String("The email address of the management account is not verified.")}
		}},
		{state.EarlierInvitationBlocks, []moment{invited}, func() error {
			return &types.DuplicateHandshakeException{Message: aws.String("A handshake with the same action and target already exists.")}
		}},
		h(state.EmailNotVerified, "The email address of your management account is not verified.", sending, accepting),
		h(
			state.LegacyPermissions, "Your organization must migrate to use the fine-grained actions for billing, cost management, and accounts.",
			accepting,
		),
		h(state.PastDueInvoice, "Your organization has an invoice that is past due.", accepting),
		h(state.UnusedPrepaymentBalance, "Your organization has an outstanding pre-payment balance.", accepting),
		h(state.PaymentInstrumentRequired, "The account doesn't have a payment instrument.", accepting, joining),
		{state.PaymentInstrumentRequired, []moment{leaving}, func() error {
			return constraint(
				types.ConstraintViolationExceptionReasonMemberAccountPaymentInstrumentRequired, "The account doesn't have a payment instrument.",
			)
		}},
		h(state.BoundToAnOrganization, "The invited account is already a member of an organization.", invitedToJoin),
		h(state.InvitesDisabled, "You can't issue new invitations while the organization is enabling all features.", sendingJoin),
		h(state.MembershipChangeRateReached, "You attempted to change the membership of an account too quickly.", joining),
	}
}

// constraintRefusal and handshakeRefusal are of a condition whose word is AWS's Reason.
func constraintRefusal(c state.Condition, message string, at ...moment) refusal {
	return refusal{c, at, func() error {
		return constraint(types.ConstraintViolationExceptionReason(c), message)
	}}
}

func handshakeRefusal(c state.Condition, message string, at ...moment) refusal {
	return refusal{c, at, func() error {
		return handshakeConstraint(types.HandshakeConstraintViolationExceptionReason(c), message)
	}}
}

// refuse returns the exception for the first condition of the account that matters at this moment.
func refuse(a state.Account, at moment) error {
	for _, r := range refusals() {
		if a.Has(r.condition) && slices.Contains(r.at, at) {
			return r.exception()
		}
	}
	return nil
}

// allFeatures refuses an organization that has only consolidated billing.
func allFeatures(o state.Organization) error {
	if o.FeatureSet == types.OrganizationFeatureSetAll {
		return nil
	}
	return constraint(types.ConstraintViolationExceptionReasonOrganizationNotInAllFeaturesMode,
		"The operation requires the organization to support all features.")
}

// sameRealm refuses two accounts of different partitions.
func sameRealm(a, b state.Account) error {
	if a.Realm() == b.Realm() {
		return nil
	}
	return handshakeConstraint(types.HandshakeConstraintViolationExceptionReasonOrganizationFromDifferentSellerOfRecord,
		"Both accounts must be in the same Amazon Web Services partition.")
}
