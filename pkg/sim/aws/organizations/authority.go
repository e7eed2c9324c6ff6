package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// membership returns the caller's account and organization.
func membership(ctx context.Context, tx *state.Tx) (state.Account, state.Organization, error) {
	account, org, ok := tx.OrganizationOf(identity.From(ctx).Account)
	if !ok || account.JoinedAt.After(tx.Now()) {
		return account, org, &types.AWSOrganizationsNotInUseException{
			Message: aws.String("Your account is not a member of an organization."),
		}
	}
	return account, org, nil
}

// management returns the caller's account and organization when the caller is its management account.
func management(ctx context.Context, tx *state.Tx) (state.Account, state.Organization, error) {
	account, org, err := membership(ctx, tx)
	if err == nil && org.Management != account.ID {
		err = denied("You don't have permissions to access this resource.")
	}
	return account, org, err
}

// side is management where responsibility can be transferred at all.
func side(ctx context.Context, tx *state.Tx) (state.Account, state.Organization, error) {
	account, org, err := management(ctx, tx)
	if err == nil && account.Realm() != state.Standard {
		err = &types.UnsupportedAPIEndpointException{
			Message: aws.String("This action isn't available in the current Amazon Web Services Region."),
		}
	}
	return account, org, err
}
