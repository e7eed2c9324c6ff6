package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// createdStays is how long an account that an organization has created cannot leave it.
const createdStays = 4 * 24 * time.Hour

// LeaveOrganization makes the calling member account a stand-alone one.
func (b *Backend) LeaveOrganization(ctx context.Context, _ *sdk.LeaveOrganizationInput) (*sdk.LeaveOrganizationOutput, error) {
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		account, org, err := membership(ctx, tx)
		if err != nil {
			return err
		}
		return leave(tx, account, org)
	})
	return &sdk.LeaveOrganizationOutput{}, err
}

// RemoveAccountFromOrganization has the management account put a member out.
func (b *Backend) RemoveAccountFromOrganization(
	ctx context.Context, in *sdk.RemoveAccountFromOrganizationInput,
) (*sdk.RemoveAccountFromOrganizationOutput, error) {
	if err := accountID.check(in.AccountId); err != nil {
		return nil, err
	}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		_, org, err := management(ctx, tx)
		if err != nil {
			return err
		}
		account, ok := tx.Accounts.Get(*in.AccountId)
		if !ok || account.Organization != org.ID || account.JoinedAt.After(tx.Now()) {
			return &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
		}
		return leave(tx, account, org)
	})
	return &sdk.RemoveAccountFromOrganizationOutput{}, err
}

func leave(tx *state.Tx, account state.Account, org state.Organization) error {
	created := account.JoinedMethod == types.AccountJoinedMethodCreated
	switch {
	case org.Management == account.ID:
		return &types.MasterCannotLeaveOrganizationException{Message: aws.String(
			"You can't remove a management account from an organization.")}
	case created && tx.Now().Before(account.JoinedAt.Add(createdStays)):
		return constraint(types.ConstraintViolationExceptionReasonWaitPeriodActive,
			"A newly created account can't leave its organization before four days have passed.")
	case created:
		if err := refuse(account, leaving); err != nil {
			return err
		}
	}
	account.Organization, account.JoinedMethod, account.JoinedAt = "", "", time.Time{}
	tx.Accounts.Put(account)
	return nil
}
