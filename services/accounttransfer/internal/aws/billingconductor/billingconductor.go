// Package billingconductor is AccountTransfer's view of AWS Billing Conductor: create and find the billing group of a
// billing transfer. It turns the domain's words into calls of the unmodified SDK and AWS's answers back.
//
// It owns no decision: what a refusal means is package connection's. It sets no prices.
package billingconductor

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/aws"
)

// Client calls AWS in the accounts of payers.
type Client struct {
	clients *aws.Clients
	plan    string
}

// New returns a client that uses the given credentials. Groups get the pricing plan of this ARN.
func New(clients *aws.Clients, pricingPlanARN string) *Client {
	return &Client{clients, pricingPlanARN}
}

// Group is what AWS is asked to create.
type Group struct {
	Name        string
	Token       string // AWS creates once for it
	TransferARN string // whose bill it shows
}

// Create returns the ARN of a new group.
func (c *Client) Create(ctx context.Context, payer aws.Payer, g Group) (string, error) {
	api, err := c.api(payer)
	if err != nil {
		return "", err
	}
	out, err := api.CreateBillingGroup(ctx, &billingconductor.CreateBillingGroupInput{
		Name: &g.Name, ClientToken: &g.Token,
		AccountGrouping:       &types.AccountGrouping{ResponsibilityTransferArn: &g.TransferARN},
		ComputationPreference: &types.ComputationPreference{PricingPlanArn: &c.plan},
	})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.Arn), nil
}

// Find returns the ARN of the group of a transfer, whatever its name is; "" when AWS lists none. A transfer has one.
func (c *Client) Find(ctx context.Context, payer aws.Payer, transferARN string) (string, error) {
	api, err := c.api(payer)
	if err != nil {
		return "", err
	}
	pages := billingconductor.NewListBillingGroupsPaginator(api, &billingconductor.ListBillingGroupsInput{
		Filters: &types.ListBillingGroupsFilter{ResponsibilityTransferArns: []string{transferARN}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, g := range page.BillingGroups {
			return sdk.ToString(g.Arn), nil
		}
	}
	return "", nil
}

func (c *Client) api(payer aws.Payer) (*billingconductor.Client, error) {
	cfg, err := c.clients.Config(payer)
	if err != nil {
		return nil, err
	}
	return billingconductor.NewFromConfig(cfg), nil
}
