package organizations

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/services/accounttransfer/internal/payer"
)

// Inbound returns every transfer to the payer that is asked for or agreed, whoever asked.
func (c *Client) Inbound(ctx context.Context, p aws.Payer) ([]payer.Seen, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return nil, err
	}
	var all []payer.Seen
	for t, err := range aws.Pages(ctx, inbound(api)) {
		if err != nil {
			return nil, err
		}
		if t.Status != types.ResponsibilityTransferStatusRequested && t.Status != types.ResponsibilityTransferStatusAccepted {
			continue
		}
		seen := payer.Seen{
			AWSTransferID: sdk.ToString(t.Id), AWSHandshakeID: sdk.ToString(t.ActiveHandshakeId), Name: sdk.ToString(t.Name),
			Status: payer.Status(t.Status), StartAt: sdk.ToTime(t.StartTimestamp).UTC(),
		}
		if t.Source != nil {
			seen.SourceAccountID = sdk.ToString(t.Source.ManagementAccountId)
		}
		all = append(all, seen)
	}
	return all, nil
}
