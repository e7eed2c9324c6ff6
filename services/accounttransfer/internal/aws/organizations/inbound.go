package organizations

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/payer"
)

// Inbound returns every transfer to the payer, whoever asked and whatever became of it. It waits for its turn before each page.
func (c *Client) Inbound(ctx context.Context, p aws.Payer, turn func(context.Context) error) ([]payer.Seen, error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return nil, err
	}
	var all []payer.Seen
	for t, err := range aws.Pages(ctx, inTurn(turn, inbound(api))) {
		if err != nil {
			return nil, err
		}
		seen := payer.Seen{
			AWSTransferID: sdk.ToString(t.Id), AWSTransferARN: sdk.ToString(t.Arn), AWSHandshakeID: sdk.ToString(t.ActiveHandshakeId),
			Name: sdk.ToString(t.Name), Status: payer.Status(t.Status), StartAt: sdk.ToTime(t.StartTimestamp).UTC(), EndsAt: after(t.EndTimestamp),
		}
		if t.Source != nil {
			seen.SourceAccountID = sdk.ToString(t.Source.ManagementAccountId)
		}
		all = append(all, seen)
	}
	return all, nil
}

// Members returns the accounts of the payer's organization, how AWS says that each stands, and since when it is in it, the payer's own
// among them. It waits for its turn before each page.
func (c *Client) Members(ctx context.Context, p aws.Payer, turn func(context.Context) error) (seen connection.MembersListed, err error) {
	api, err := c.clients.Organizations(p)
	if err != nil {
		return seen, err
	}
	all := none()
	for account, err := range aws.Pages(ctx, inTurn(turn, func(ctx context.Context, token *string) ([]types.Account, *string, error) {
		out, err := api.ListAccounts(ctx, &organizations.ListAccountsInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Accounts, out.NextToken, nil
	})) {
		if err != nil {
			return seen, err
		}
		note(all, &account)
	}
	return all, nil
}

// none is a list of no account.
func none() connection.MembersListed {
	return connection.MembersListed{Active: map[string]bool{}, Suspended: map[string]bool{}, Since: map[string]time.Time{}}
}

// note adds what AWS says of one account.
func note(all connection.MembersListed, a *types.Account) {
	id := sdk.ToString(a.Id)
	all.Active[id], all.Since[id] = isOpen(a), sdk.ToTime(a.JoinedTimestamp).UTC()
	if a.State == types.AccountStateSuspended {
		all.Suspended[id] = true
	}
}

// inTurn waits before each page.
func inTurn[T any](
	turn func(context.Context) error, page func(context.Context, *string) ([]T, *string, error),
) func(context.Context, *string) ([]T, *string, error) {
	return func(ctx context.Context, token *string) ([]T, *string, error) {
		if err := turn(ctx); err != nil {
			return nil, nil, err
		}
		return page(ctx, token)
	}
}

// isOpen reports whether an account that AWS lists is not closed, nor being closed. One that is closed is listed for 90 days more; one that
// AWS has suspended, for abuse or an unpaid bill, is a member like any other.
func isOpen(a *types.Account) bool {
	return a.State != types.AccountStateClosed && a.State != types.AccountStatePendingClosure
}
