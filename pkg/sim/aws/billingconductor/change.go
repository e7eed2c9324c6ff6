package billingconductor

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/state"
)

// UpdateBillingGroup changes a group's name, description or prices; whom it is for stays.
func (b *Backend) UpdateBillingGroup(ctx context.Context, in *sdk.UpdateBillingGroupInput) (*sdk.UpdateBillingGroupOutput, error) {
	if err := first(groupID.check(in.Arn), optional(groupName).check(in.Name), description.check(in.Description)); err != nil {
		return nil, err
	}
	var out *sdk.UpdateBillingGroupOutput
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		owner, err := payer(ctx, tx)
		if err != nil {
			return err
		}
		g, ok := find(tx, owner, *in.Arn)
		if !ok {
			return &types.ResourceNotFoundException{
				Message: aws.String("The billing group was not found."), ResourceId: in.Arn, ResourceType: aws.String("BILLING_GROUP"),
			}
		}
		if err := first(notEnded(tx, g), change(tx, owner, in, &g)); err != nil {
			return err
		}
		g.ModifiedAt = tx.Now()
		tx.BillingGroups.Put(g)
		out = updated(tx, g)
		return nil
	})
	return out, err
}

func change(tx *state.Tx, owner state.Account, in *sdk.UpdateBillingGroupInput, g *state.BillingGroup) error {
	if n := in.Name; n != nil {
		if err := nameFree(tx, owner.ID, *n, g.ARN); err != nil {
			return err
		}
		g.Name = *n
	}
	if in.Description != nil {
		g.Description = *in.Description
	}
	if p := in.ComputationPreference; p != nil {
		if err := planExists(aws.ToString(p.PricingPlanArn), owner); err != nil {
			return err
		}
		g.PricingPlan = *p.PricingPlanArn
	}
	if a := in.AccountGrouping; a != nil {
		if a.ResponsibilityTransferArn != nil && *a.ResponsibilityTransferArn != g.TransferARN || a.AutoAssociate != nil && g.Transfer != "" {
			return invalid(
				types.ValidationExceptionReasonIllegalBillingGroupType, "AccountGrouping", "The billing transfer of a group cannot be changed.",
			)
		}
		if a.AutoAssociate != nil {
			g.AutoAssociate = *a.AutoAssociate
		}
	}
	if in.Status != "" && in.Status != statusOf(tx, *g) {
		return invalid(types.ValidationExceptionReasonInvalidBillingGroupStatus, "Status", "The status cannot be set.")
	}
	return nil
}

// DeleteBillingGroup deletes a group of the caller's.
func (b *Backend) DeleteBillingGroup(ctx context.Context, in *sdk.DeleteBillingGroupInput) (*sdk.DeleteBillingGroupOutput, error) {
	if err := groupID.check(in.Arn); err != nil {
		return nil, err
	}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		owner, err := payer(ctx, tx)
		if err != nil {
			return err
		}
		g, ok := find(tx, owner, *in.Arn)
		if !ok {
			return invalid(types.ValidationExceptionReasonMissingBillinggroup, "Arn", "The billing group was not found.")
		}
		if err := notEnded(tx, g); err != nil {
			return err
		}
		tx.BillingGroups.Delete(g.ARN)
		return nil
	})
	return &sdk.DeleteBillingGroupOutput{Arn: in.Arn}, err
}

// find returns a group of the owner's by its ARN or the last part of it.
func find(tx *state.Tx, owner state.Account, arn string) (state.BillingGroup, bool) {
	for _, g := range tx.BillingGroups.Of(owner.ID) {
		if g.ARN == arn || g.ARN == groupARN(owner, arn) {
			return g, true
		}
	}
	return state.BillingGroup{}, false
}

// notEnded refuses to touch a group whose transfer is over: its months are billed.
func notEnded(tx *state.Tx, g state.BillingGroup) error {
	if _, end := lifetime(tx, g); !end.IsZero() && end.Compare(calendar.MonthOf(tx.Now())) < 0 {
		return invalid(types.ValidationExceptionReasonIllegalEndedBillinggroup, "Arn", "The billing group has ended.")
	}
	return nil
}
