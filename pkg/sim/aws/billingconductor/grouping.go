package billingconductor

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

const maxAccounts = 30 // of one call

var transferPattern = regexp.MustCompile(
	`^arn:[a-z0-9][a-z0-9-.]{0,62}:organizations::\d{12}:transfer/o-[a-z0-9]{10,32}/(billing)/(inbound|outbound)/(rt-[0-9a-z]{8,32})$`,
)

// checkGrouping wants either a transfer, or accounts and the one of them whose view it is.
func checkGrouping(in *sdk.CreateBillingGroupInput) error {
	g := in.AccountGrouping
	switch {
	case in.ComputationPreference == nil || in.ComputationPreference.PricingPlanArn == nil:
		return invalid(fieldFailed, "ComputationPreference", "A pricing plan is required.")
	case g == nil || g.ResponsibilityTransferArn == nil && len(g.LinkedAccountIds) == 0:
		return invalid(fieldFailed, "AccountGrouping", "Give a billing transfer or linked accounts.")
	case g.ResponsibilityTransferArn != nil && (len(g.LinkedAccountIds) > 0 || g.AutoAssociate != nil):
		return invalid(fieldFailed, "AccountGrouping", "Give a billing transfer or linked accounts, not both.")
	case g.ResponsibilityTransferArn != nil && in.PrimaryAccountId != nil:
		return invalid(
			types.ValidationExceptionReasonIllegalPrimaryAccount, "PrimaryAccountId", "A group for a billing transfer has no primary account.",
		)
	case g.ResponsibilityTransferArn != nil && !transferPattern.MatchString(*g.ResponsibilityTransferArn):
		return invalid(types.ValidationExceptionReasonInvalidArn, "ResponsibilityTransferArn", "This is not the ARN of a billing transfer.")
	case g.ResponsibilityTransferArn != nil:
		return nil
	case len(g.LinkedAccountIds) > maxAccounts:
		return invalid(types.ValidationExceptionReasonTooManyAccountsInRequest, "LinkedAccountIds", "There are more than 30 accounts.")
	case len(slices.Compact(slices.Sorted(slices.Values(g.LinkedAccountIds)))) < len(g.LinkedAccountIds):
		return invalid(types.ValidationExceptionReasonDuplicateAccount, "LinkedAccountIds", "An account is there twice.")
	case !slices.Contains(g.LinkedAccountIds, aws.ToString(in.PrimaryAccountId)):
		return invalid(
			types.ValidationExceptionReasonPrimaryNotAssociated, "PrimaryAccountId", "The primary account must be one of the linked accounts.",
		)
	}
	return nil
}

// inbound returns the accepted transfer that the owner pays for and that has this ARN with it.
func inbound(tx *state.Tx, owner state.Account, arn string) (state.Transfer, error) {
	t, ok := tx.Transfers.Get(transferPattern.FindStringSubmatch(arn)[3])
	switch {
	case !ok || t.Target != owner.ID || t.ARN(owner) != arn:
		return t, invalid(
			types.ValidationExceptionReasonInvalidArn, "ResponsibilityTransferArn", "The account has no such inbound billing transfer.",
		)
	case t.At(tx.Now()).Status != orgtypes.ResponsibilityTransferStatusAccepted:
		return t, invalid(types.ValidationExceptionReasonOther, "ResponsibilityTransferArn", "The billing transfer is not accepted.")
	}
	return t, nil
}

// membersFree wants accounts of the owner's organization that no other group has.
func membersFree(tx *state.Tx, owner state.Account, g state.BillingGroup) error {
	for _, id := range g.Accounts {
		if a, ok := tx.Accounts.Get(id); !ok || a.Organization != owner.Organization || a.JoinedAt.After(tx.Now()) {
			return invalid(types.ValidationExceptionReasonIllegalAccounts, "LinkedAccountIds", "An account is not in the organization.")
		}
		for _, other := range tx.BillingGroups.Of(owner.ID) {
			if slices.Contains(other.Accounts, id) {
				return invalid(types.ValidationExceptionReasonAccountsAlreadyAssociated, "LinkedAccountIds", "An account is in another billing group.")
			}
		}
	}
	return nil
}

// nameFree refuses a name that another group of the owner has.
func nameFree(tx *state.Tx, owner, name, except string) error {
	for _, g := range tx.BillingGroups.Of(owner) {
		if g.Name == name && g.ARN != except {
			return &types.ConflictException{
				Message: aws.String("The name is taken."), Reason: types.ConflictExceptionReasonResourceNameConflict,
				ResourceId: aws.String(g.ARN), ResourceType: aws.String("BILLING_GROUP"),
			}
		}
	}
	return nil
}
