// Package organizations is AccountTransfer's view of AWS Organizations: send, find, read and cancel the invitation to
// transfer a billing. It turns the domain's words into calls of the unmodified SDK and AWS's answers back.
//
// It owns no decision: what a refusal means, and when to look, is package connection's.
package organizations

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/services/accounttransfer/internal/connection"
)

// Client calls AWS in the accounts of payers.
type Client struct {
	clients *aws.Clients
}

// New returns a client that uses the given credentials.
func New(clients *aws.Clients) *Client { return &Client{clients} }

// Invitation is what AWS is asked to send.
type Invitation struct {
	Name            string // the customer reads it, and its reference finds it again after a lost answer
	SourceAccountID string
	Start           time.Time // first of a month, 00:00 UTC
	Notes           string    // shown to the customer; at most 1,024 characters
}

// Invite asks AWS to send the invitation. AWS knows no idempotency token: after an Unanswered error, Find tells whether
// it was sent.
func (c *Client) Invite(ctx context.Context, payer aws.Payer, inv Invitation) (connection.Answer, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return connection.Answer{}, err
	}
	in := &organizations.InviteOrganizationToTransferResponsibilityInput{
		Type: types.ResponsibilityTransferTypeBilling, SourceName: &inv.Name, StartTimestamp: &inv.Start,
		Target: &types.HandshakeParty{Id: &inv.SourceAccountID, Type: types.HandshakePartyTypeAccount},
	}
	if inv.Notes != "" {
		in.Notes = &inv.Notes
	}
	out, err := api.InviteOrganizationToTransferResponsibility(ctx, in)
	if err != nil {
		return connection.Answer{}, err
	}
	return answerOf(out.Handshake, inv.Start), nil
}

// answerOf finds the transfer's id among the resources of its handshake.
func answerOf(h *types.Handshake, start time.Time) connection.Answer {
	a := connection.Answer{StartAt: start}
	if h == nil {
		return a
	}
	a.AWSHandshakeID = sdk.ToString(h.Id)
	a.RequestedAt, a.ExpiresAt = sdk.ToTime(h.RequestedTimestamp).UTC(), sdk.ToTime(h.ExpirationTimestamp).UTC()
	for _, r := range h.Resources {
		if r.Type == types.HandshakeResourceTypeResponsibilityTransfer {
			a.AWSTransferID = sdk.ToString(r.Value)
		}
	}
	return a
}

// Find returns the newest transfer with that reference in its name from that account, or one from that account that is still
// REQUESTED under another name; nil when AWS lists neither.
func (c *Client) Find(ctx context.Context, payer aws.Payer, sourceAccountID, reference string) (*connection.Found, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return nil, err
	}
	var own, other *types.ResponsibilityTransfer
	for t, err := range aws.Pages(ctx, inbound(api)) {
		if err != nil {
			return nil, err
		}
		if t.Source == nil || sdk.ToString(t.Source.ManagementAccountId) != sourceAccountID {
			continue
		}
		switch {
		case connection.Reference(sdk.ToString(t.Name)) == reference:
			own = &t
		case t.Status == types.ResponsibilityTransferStatusRequested:
			other = &t
		}
	}
	if own == nil {
		own = other
	}
	if own == nil {
		return nil, nil
	}
	return c.found(ctx, api, own)
}

// inbound lists a payer's transfers page by page; the SDK has no paginator for it.
func inbound(api *organizations.Client) func(context.Context, *string) ([]types.ResponsibilityTransfer, *string, error) {
	return func(ctx context.Context, token *string) ([]types.ResponsibilityTransfer, *string, error) {
		most := int32(20)
		out, err := api.ListInboundResponsibilityTransfers(ctx, &organizations.ListInboundResponsibilityTransfersInput{
			Type: types.ResponsibilityTransferTypeBilling, MaxResults: &most, NextToken: token,
		})
		if err != nil {
			return nil, nil, err
		}
		return out.ResponsibilityTransfers, out.NextToken, nil
	}
}

// found adds when a pending invitation expires, which only its handshake says.
func (c *Client) found(ctx context.Context, api *organizations.Client, t *types.ResponsibilityTransfer) (*connection.Found, error) {
	f := &connection.Found{
		Name: connection.Reference(sdk.ToString(t.Name)), ARN: sdk.ToString(t.Arn), Status: connection.InvitationState(t.Status),
		EndsAt: after(t.EndTimestamp),
		Answer: connection.Answer{
			AWSTransferID: sdk.ToString(t.Id), AWSHandshakeID: sdk.ToString(t.ActiveHandshakeId), StartAt: sdk.ToTime(t.StartTimestamp).UTC(),
		},
	}
	if f.AWSHandshakeID == "" {
		return f, nil
	}
	out, err := api.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: t.ActiveHandshakeId})
	if err != nil {
		return nil, err
	}
	f.RequestedAt, f.ExpiresAt = sdk.ToTime(out.Handshake.RequestedTimestamp).UTC(), sdk.ToTime(out.Handshake.ExpirationTimestamp).UTC()
	return f, nil
}

// Read returns what AWS says of a transfer now.
func (c *Client) Read(ctx context.Context, payer aws.Payer, awsTransferID string) (connection.Observation, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return connection.Observation{}, err
	}
	out, err := api.DescribeResponsibilityTransfer(ctx, &organizations.DescribeResponsibilityTransferInput{Id: &awsTransferID})
	if err != nil {
		return connection.Observation{}, err
	}
	t := out.ResponsibilityTransfer
	return connection.Observation{
		AWSTransferID: sdk.ToString(t.Id), ARN: sdk.ToString(t.Arn), Status: connection.InvitationState(t.Status),
		StartAt: sdk.ToTime(t.StartTimestamp).UTC(), EndsAt: after(t.EndTimestamp),
	}, nil
}

// Cancel takes an invitation back. A handshake that is no longer open is no error: Read says what became of it.
func (c *Client) Cancel(ctx context.Context, payer aws.Payer, awsHandshakeID string) error {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return err
	}
	_, err = api.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: &awsHandshakeID})
	switch aws.Classify(err).Code {
	case "HandshakeAlreadyInState", "InvalidHandshakeTransition", "HandshakeNotFound":
		return nil
	}
	return err
}
