package billingconductor

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/sim/aws/state"
)

// CreateBillingGroup creates a group for an accepted billing transfer, or in the older kind for members of the caller's
// organization. The same call with the same token is answered again and does nothing.
func (b *Backend) CreateBillingGroup(ctx context.Context, in *sdk.CreateBillingGroupInput) (*sdk.CreateBillingGroupOutput, error) {
	if err := first(
		groupName.check(in.Name), description.check(in.Description), clientToken.check(in.ClientToken), checkGrouping(in),
	); err != nil {
		return nil, err
	}
	request, err := fingerprint(in)
	if err != nil {
		return nil, err
	}
	out := &sdk.CreateBillingGroupOutput{}
	err = b.state.Update(ctx, func(tx *state.Tx) error {
		owner, err := payer(ctx, tx)
		if err != nil {
			return err
		}
		if g, ok := byToken(tx, owner.ID, aws.ToString(in.ClientToken)); ok {
			if g.Request != request {
				return invalid(types.ValidationExceptionReasonOther, "ClientToken", "The client token was used for another request.")
			}
			out.Arn = aws.String(g.ARN)
			return nil
		}
		g := state.BillingGroup{
			Owner: owner.ID, Name: *in.Name, Description: aws.ToString(in.Description),
			PricingPlan: *in.ComputationPreference.PricingPlanArn, Token: aws.ToString(in.ClientToken), Request: request,
			CreatedAt: tx.Now(), ModifiedAt: tx.Now(),
		}
		if err := first(planExists(g.PricingPlan, owner), nameFree(tx, owner.ID, *in.Name, ""), b.fill(tx, owner, in, &g)); err != nil {
			return err
		}
		tx.BillingGroups.Put(g)
		out.Arn = aws.String(g.ARN)
		return nil
	})
	return out, err
}

// fill takes over whom the group is for.
func (b *Backend) fill(tx *state.Tx, owner state.Account, in *sdk.CreateBillingGroupInput, g *state.BillingGroup) error {
	id := strings.TrimPrefix(state.NewID(""), "-")[:10]
	if in.AccountGrouping.ResponsibilityTransferArn == nil {
		g.Accounts, g.Primary = in.AccountGrouping.LinkedAccountIds, *in.PrimaryAccountId
		g.AutoAssociate = aws.ToBool(in.AccountGrouping.AutoAssociate)
		g.ARN = groupARN(owner, g.Primary) // in the older kind the account's own number
		return membersFree(tx, owner, *g)
	}
	g.TransferARN, g.ARN = *in.AccountGrouping.ResponsibilityTransferArn, groupARN(owner, id)
	t, err := inbound(tx, owner, g.TransferARN)
	g.Transfer = t.ID
	if err != nil {
		return err
	}
	for _, other := range tx.BillingGroups.Of(owner.ID) {
		if other.Transfer == t.ID {
			return invalid(types.ValidationExceptionReasonBillingGroupAlreadyExistInCurrentBillingPeriod, "ResponsibilityTransferArn",
				"The billing transfer has a billing group in this billing period already.")
		}
	}
	return nil
}

func groupARN(owner state.Account, id string) string {
	return fmt.Sprintf("arn:%s:billingconductor::%s:billinggroup/%s", owner.Realm(), owner.ID, id)
}

// fingerprint is what makes two calls the same.
func fingerprint(in *sdk.CreateBillingGroupInput) (string, error) {
	same := *in
	same.ClientToken = nil
	doc, err := json.Marshal(same)
	if err != nil {
		return "", fmt.Errorf("billingconductor: %w", err)
	}
	return string(doc), nil
}

func byToken(tx *state.Tx, owner, token string) (state.BillingGroup, bool) {
	for _, g := range tx.BillingGroups.Of(owner) {
		if token != "" && g.Token == token {
			return g, true
		}
	}
	return state.BillingGroup{}, false
}
