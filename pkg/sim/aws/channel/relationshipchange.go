package channel

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/state"
)

// UpdateRelationship changes the name or the support plan. A revision that is not the newest is refused.
func (b *Backend) UpdateRelationship(ctx context.Context, in *sdk.UpdateRelationshipInput) (*sdk.UpdateRelationshipOutput, error) {
	f := checkNaming(in.Catalog, in.ProgramManagementAccountIdentifier, in.Identifier)
	f.check(revision, in.Revision)
	f.check(displayName, in.DisplayName)
	if f.plan(in.RequestedSupportPlan); f.err() != nil {
		return nil, f.err()
	}
	out := &sdk.UpdateRelationshipOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		r, err := relationOf(ctx, tx, *in.Catalog, *in.ProgramManagementAccountIdentifier, *in.Identifier)
		if err != nil {
			return err
		}
		if in.Revision != nil && *in.Revision != strconv.Itoa(r.Revision) {
			return conflict(relationKind, r.ID, "The relationship has changed since this revision.")
		}
		if in.DisplayName != nil {
			r.DisplayName = *in.DisplayName
		}
		if in.RequestedSupportPlan != nil {
			r.SupportPlan = planText(in.RequestedSupportPlan)
		}
		r.Revision, r.UpdatedAt = r.Revision+1, tx.Now()
		tx.Relationships.Put(r)
		out.RelationshipDetail = &types.UpdateRelationshipDetail{
			Id: aws.String(r.ID), Arn: aws.String(relationARN(r)), DisplayName: aws.String(r.DisplayName),
			Revision: aws.String(strconv.Itoa(r.Revision)),
		}
		return nil
	})
	return out, err
}

// DeleteRelationship ends a relationship, unless a fixed commitment still binds it or a proposal waits for an answer.
func (b *Backend) DeleteRelationship(ctx context.Context, in *sdk.DeleteRelationshipInput) (*sdk.DeleteRelationshipOutput, error) {
	f := checkNaming(in.Catalog, in.ProgramManagementAccountIdentifier, in.Identifier)
	if f.check(clientToken, in.ClientToken); f.err() != nil {
		return nil, f.err()
	}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		r, err := relationOf(ctx, tx, *in.Catalog, *in.ProgramManagementAccountIdentifier, *in.Identifier)
		if err != nil {
			return err
		}
		for _, h := range tx.Proposals.Of(r.ID) {
			if h = h.At(tx.Now()); h.Pending() || h.Binds(tx.Now()) && h.Period.Type == types.ServicePeriodTypeFixedCommitmentPeriod {
				return conflict(handshakeKind, h.ID, "The relationship has a service period or a pending handshake.")
			}
		}
		tx.Relationships.Delete(r.ID)
		return nil
	})
	return &sdk.DeleteRelationshipOutput{}, err
}
