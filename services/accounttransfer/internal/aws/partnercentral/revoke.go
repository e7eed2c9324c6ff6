package partnercentral

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/services/accounttransfer/internal/contract"
)

// Revocation is the early end of a service term that AWS is asked to propose to the customer.
type Revocation struct {
	Program        string // the payer's program management account, "pma-…"
	RelationshipID string
	Token          string // AWS creates once for it
}

// Revoke asks AWS to mail the end of the running service term to the customer, and returns the id of its handshake.
func (c *Client) Revoke(ctx context.Context, payer aws.Payer, r Revocation) (string, error) {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return "", err
	}
	out, err := api.CreateChannelHandshake(ctx, &channel.CreateChannelHandshakeInput{
		Catalog: &c.catalog, HandshakeType: types.HandshakeTypeRevokeServicePeriod,
		AssociatedResourceIdentifier: &r.RelationshipID, ClientToken: &r.Token,
		Payload: &types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload{Value: types.RevokeServicePeriodPayload{
			ProgramManagementAccountIdentifier: &r.Program,
		}},
	})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.ChannelHandshakeDetail.Id), nil
}

// Revocations returns the revocations of a relationship, oldest first. AWS has no other way to tell how one stands.
func (c *Client) Revocations(ctx context.Context, payer aws.Payer, relationshipID string) ([]contract.Seen, error) {
	found, err := c.proposed(ctx, payer, relationshipID, types.HandshakeTypeRevokeServicePeriod)
	if err != nil {
		return nil, err
	}
	var all []contract.Seen
	for _, h := range found {
		all = append(all, contract.Seen{HandshakeID: sdk.ToString(h.Id), Status: contract.State(h.Status)})
	}
	return all, nil
}

// Cancel takes a handshake back that the customer has not answered: a service term or a revocation. One that is no longer
// open is no error: Terms or Revocations says what became of it.
func (c *Client) Cancel(ctx context.Context, payer aws.Payer, handshakeID string) error {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return err
	}
	_, err = api.CancelChannelHandshake(ctx, &channel.CancelChannelHandshakeInput{Catalog: &c.catalog, Identifier: &handshakeID})
	switch o := aws.Classify(err); {
	case o.Code == "ResourceNotFound", o.Code == "Validation" && o.Reason == string(types.ValidationExceptionReasonBusinessValidationFailed):
		return nil
	}
	return err
}
