// Package partnercentral is AccountTransfer's view of AWS Partner Central: the relationship with a customer's account,
// and the service terms that are put on it. It turns the domain's words into calls and AWS's answers back.
//
// It owns no decision: what a refusal means, and when to look, is package connection's.
package partnercentral

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
)

// Client calls AWS in the accounts of payers.
type Client struct {
	clients *aws.Clients
	catalog string
}

// New returns a client that uses the given credentials, for a catalog of Partner Central: "AWS" or "Sandbox".
func New(clients *aws.Clients, catalog string) *Client { return &Client{clients, catalog} }

// Relationship is what AWS is asked to create.
type Relationship struct {
	Program   string // the payer's program management account, "pma-…"
	AccountID string // of the customer
	Name      string // at most 30 characters
	Token     string // AWS creates once for it
}

// Relate returns the id of a new relationship with an end customer, who keeps its accounts.
func (c *Client) Relate(ctx context.Context, payer aws.Payer, r Relationship) (string, error) {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return "", err
	}
	out, err := api.CreateRelationship(ctx, &channel.CreateRelationshipInput{
		Catalog: &c.catalog, ProgramManagementAccountIdentifier: &r.Program, AssociatedAccountId: &r.AccountID,
		DisplayName: &r.Name, ClientToken: &r.Token, AssociationType: types.AssociationTypeEndCustomer,
		Sector: types.SectorCommercial, ResaleAccountModel: types.ResaleAccountModelEndCustomer,
	})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.RelationshipDetail.Id), nil
}

// FindRelationship returns the id of the relationship with the account, by whatever name: AWS has at most one. "" when
// it lists none.
func (c *Client) FindRelationship(ctx context.Context, payer aws.Payer, r Relationship) (string, error) {
	api, err := c.clients.Channel(payer)
	if err != nil {
		return "", err
	}
	for found, err := range aws.Pages(ctx, func(ctx context.Context, token *string) ([]types.RelationshipSummary, *string, error) {
		out, err := api.ListRelationships(ctx, &channel.ListRelationshipsInput{
			Catalog: &c.catalog, NextToken: token, AssociatedAccountIds: []string{r.AccountID},
			AssociationTypes:                    []types.AssociationType{types.AssociationTypeEndCustomer},
			ProgramManagementAccountIdentifiers: []string{r.Program},
		})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	}) {
		return sdk.ToString(found.Id), err
	}
	return "", nil
}
