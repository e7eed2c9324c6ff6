package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
)

// Member reports whether an account is an active member of the payer's organization.
func (c *Client) Member(ctx context.Context, payer aws.Payer, accountID string) (bool, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return false, err
	}
	out, err := api.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &accountID})
	switch {
	case aws.Classify(err).Code == "AccountNotFound":
		return false, nil
	case err != nil:
		return false, err
	}
	return isMember(out.Account), nil
}

// isMember reports whether an account that AWS lists is billed to the payer. One that is closed is suspended first.
func isMember(a *types.Account) bool { return a.Status != types.AccountStatusSuspended }
