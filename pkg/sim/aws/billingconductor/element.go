package billingconductor

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/sim/aws/state"
)

// statusOf is a group's status: one for a transfer waits for the transfer to begin, one of the older kind needs its
// primary account in the organization.
func statusOf(tx *state.Tx, g state.BillingGroup) types.BillingGroupStatus {
	if t, ok := tx.Transfers.Get(g.Transfer); ok {
		if tx.Now().Before(t.StartsAt) {
			return types.BillingGroupStatusPending
		}
		return types.BillingGroupStatusActive
	}
	owner, _ := tx.Accounts.Get(g.Owner)
	if primary, ok := tx.Accounts.Get(g.Primary); !ok || primary.Organization != owner.Organization {
		return types.BillingGroupStatusPrimaryAccountMissing
	}
	return types.BillingGroupStatusActive
}

// sizeOf is how many accounts a group is for.
func sizeOf(tx *state.Tx, g state.BillingGroup) int64 {
	t, ok := tx.Transfers.Get(g.Transfer)
	if !ok {
		return int64(len(g.Accounts))
	}
	source, _ := tx.Accounts.Get(t.Source)
	return int64(len(tx.Members(source.Organization)))
}

func element(tx *state.Tx, g state.BillingGroup) types.BillingGroupListElement {
	e := types.BillingGroupListElement{
		Arn: aws.String(g.ARN), Name: aws.String(g.Name), BillingGroupType: g.Type(), Status: statusOf(tx, g), Size: sizeOf(tx, g),
		ComputationPreference: &types.ComputationPreference{PricingPlanArn: aws.String(g.PricingPlan)},
		AccountGrouping:       &types.ListBillingGroupAccountGrouping{},
		Description:           some(g.Description), PrimaryAccountId: some(g.Primary),
		CreationTime: seconds(g.CreatedAt), LastModifiedTime: seconds(g.ModifiedAt),
	}
	if g.Transfer != "" {
		e.AccountGrouping.ResponsibilityTransferArn = aws.String(g.TransferARN)
	} else {
		e.AccountGrouping.AutoAssociate = aws.Bool(g.AutoAssociate)
	}
	return e
}

func updated(tx *state.Tx, g state.BillingGroup) *sdk.UpdateBillingGroupOutput {
	e := element(tx, g)
	return &sdk.UpdateBillingGroupOutput{
		Arn: e.Arn, Name: e.Name, Description: e.Description, PricingPlanArn: e.ComputationPreference.PricingPlanArn,
		PrimaryAccountId: e.PrimaryAccountId, Status: e.Status, Size: e.Size, LastModifiedTime: e.LastModifiedTime,
		AccountGrouping: (*types.UpdateBillingGroupAccountGrouping)(e.AccountGrouping),
	}
}

func seconds(t time.Time) int64 { return t.Unix() }

// some is a member that is left out when it is empty.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}
