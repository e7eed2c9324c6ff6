package organizations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

const defaultRole = "OrganizationAccountAccessRole"

// CreateAccount begins to create a member account. The answer is always in progress; a taken address shows as a
// failed creation, not as an exception.
func (b *Backend) CreateAccount(ctx context.Context, in *sdk.CreateAccountInput) (*sdk.CreateAccountOutput, error) {
	if err := first(accountName.check(in.AccountName), accountEmail.check(in.Email), roleName.check(in.RoleName),
		oneOf("IamUserAccessToBilling", in.IamUserAccessToBilling, in.IamUserAccessToBilling.Values(), false),
		tags(in.Tags)); err != nil {
		return nil, err
	}
	if strings.HasPrefix(aws.ToString(in.RoleName), "AWSServiceRoleFor") {
		return nil, invalid(
			types.InvalidInputExceptionReasonInvalidRoleName, "A role name can't begin with the reserved prefix AWSServiceRoleFor.",
		)
	}
	out := &sdk.CreateAccountOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		owner, org, err := management(ctx, tx)
		if err != nil {
			return err
		}
		if err := b.settings.finalizing(org, tx.Now()); err != nil {
			return err
		}
		if !b.settings.room(tx, org) {
			return constraint(types.ConstraintViolationExceptionReasonAccountNumberLimitExceeded,
				"You attempted to exceed the limit on the number of accounts in an organization.")
		}
		c := b.create(tx, owner, next(tx, org), in)
		out.CreateAccountStatus = creationView(c, types.CreateAccountStateInProgress)
		return nil
	})
	return out, err
}

// next takes the plan for the next creation, which is for that alone.
func next(tx *state.Tx, org state.Organization) state.NextCreation {
	if org.Next == nil {
		return state.NextCreation{}
	}
	planned := *org.Next
	org.Next = nil
	tx.Organizations.Put(org)
	return planned
}

// create decides the creation's outcome and puts it, with the account and its access role when it succeeds.
func (b *Backend) create(tx *state.Tx, owner state.Account, planned state.NextCreation, in *sdk.CreateAccountInput) state.Creation {
	c := state.Creation{
		ID: state.NewID("car"), Management: owner.ID, AccountName: *in.AccountName, FailureReason: planned.Failure,
		RequestedAt: tx.Now(), ReadyAt: tx.Now().Add(b.settings.AccountCreation + planned.Takes),
	}
	if _, taken := tx.AccountByEmail(*in.Email); taken {
		c.FailureReason = types.CreateAccountFailureReasonEmailAlreadyExists
	}
	if c.FailureReason != "" {
		tx.Creations.Put(c)
		return c
	}
	c.Account = tx.NewAccountID()
	tx.Creations.Put(c)
	tx.Accounts.Put(state.Account{
		ID: c.Account, Name: c.AccountName, Email: *in.Email, Partition: owner.Partition,
		Organization: owner.Organization, JoinedMethod: types.AccountJoinedMethodCreated,
		JoinedAt: c.ReadyAt, CreatedAt: tx.Now(),
	})
	role := aws.ToString(in.RoleName)
	if role == "" {
		role = defaultRole
	}
	tx.Roles.Put(state.Role{
		Account: c.Account, Name: role, Partition: owner.Partition,
		Trusts: []string{owner.ID}, CreatedAt: tx.Now(),
	})
	return c
}

// DescribeCreateAccountStatus answers the management account that asked for the account.
func (b *Backend) DescribeCreateAccountStatus(
	ctx context.Context, in *sdk.DescribeCreateAccountStatusInput,
) (*sdk.DescribeCreateAccountStatusOutput, error) {
	if err := creationID.check(in.CreateAccountRequestId); err != nil {
		return nil, err
	}
	out := &sdk.DescribeCreateAccountStatusOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, _, err := management(ctx, tx)
		if err != nil {
			return err
		}
		c, ok := tx.Creations.Get(*in.CreateAccountRequestId)
		if !ok || c.Management != owner.ID {
			return &types.CreateAccountStatusNotFoundException{Message: aws.String(
				"We can't find a create account request with the CreateAccountRequestId that you specified.")}
		}
		out.CreateAccountStatus = creationView(c, c.StateAt(tx.Now()))
		return nil
	})
	return out, err
}

// ListCreateAccountStatus lists the creations of the caller's organization, in some states or in all.
func (b *Backend) ListCreateAccountStatus(
	ctx context.Context, in *sdk.ListCreateAccountStatusInput,
) (*sdk.ListCreateAccountStatusOutput, error) {
	for _, s := range in.States {
		if err := oneOf("States", s, s.Values(), true); err != nil {
			return nil, err
		}
	}
	out := &sdk.ListCreateAccountStatusOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, _, err := management(ctx, tx)
		if err != nil {
			return err
		}
		var wanted []state.Creation
		for _, c := range tx.Creations.Of(owner.ID) {
			if len(in.States) == 0 || slices.Contains(in.States, c.StateAt(tx.Now())) {
				wanted = append(wanted, c)
			}
		}
		list := fmt.Sprintf("creations %s %v", owner.ID, in.States)
		rows, next, err := page(wanted, creationPlace, in.MaxResults, in.NextToken, list)
		if err != nil {
			return err
		}
		out.NextToken = next
		for _, c := range rows {
			out.CreateAccountStatuses = append(out.CreateAccountStatuses, *creationView(c, c.StateAt(tx.Now())))
		}
		return nil
	})
	return out, err
}

func creationPlace(c state.Creation) place { return place{c.RequestedAt, c.ID} }

func creationView(c state.Creation, at types.CreateAccountState) *types.CreateAccountStatus {
	view := &types.CreateAccountStatus{
		Id:                 aws.String(c.ID),
		AccountName:        aws.String(c.AccountName),
		State:              at,
		RequestedTimestamp: aws.Time(c.RequestedAt),
	}
	if at == types.CreateAccountStateInProgress {
		return view
	}
	view.CompletedTimestamp = aws.Time(c.ReadyAt)
	view.FailureReason = c.FailureReason
	if c.Account != "" {
		view.AccountId = aws.String(c.Account)
	}
	return view
}
