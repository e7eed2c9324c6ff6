package channel

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// Register makes an account a program management account of the solution provider programme, as AWS does once a
// partner has applied for it. AWS chooses an empty id. One that is registered already keeps its id and gets the new name.
func Register(tx *state.Tx, account, displayName, id string) state.ProgramAccount {
	p := state.ProgramAccount{ID: cmp.Or(id, newID("pma")), Account: account, RegisteredAt: tx.Now()}
	if known := tx.Programs.Of(account); len(known) > 0 {
		if p = known[0]; p.DisplayName == displayName {
			return p
		}
	}
	p.DisplayName, p.UpdatedAt = displayName, tx.Now()
	p.Revision++
	tx.Programs.Put(p)
	return p
}

// ListProgramManagementAccounts lists the caller's own.
func (b *Backend) ListProgramManagementAccounts(
	ctx context.Context, in *sdk.ListProgramManagementAccountsInput,
) (*sdk.ListProgramManagementAccountsOutput, error) {
	var f findings
	f.require(catalog, in.Catalog)
	checkEnums(&f, "programs", in.Programs...)
	checkEnums(&f, "statuses", in.Statuses...)
	if f.page(in.MaxResults); f.err() != nil {
		return nil, f.err()
	}
	out := &sdk.ListProgramManagementAccountsOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		caller := identity.From(ctx).Account
		var rows []state.ProgramAccount
		for _, p := range tx.Programs.Of(caller) {
			if *in.Catalog == Catalog && chooses(in.AccountIds, p.Account) && chooses(in.DisplayNames, p.DisplayName) &&
				chooses(in.Programs, types.ProgramSolutionProvider) && chooses(in.Statuses, types.ProgramManagementAccountStatusActive) {
				rows = append(rows, p)
			}
		}
		key := func(p state.ProgramAccount) string { return place(p.RegisteredAt, p.ID) }
		rows, next, err := cut(rows, key, in.MaxResults, in.NextToken, listOf(caller, *in, func(i *sdk.ListProgramManagementAccountsInput) {
			i.MaxResults, i.NextToken = nil, nil
		}))
		for _, p := range rows {
			out.Items = append(out.Items, programView(p))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func programView(p state.ProgramAccount) types.ProgramManagementAccountSummary {
	return types.ProgramManagementAccountSummary{
		Id: aws.String(p.ID), Arn: aws.String(programARN(p)), AccountId: aws.String(p.Account), Catalog: aws.String(Catalog),
		DisplayName: aws.String(p.DisplayName), Program: types.ProgramSolutionProvider,
		Status: types.ProgramManagementAccountStatusActive, Revision: aws.String(strconv.Itoa(p.Revision)),
		StartDate: aws.Time(p.RegisteredAt), CreatedAt: aws.Time(p.RegisteredAt), UpdatedAt: aws.Time(p.UpdatedAt),
	}
}

// programOf returns the caller's program management account of that id.
func programOf(ctx context.Context, tx *state.Tx, inCatalog, identifier string) (state.ProgramAccount, error) {
	p, ok := tx.Programs.Get(idOf(identifier))
	if !ok || inCatalog != Catalog || p.Account != identity.From(ctx).Account {
		return p, notFound("ProgramManagementAccount", idOf(identifier))
	}
	return p, nil
}

// chooses reports whether a filter lets a value through; an empty one lets all.
func chooses[T comparable](filter []T, value T) bool {
	return len(filter) == 0 || slices.Contains(filter, value)
}
