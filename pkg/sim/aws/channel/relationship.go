package channel

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/state"
)

const relationKind = "Relationship"

// CreateRelationship begins a relationship with an account that exists; there is at most one with each.
func (b *Backend) CreateRelationship(ctx context.Context, in *sdk.CreateRelationshipInput) (*sdk.CreateRelationshipOutput, error) {
	if err := checkCreation(in); err != nil {
		return nil, err
	}
	request := requestOf(*in, func(i *sdk.CreateRelationshipInput) { i.ClientToken = nil })
	out := &sdk.CreateRelationshipOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		p, err := programOf(ctx, tx, *in.Catalog, *in.ProgramManagementAccountIdentifier)
		if err != nil {
			return err
		}
		r, found, err := same(tx, p, in, request)
		if err != nil {
			return err
		}
		if !found {
			if r, err = begin(tx, p, in, request); err != nil {
				return err
			}
		}
		out.RelationshipDetail = &types.CreateRelationshipDetail{Id: aws.String(r.ID), Arn: aws.String(relationARN(r))}
		return nil
	})
	return out, err
}

// same returns the relationship that this request has made before, and refuses a second one with the account.
func same(tx *state.Tx, p state.ProgramAccount, in *sdk.CreateRelationshipInput, request string) (state.Relationship, bool, error) {
	var second error
	for _, r := range tx.Relationships.Of(p.Account) {
		if in.ClientToken != nil && r.Token == *in.ClientToken {
			return r, true, repeated(relationKind, r.ID, r.Request, request)
		}
		if r.ProgramAccount == p.ID && r.Account == *in.AssociatedAccountId {
			second = conflict(relationKind, r.ID, "A relationship with this account exists already.")
		}
	}
	return state.Relationship{}, false, second
}

func begin(tx *state.Tx, p state.ProgramAccount, in *sdk.CreateRelationshipInput, request string) (state.Relationship, error) {
	if _, ok := tx.Accounts.Get(*in.AssociatedAccountId); !ok {
		return state.Relationship{}, unfit(accountID.name, "INVALID_VALUE", "The associated account does not exist.")
	}
	r := state.Relationship{
		ID: newID("rs"), ProgramAccount: p.ID, Owner: p.Account, Account: *in.AssociatedAccountId,
		DisplayName: *in.DisplayName, Association: in.AssociationType, Model: in.ResaleAccountModel, Sector: in.Sector,
		SupportPlan: planText(in.RequestedSupportPlan), Revision: 1, Token: aws.ToString(in.ClientToken), Request: request,
		CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	tx.Relationships.Put(r)
	return r, nil
}

func checkCreation(in *sdk.CreateRelationshipInput) error {
	var f findings
	f.require(catalog, in.Catalog)
	f.require(programID, in.ProgramManagementAccountIdentifier)
	f.require(accountID, in.AssociatedAccountId)
	f.require(displayName, in.DisplayName)
	f.check(clientToken, in.ClientToken)
	requireEnum(&f, "associationType", in.AssociationType)
	requireEnum(&f, "sector", in.Sector)
	if in.ResaleAccountModel != "" {
		checkEnums(&f, "resaleAccountModel", in.ResaleAccountModel)
	}
	f.plan(in.RequestedSupportPlan)
	return f.err()
}

// GetRelationship answers the account that manages the programme.
func (b *Backend) GetRelationship(ctx context.Context, in *sdk.GetRelationshipInput) (*sdk.GetRelationshipOutput, error) {
	if err := checkNaming(in.Catalog, in.ProgramManagementAccountIdentifier, in.Identifier).err(); err != nil {
		return nil, err
	}
	out := &sdk.GetRelationshipOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		r, err := relationOf(ctx, tx, *in.Catalog, *in.ProgramManagementAccountIdentifier, *in.Identifier)
		if err == nil {
			out.RelationshipDetail = relationView(r)
		}
		return err
	})
	return out, err
}

// checkNaming is for the calls that name an existing relationship.
func checkNaming(inCatalog, program, identifier *string) findings {
	var f findings
	f.require(catalog, inCatalog)
	f.require(programID, program)
	f.require(relationID, identifier)
	return f
}

func relationOf(ctx context.Context, tx *state.Tx, inCatalog, program, identifier string) (state.Relationship, error) {
	p, err := programOf(ctx, tx, inCatalog, program)
	if err != nil {
		return state.Relationship{}, err
	}
	r, ok := tx.Relationships.Get(idOf(identifier))
	if !ok || r.ProgramAccount != p.ID {
		return r, notFound(relationKind, idOf(identifier))
	}
	return r, nil
}

func relationView(r state.Relationship) *types.RelationshipDetail {
	return &types.RelationshipDetail{
		Id: aws.String(r.ID), Arn: aws.String(relationARN(r)), Catalog: aws.String(Catalog),
		ProgramManagementAccountId: aws.String(r.ProgramAccount), AssociatedAccountId: aws.String(r.Account),
		AssociationType: r.Association, DisplayName: aws.String(r.DisplayName), ResaleAccountModel: r.Model, Sector: r.Sector,
		Revision: aws.String(strconv.Itoa(r.Revision)), StartDate: aws.Time(r.CreatedAt), CreatedAt: aws.Time(r.CreatedAt),
		UpdatedAt: aws.Time(r.UpdatedAt),
	}
}
