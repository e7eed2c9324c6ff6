package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"example.com/handover/pkg/aws"
)

// Withdraw ends an accepted transfer before an instant, the first of a month. One that is not accepted any more is no
// error: Read says what became of it. AWS takes the last millisecond of a month.
func (c *Client) Withdraw(ctx context.Context, payer aws.Payer, awsTransferID string, before time.Time) error {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return err
	}
	last := before.UTC().Add(-time.Millisecond)
	_, err = api.TerminateResponsibilityTransfer(ctx, &organizations.TerminateResponsibilityTransferInput{
		Id: &awsTransferID, EndTimestamp: &last,
	})
	switch aws.Classify(err).Code {
	case "ResponsibilityTransferAlreadyInStatus", "InvalidResponsibilityTransferTransition":
		return nil
	}
	return err
}

// after returns the first instant after an end, of which AWS says the last millisecond; zero for none.
func after(end *time.Time) time.Time {
	if end == nil {
		return time.Time{}
	}
	return end.UTC().Truncate(time.Millisecond).Add(time.Millisecond)
}
