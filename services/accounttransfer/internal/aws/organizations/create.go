package organizations

import (
	"context"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/aws"
)

// The states of a creation, as AWS says them.
const (
	CreationRuns   = string(types.CreateAccountStateInProgress)
	CreationFailed = string(types.CreateAccountStateFailed)
)

// Creation is what AWS says of the creation of an account.
type Creation struct {
	State  string
	Reason string // why it has failed
}

// CreateAccount asks AWS to create an account in the payer's organization, and returns the id of that request. AWS knows no idempotency
// token: after an Unanswered error, AccountOf and Creating tell whether it was asked.
func (c *Client) CreateAccount(ctx context.Context, payer aws.Payer, name, address string) (requestID string, err error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return "", err
	}
	out, err := api.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: &name, Email: &address})
	if err != nil {
		return "", err
	}
	return sdk.ToString(out.CreateAccountStatus.Id), nil
}

// Creation returns how a creation stands.
func (c *Client) Creation(ctx context.Context, payer aws.Payer, requestID string) (Creation, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return Creation{}, err
	}
	out, err := api.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: &requestID})
	if err != nil {
		return Creation{}, err
	}
	s := out.CreateAccountStatus
	return Creation{State: string(s.State), Reason: string(s.FailureReason)}, nil
}

// Creating returns the id of a creation under way of an account of that name, asked for since a time; "" when there is none. AWS does
// not say for which address it is. It waits for its turn before each page.
func (c *Client) Creating(
	ctx context.Context, payer aws.Payer, name string, since time.Time, turn func(context.Context) error,
) (string, error) {
	const early = 5 * time.Minute // clocks differ
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return "", err
	}
	list := func(ctx context.Context, token *string) ([]types.CreateAccountStatus, *string, error) {
		out, err := api.ListCreateAccountStatus(ctx, &organizations.ListCreateAccountStatusInput{
			States: []types.CreateAccountState{types.CreateAccountStateInProgress}, NextToken: token,
		})
		if err != nil {
			return nil, nil, err
		}
		return out.CreateAccountStatuses, out.NextToken, nil
	}
	for s, err := range aws.Pages(ctx, inTurn(turn, list)) {
		if err != nil {
			return "", err
		}
		if sdk.ToString(s.AccountName) == name && !sdk.ToTime(s.RequestedTimestamp).Before(since.Add(-early)) {
			return sdk.ToString(s.Id), nil
		}
	}
	return "", nil
}

// Account is an account of the payer's organization.
type Account struct {
	ID           string
	CreatedByAWS bool // on request of the payer, and not invited
	JoinedAt     time.Time
}

// AccountOf returns the account that has a root address; nil when the payer's organization has none. It waits for its turn before each
// page.
func (c *Client) AccountOf(
	ctx context.Context, payer aws.Payer, address string, turn func(context.Context) error,
) (*Account, error) {
	api, err := c.clients.Organizations(payer)
	if err != nil {
		return nil, err
	}
	list := func(ctx context.Context, token *string) ([]types.Account, *string, error) {
		out, err := api.ListAccounts(ctx, &organizations.ListAccountsInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Accounts, out.NextToken, nil
	}
	for a, err := range aws.Pages(ctx, inTurn(turn, list)) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(sdk.ToString(a.Email), address) {
			return &Account{
				ID: sdk.ToString(a.Id), CreatedByAWS: a.JoinedMethod == types.AccountJoinedMethodCreated, JoinedAt: sdk.ToTime(a.JoinedTimestamp),
			}, nil
		}
	}
	return nil, nil
}
