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

// InviteMember asks AWS to invite an account to the payer's organization. AWS knows no idempotency token: after an Unanswered error,
// FindMember tells whether it was invited.
func (c *Client) InviteMember(ctx context.Context, payer aws.Payer, accountID, notes string) (connection.MemberInvitation, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return connection.MemberInvitation{}, err
	}
	in := &organizations.InviteAccountToOrganizationInput{
		Target: &types.HandshakeParty{Id: &accountID, Type: types.HandshakePartyTypeAccount},
	}
	if notes != "" {
		in.Notes = &notes
	}
	out, err := api.InviteAccountToOrganization(ctx, in)
	if err != nil {
		return connection.MemberInvitation{}, err
	}
	inv := memberInvitation(out.Handshake)
	inv.AccountID = accountID
	return inv, nil
}

// memberInvitation reads a handshake. The other party is the organization that sent it.
func memberInvitation(h *types.Handshake) connection.MemberInvitation {
	inv := connection.MemberInvitation{
		HandshakeID: sdk.ToString(h.Id), State: connection.InvitationState(h.State),
		RequestedAt: sdk.ToTime(h.RequestedTimestamp).UTC(), ExpiresAt: sdk.ToTime(h.ExpirationTimestamp).UTC(),
	}
	if h.State == types.HandshakeStateOpen {
		inv.State = connection.Requested
	}
	for _, p := range h.Parties {
		if p.Type == types.HandshakePartyTypeAccount {
			inv.AccountID = sdk.ToString(p.Id)
		}
	}
	return inv
}

// MemberInvitations returns every invitation to the payer's organization that AWS still shows, by its id, whoever sent it. It waits for
// its turn before each page.
func (c *Client) MemberInvitations(
	ctx context.Context, p aws.Payer, turn func(context.Context) error,
) (map[string]connection.MemberInvitation, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return nil, err
	}
	all := map[string]connection.MemberInvitation{}
	for h, err := range aws.Pages(ctx, inTurn(turn, sent(api))) {
		if err != nil {
			return nil, err
		}
		inv := memberInvitation(&h)
		all[inv.HandshakeID] = inv
	}
	return all, nil
}

// sent lists the invitations of accounts page by page.
func sent(api *organizations.Client) func(context.Context, *string) ([]types.Handshake, *string, error) {
	return func(ctx context.Context, token *string) ([]types.Handshake, *string, error) {
		most := int32(20)
		out, err := api.ListHandshakesForOrganization(ctx, &organizations.ListHandshakesForOrganizationInput{
			Filter: &types.HandshakeFilter{ActionType: types.ActionTypeInviteAccountToOrganization}, MaxResults: &most, NextToken: token,
		})
		if err != nil {
			return nil, nil, err
		}
		return out.Handshakes, out.NextToken, nil
	}
}

// FindMember returns the invitation of an account that is pending, or else the newest one since a time but for one that is known; nil when
// AWS has neither. It waits for its turn before each page.
func (c *Client) FindMember(
	ctx context.Context, p aws.Payer, accountID, known string, since time.Time, turn func(context.Context) error,
) (*connection.MemberInvitation, error) {
	all, err := c.MemberInvitations(ctx, p, turn)
	if err != nil {
		return nil, err
	}
	return answerTo(all, accountID, known, since), nil
}

// answerTo is what AWS has made of an asking, of all invitations: an earlier one that has ended is no answer to it.
func answerTo(all map[string]connection.MemberInvitation, accountID, known string, since time.Time) (found *connection.MemberInvitation) {
	const early = 5 * time.Minute // clocks differ
	for _, inv := range all {
		pending := inv.State == connection.Requested
		if inv.AccountID != accountID || !pending && (inv.HandshakeID == known || inv.RequestedAt.Before(since.Add(-early))) {
			continue
		}
		if found == nil || pending || found.State != connection.Requested && inv.RequestedAt.After(found.RequestedAt) {
			found = &inv
		}
	}
	return found
}

// IsMember reports whether an account is in the payer's organization, and whether it is open.
func (c *Client) IsMember(ctx context.Context, p aws.Payer, accountID string) (there, active bool, err error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return false, false, err
	}
	out, err := api.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &accountID})
	if aws.Classify(err).Code == "AccountNotFound" {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	return true, isOpen(out.Account), nil
}

// MembersAmong returns of some accounts which are in the payer's organization, how each stands, and since when. It waits for its turn
// before each call.
func (c *Client) MembersAmong(
	ctx context.Context, p aws.Payer, accounts []string, turn func(context.Context) error,
) (seen connection.MembersListed, err error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return seen, err
	}
	all := none()
	for _, account := range accounts {
		if err := turn(ctx); err != nil {
			return seen, err
		}
		out, err := api.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &account})
		switch {
		case aws.Classify(err).Code == "AccountNotFound":
		case err != nil:
			return seen, err
		default:
			note(all, out.Account)
		}
	}
	return all, nil
}

// InvitationsAmong returns what AWS says now of some invitations, by their ids; those that it shows no more are left out. It waits for its
// turn before each call.
func (c *Client) InvitationsAmong(
	ctx context.Context, p aws.Payer, handshakes []string, turn func(context.Context) error,
) (map[string]connection.MemberInvitation, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return nil, err
	}
	all := map[string]connection.MemberInvitation{}
	for _, id := range handshakes {
		if err := turn(ctx); err != nil {
			return nil, err
		}
		out, err := api.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: &id})
		switch {
		case aws.Classify(err).Code == "HandshakeNotFound":
		case err != nil:
			return nil, err
		default:
			all[id] = memberInvitation(out.Handshake)
		}
	}
	return all, nil
}

// HasAllFeatures reports whether the payer's organization has all features, and not consolidated billing only.
func (c *Client) HasAllFeatures(ctx context.Context, p aws.Payer) (bool, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return false, err
	}
	out, err := api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return false, err
	}
	return out.Organization.FeatureSet == types.OrganizationFeatureSetAll, nil
}

// ReadMember returns what AWS says of an invitation now. One that AWS shows no more is over.
func (c *Client) ReadMember(ctx context.Context, p aws.Payer, handshakeID string) (connection.MemberInvitation, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return connection.MemberInvitation{}, err
	}
	out, err := api.DescribeHandshake(ctx, &organizations.DescribeHandshakeInput{HandshakeId: &handshakeID})
	if aws.Classify(err).Code == "HandshakeNotFound" {
		return connection.MemberInvitation{HandshakeID: handshakeID, State: connection.Canceled}, nil
	}
	if err != nil {
		return connection.MemberInvitation{}, err
	}
	return memberInvitation(out.Handshake), nil
}
