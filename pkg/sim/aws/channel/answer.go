package channel

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// AcceptChannelHandshake agrees to a proposal. Only its receiver may.
func (b *Backend) AcceptChannelHandshake(
	ctx context.Context, in *sdk.AcceptChannelHandshakeInput,
) (*sdk.AcceptChannelHandshakeOutput, error) {
	h, err := b.end(ctx, in.Catalog, in.Identifier, types.HandshakeStatusAccepted)
	if err != nil {
		return nil, err
	}
	return &sdk.AcceptChannelHandshakeOutput{ChannelHandshakeDetail: &types.AcceptChannelHandshakeDetail{
		Id: aws.String(h.ID), Arn: aws.String(handshakeARN(h)), Status: h.Status,
	}}, nil
}

// RejectChannelHandshake refuses a proposal. Only its receiver may.
func (b *Backend) RejectChannelHandshake(
	ctx context.Context, in *sdk.RejectChannelHandshakeInput,
) (*sdk.RejectChannelHandshakeOutput, error) {
	h, err := b.end(ctx, in.Catalog, in.Identifier, types.HandshakeStatusRejected)
	if err != nil {
		return nil, err
	}
	return &sdk.RejectChannelHandshakeOutput{ChannelHandshakeDetail: &types.RejectChannelHandshakeDetail{
		Id: aws.String(h.ID), Arn: aws.String(handshakeARN(h)), Status: h.Status,
	}}, nil
}

// CancelChannelHandshake takes a proposal back. Only its sender may.
func (b *Backend) CancelChannelHandshake(
	ctx context.Context, in *sdk.CancelChannelHandshakeInput,
) (*sdk.CancelChannelHandshakeOutput, error) {
	h, err := b.end(ctx, in.Catalog, in.Identifier, types.HandshakeStatusCanceled)
	if err != nil {
		return nil, err
	}
	return &sdk.CancelChannelHandshakeOutput{ChannelHandshakeDetail: &types.CancelChannelHandshakeDetail{
		Id: aws.String(h.ID), Arn: aws.String(handshakeARN(h)), Status: h.Status,
	}}, nil
}

// end gives a pending handshake its last status. One that has it already stays as it is.
func (b *Backend) end(ctx context.Context, inCatalog, identifier *string, want types.HandshakeStatus) (state.ChannelHandshake, error) {
	var f findings
	f.require(catalog, inCatalog)
	if f.require(handshakeID, identifier); f.err() != nil {
		return state.ChannelHandshake{}, f.err()
	}
	var h state.ChannelHandshake
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		caller := identity.From(ctx).Account
		found, ok := tx.Proposals.Get(idOf(*identifier))
		if !ok || *inCatalog != Catalog || found.Sender != caller && found.Receiver != caller {
			return notFound(handshakeKind, idOf(*identifier))
		}
		h = found.At(tx.Now())
		switch mine := h.Sender == caller; {
		case mine != (want == types.HandshakeStatusCanceled):
			return denied("Only the receiver answers a handshake, and only its sender takes it back.")
		case h.Status == want:
			return nil
		case !h.Pending():
			return unfit(handshakeID.name, "INVALID_RESOURCE_STATE", "The handshake is "+string(h.Status)+".")
		}
		h.Status, h.UpdatedAt = want, tx.Now()
		if want == types.HandshakeStatusAccepted {
			agree(tx, &h)
		}
		tx.Proposals.Put(h)
		return nil
	})
	return h, err
}
