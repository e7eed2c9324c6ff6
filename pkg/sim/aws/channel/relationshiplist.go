package channel

import (
	"context"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// ListRelationships lists the caller's own, oldest first.
func (b *Backend) ListRelationships(ctx context.Context, in *sdk.ListRelationshipsInput) (*sdk.ListRelationshipsOutput, error) {
	var f findings
	f.require(catalog, in.Catalog)
	checkEnums(&f, "associationTypes", in.AssociationTypes...)
	for _, id := range in.ProgramManagementAccountIdentifiers {
		f.check(text{"programManagementAccountIdentifiers", programID.min, programID.max, programID.pattern}, &id)
	}
	if f.page(in.MaxResults); f.err() != nil {
		return nil, f.err()
	}
	out := &sdk.ListRelationshipsOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		caller := identity.From(ctx).Account
		var rows []state.Relationship
		for _, r := range tx.Relationships.Of(caller) {
			if r.Owner == caller && *in.Catalog == Catalog && wanted(in, r) {
				rows = append(rows, r)
			}
		}
		key := func(r state.Relationship) string { return place(r.CreatedAt, r.ID) }
		rows, next, err := cut(rows, key, in.MaxResults, in.NextToken, listOf(caller, *in, func(i *sdk.ListRelationshipsInput) {
			i.MaxResults, i.NextToken = nil, nil
		}))
		for _, r := range rows {
			out.Items = append(out.Items, relationSummary(r))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func wanted(in *sdk.ListRelationshipsInput, r state.Relationship) bool {
	return chooses(in.AssociatedAccountIds, r.Account) && chooses(in.AssociationTypes, r.Association) &&
		chooses(in.DisplayNames, r.DisplayName) && chooses(ids(in.ProgramManagementAccountIdentifiers), r.ProgramAccount)
}

// ids strips what makes ids ARNs.
func ids(identifiers []string) []string {
	var out []string
	for _, id := range identifiers {
		out = append(out, idOf(id))
	}
	return out
}

// relationSummary is a relationship without what lists do not show.
func relationSummary(r state.Relationship) types.RelationshipSummary {
	v := relationView(r)
	return types.RelationshipSummary{
		Id: v.Id, Arn: v.Arn, Catalog: v.Catalog, ProgramManagementAccountId: v.ProgramManagementAccountId,
		AssociatedAccountId: v.AssociatedAccountId, AssociationType: v.AssociationType, DisplayName: v.DisplayName,
		Sector: v.Sector, Revision: v.Revision, StartDate: v.StartDate, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}
