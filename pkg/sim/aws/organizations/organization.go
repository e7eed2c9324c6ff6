package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// CreateOrganization makes the calling account, which must be stand-alone, a management account.
func (b *Backend) CreateOrganization(ctx context.Context, in *sdk.CreateOrganizationInput) (*sdk.CreateOrganizationOutput, error) {
	if err := oneOf("FeatureSet", in.FeatureSet, in.FeatureSet.Values(), false); err != nil {
		return nil, err
	}
	out := &sdk.CreateOrganizationOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		account, ok := tx.Accounts.Get(identity.From(ctx).Account)
		if !ok || account.Organization != "" {
			return &types.AlreadyInOrganizationException{Message: aws.String("The account is already a member of an organization.")}
		}
		org, account := Found(tx, account, in.FeatureSet)
		out.Organization = organizationView(org, account)
		return nil
	})
	return out, err
}

// Found puts a new organization with the account as its management account. An empty feature set means all.
func Found(tx *state.Tx, a state.Account, features types.OrganizationFeatureSet) (state.Organization, state.Account) {
	if features == "" {
		features = types.OrganizationFeatureSetAll
	}
	org := state.Organization{ID: state.NewID("o"), Management: a.ID, FeatureSet: features, CreatedAt: tx.Now()}
	a.Organization, a.JoinedMethod, a.JoinedAt = org.ID, types.AccountJoinedMethodInvited, tx.Now()
	tx.Organizations.Put(org)
	tx.Accounts.Put(a)
	return org, a
}

// DescribeOrganization answers any account of the organization.
func (b *Backend) DescribeOrganization(ctx context.Context, _ *sdk.DescribeOrganizationInput) (*sdk.DescribeOrganizationOutput, error) {
	out := &sdk.DescribeOrganizationOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		_, org, err := membership(ctx, tx)
		if err != nil {
			return err
		}
		owner, _ := tx.Accounts.Get(org.Management)
		out.Organization = organizationView(org, owner)
		return nil
	})
	return out, err
}

func organizationView(o state.Organization, owner state.Account) *types.Organization {
	view := &types.Organization{
		Id:                 aws.String(o.ID),
		Arn:                aws.String(arn(owner, "organization", o.ID)),
		FeatureSet:         o.FeatureSet,
		MasterAccountId:    aws.String(owner.ID),
		MasterAccountArn:   aws.String(arn(owner, "account", o.ID, owner.ID)),
		MasterAccountEmail: aws.String(owner.Email),
	}
	if o.FeatureSet == types.OrganizationFeatureSetAll {
		view.AvailablePolicyTypes = []types.PolicyTypeSummary{
			{Type: types.PolicyTypeServiceControlPolicy, Status: types.PolicyTypeStatusEnabled},
		}
	}
	return view
}
