package partnercentral

import (
	"context"
	"slices"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/services/accounttransfer/internal/contract"
)

// Term is what AWS is asked to propose to the customer.
type Term struct {
	Program        string // the payer's program management account, "pma-…"
	RelationshipID string
	Before         time.Time // first instant that it does not bind
	Token          string    // AWS creates once for it
}

// Propose asks AWS to mail a fixed service period to the customer, and returns the id of its handshake. AWS takes the
// last instant that binds.
func (c *Client) Propose(ctx context.Context, payer aws.Payer, t Term) (string, error) {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return "", err
	}
	last := t.Before.UTC().Add(-time.Millisecond)
	out, err := api.CreateChannelHandshake(ctx, &channel.CreateChannelHandshakeInput{
		Catalog: &c.catalog, HandshakeType: types.HandshakeTypeStartServicePeriod,
		AssociatedResourceIdentifier: &t.RelationshipID, ClientToken: &t.Token,
		Payload: &types.ChannelHandshakePayloadMemberStartServicePeriodPayload{Value: types.StartServicePeriodPayload{
			ProgramManagementAccountIdentifier: &t.Program, ServicePeriodType: types.ServicePeriodTypeFixedCommitmentPeriod, EndDate: &last,
		}},
	})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.ChannelHandshakeDetail.Id), nil
}

// Terms returns the service terms of a relationship, oldest first. AWS has no other way to tell how one stands.
func (c *Client) Terms(ctx context.Context, payer aws.Payer, relationshipID string) ([]contract.Seen, error) {
	found, err := c.proposed(ctx, payer, relationshipID, types.HandshakeTypeStartServicePeriod)
	if err != nil {
		return nil, err
	}
	var terms []contract.Seen
	for _, h := range found {
		seen := contract.Seen{HandshakeID: sdk.ToString(h.Id), Status: contract.State(h.Status), CreatedAt: sdk.ToTime(h.CreatedAt)}
		if d, ok := h.Detail.(*types.HandshakeDetailMemberStartServicePeriodHandshakeDetail); ok && d.Value.EndDate != nil {
			seen.EndAt = d.Value.EndDate.UTC().Add(time.Millisecond)
		}
		terms = append(terms, seen)
	}
	return terms, nil
}

// PendingTerms returns the handshakes of the payer's service terms that wait for an answer. It waits for its turn before each page.
func (c *Client) PendingTerms(ctx context.Context, payer aws.Payer, turn func(context.Context) error) (map[string]bool, error) {
	found, err := c.handshakes(ctx, payer, &channel.ListChannelHandshakesInput{
		HandshakeType: types.HandshakeTypeStartServicePeriod, Statuses: []types.HandshakeStatus{types.HandshakeStatusPending},
		MaxResults: sdk.Int32(longestPage),
	}, turn)
	if err != nil {
		return nil, err
	}
	pending := map[string]bool{}
	for _, h := range found {
		pending[sdk.ToString(h.Id)] = true
	}
	return pending, nil
}

// longestPage is the most that AWS lists in one page.
const longestPage = 100

// proposed returns what we have proposed on a relationship, oldest first.
func (c *Client) proposed(
	ctx context.Context, payer aws.Payer, relationshipID string, kind types.HandshakeType,
) ([]types.ChannelHandshakeSummary, error) {
	return c.handshakes(ctx, payer, &channel.ListChannelHandshakesInput{
		HandshakeType: kind, AssociatedResourceIdentifiers: []string{relationshipID},
	}, func(context.Context) error { return nil })
}

// handshakes returns those that we have sent and in chooses, oldest first. It waits for its turn before each page.
func (c *Client) handshakes(
	ctx context.Context, payer aws.Payer, in *channel.ListChannelHandshakesInput, turn func(context.Context) error,
) ([]types.ChannelHandshakeSummary, error) {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return nil, err
	}
	in.Catalog, in.ParticipantType = &c.catalog, types.ParticipantTypeSender
	var all []types.ChannelHandshakeSummary
	for h, err := range aws.Pages(ctx, func(ctx context.Context, token *string) ([]types.ChannelHandshakeSummary, *string, error) {
		if err := turn(ctx); err != nil {
			return nil, nil, err
		}
		in.NextToken = token
		out, err := api.ListChannelHandshakes(ctx, in)
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	}) {
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b types.ChannelHandshakeSummary) int {
		return sdk.ToTime(a.CreatedAt).Compare(sdk.ToTime(b.CreatedAt))
	})
	return all, nil
}
