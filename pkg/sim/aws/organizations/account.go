package organizations

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// ListAccounts answers the management account with every account of its organization.
func (b *Backend) ListAccounts(ctx context.Context, in *sdk.ListAccountsInput) (*sdk.ListAccountsOutput, error) {
	out := &sdk.ListAccountsOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, org, err := management(ctx, tx)
		if err != nil {
			return err
		}
		rows, next, err := page(members(tx, org), accountPlace, in.MaxResults, in.NextToken, "accounts "+org.ID)
		if err != nil {
			return err
		}
		out.NextToken = next
		for _, a := range rows {
			out.Accounts = append(out.Accounts, *accountView(a, owner, tx.Now()))
		}
		return nil
	})
	return out, err
}

// DescribeAccount answers the management account about one account of its organization.
func (b *Backend) DescribeAccount(ctx context.Context, in *sdk.DescribeAccountInput) (*sdk.DescribeAccountOutput, error) {
	if err := accountID.check(in.AccountId); err != nil {
		return nil, err
	}
	out := &sdk.DescribeAccountOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, org, err := management(ctx, tx)
		if err != nil {
			return err
		}
		a, ok := tx.Accounts.Get(*in.AccountId)
		if !ok || a.Organization != org.ID || a.JoinedAt.After(tx.Now()) || a.Gone(tx.Now()) {
			return &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
		}
		out.Account = accountView(a, owner, tx.Now())
		return nil
	})
	return out, err
}

// members are the accounts of the organization that are ready, or were closed a short time ago.
func members(tx *state.Tx, o state.Organization) []state.Account {
	var out []state.Account
	for _, a := range tx.Members(o.ID) {
		if !a.JoinedAt.After(tx.Now()) && !a.Gone(tx.Now()) {
			out = append(out, a)
		}
	}
	return out
}

func accountPlace(a state.Account) place { return place{a.CreatedAt, a.ID} }

func accountView(a, owner state.Account, now time.Time) *types.Account {
	return &types.Account{
		Id:              aws.String(a.ID),
		Arn:             aws.String(arn(owner, "account", a.Organization, a.ID)),
		Email:           aws.String(a.Email),
		Name:            aws.String(a.Name),
		JoinedMethod:    a.JoinedMethod,
		JoinedTimestamp: aws.Time(a.JoinedAt),
		State:           a.State(now),
		Paths:           []string{fmt.Sprintf("%s/%s/%s/", a.Organization, rootOf(a.Organization), a.ID)},
	}
}

// rootOf is the id of the organization's root, r- and four characters.
func rootOf(organization string) string {
	return "r-" + strings.TrimPrefix(organization, "o-")[:4]
}
