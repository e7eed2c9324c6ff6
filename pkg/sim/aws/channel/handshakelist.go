package channel

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// ListChannelHandshakes lists what the caller has sent or received, oldest first.
func (b *Backend) ListChannelHandshakes(ctx context.Context, in *sdk.ListChannelHandshakesInput) (*sdk.ListChannelHandshakesOutput, error) {
	if err := checkList(in); err != nil {
		return nil, err
	}
	out := &sdk.ListChannelHandshakesOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		caller := identity.From(ctx).Account
		var rows []state.ChannelHandshake
		for _, h := range tx.Proposals.Of(caller) {
			if h = h.At(tx.Now()); *in.Catalog == Catalog && side(in.ParticipantType, h) == caller && listed(in, h) {
				rows = append(rows, h)
			}
		}
		key := func(h state.ChannelHandshake) string { return place(h.CreatedAt, h.ID) }
		rows, next, err := cut(rows, key, in.MaxResults, in.NextToken, listOf(caller, *in, func(i *sdk.ListChannelHandshakesInput) {
			i.MaxResults, i.NextToken = nil, nil
		}))
		for _, h := range rows {
			out.Items = append(out.Items, handshakeView(h))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func checkList(in *sdk.ListChannelHandshakesInput) error {
	var f findings
	f.require(catalog, in.Catalog)
	requireEnum(&f, "handshakeType", in.HandshakeType)
	requireEnum(&f, "participantType", in.ParticipantType)
	checkEnums(&f, "statuses", in.Statuses...)
	for _, id := range in.AssociatedResourceIdentifiers {
		f.check(text{"associatedResourceIdentifiers", resourceID.min, resourceID.max, resourceID.pattern}, &id)
	}
	checkEnums(&f, "handshakeTypeFilters", periodTypes(in.HandshakeTypeFilters)...)
	f.page(in.MaxResults)
	return f.err()
}

func side(p types.ParticipantType, h state.ChannelHandshake) string {
	if p == types.ParticipantTypeSender {
		return h.Sender
	}
	return h.Receiver
}

func listed(in *sdk.ListChannelHandshakesInput, h state.ChannelHandshake) bool {
	return h.Type == in.HandshakeType && chooses(in.Statuses, h.Status) &&
		chooses(ids(in.AssociatedResourceIdentifiers), h.Relationship) && chooses(periodTypes(in.HandshakeTypeFilters), h.Period.Type)
}

func periodTypes(f types.ListChannelHandshakesTypeFilters) []types.ServicePeriodType {
	switch f := f.(type) {
	case *types.ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters:
		return f.Value.ServicePeriodTypes
	case *types.ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters:
		return f.Value.ServicePeriodTypes
	}
	return nil
}

func handshakeView(h state.ChannelHandshake) types.ChannelHandshakeSummary {
	return types.ChannelHandshakeSummary{
		Id: aws.String(h.ID), Arn: aws.String(handshakeARN(h)), Catalog: aws.String(Catalog), HandshakeType: h.Type,
		Status: h.Status, OwnerAccountId: aws.String(h.Sender), SenderAccountId: aws.String(h.Sender),
		SenderDisplayName: aws.String(h.SenderName), ReceiverAccountId: aws.String(h.Receiver),
		AssociatedResourceId: aws.String(h.Relationship), Detail: detailOf(h),
		CreatedAt: aws.Time(h.CreatedAt), UpdatedAt: aws.Time(h.UpdatedAt),
	}
}
