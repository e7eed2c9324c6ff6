// Package support is AccountTransfer's view of AWS Support in a customer's account, as far as it tells the account's support plan:
// the severity levels that its cases may have.
//
// It owns no decision: which plan has which levels is package accountrequest's.
package support

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/support"

	"example.com/handover/pkg/aws"
)

// region is the only one that AWS Support answers in.
const region = "us-east-1"

// Client asks by the role of the account.
type Client struct{ clients *aws.Clients }

// New returns a client that uses the given credentials.
func New(clients *aws.Clients) *Client { return &Client{clients} }

// Levels returns the severity levels of an account's cases; none where its plan has no API. It is not known when the role may not
// ask. The error is of the SDK, for aws.Classify.
func (c *Client) Levels(ctx context.Context, roleARN, externalID string) (levels []string, known bool, err error) {
	in, err := c.clients.Enter(ctx, c.clients.STS(), roleARN, externalID)
	if err != nil {
		return nil, false, err
	}
	api := support.NewFromConfig(in.Config, func(o *support.Options) { o.Region = region })
	out, err := api.DescribeSeverityLevels(ctx, &support.DescribeSeverityLevelsInput{})
	switch aws.Classify(err).Code {
	case "SubscriptionRequired":
		return nil, true, nil
	case "AccessDenied":
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	for _, level := range out.SeverityLevels {
		levels = append(levels, sdk.ToString(level.Code))
	}
	return levels, true, nil
}
