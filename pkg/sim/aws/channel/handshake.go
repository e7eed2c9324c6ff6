package channel

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	sdk "example.com/handover/pkg/aws/channel"
	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

const handshakeKind = "ChannelHandshake"

// CreateChannelHandshake proposes a service period, or its early end, to the other side of a relationship; one proposal
// at a time. AWS tells the receiver by mail.
func (b *Backend) CreateChannelHandshake(
	ctx context.Context, in *sdk.CreateChannelHandshakeInput,
) (*sdk.CreateChannelHandshakeOutput, error) {
	if err := checkProposal(in); err != nil {
		return nil, err
	}
	request := requestOf(*in, func(i *sdk.CreateChannelHandshakeInput) { i.ClientToken = nil })
	out := &sdk.CreateChannelHandshakeOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		h, found, err := earlier(ctx, tx, in, request)
		if err != nil {
			return err
		}
		if !found {
			if h, err = b.propose(ctx, tx, in, request); err != nil {
				return err
			}
		}
		out.ChannelHandshakeDetail = &types.CreateChannelHandshakeDetail{Id: aws.String(h.ID), Arn: aws.String(handshakeARN(h))}
		return nil
	})
	return out, err
}

// earlier returns the handshake that this request has made before.
func earlier(ctx context.Context, tx *state.Tx, in *sdk.CreateChannelHandshakeInput, request string) (state.ChannelHandshake, bool, error) {
	caller := identity.From(ctx).Account
	if in.ClientToken == nil {
		return state.ChannelHandshake{}, false, nil
	}
	for _, h := range tx.Proposals.Of(caller) {
		if h.Sender == caller && h.Token == *in.ClientToken {
			return h, true, repeated(handshakeKind, h.ID, h.Request, request)
		}
	}
	return state.ChannelHandshake{}, false, nil
}

func (b *Backend) propose(
	ctx context.Context, tx *state.Tx, in *sdk.CreateChannelHandshakeInput, request string,
) (state.ChannelHandshake, error) {
	none := state.ChannelHandshake{}
	p, err := programOf(ctx, tx, *in.Catalog, programIn(in.Payload))
	if err != nil {
		return none, err
	}
	r, ok := tx.Relationships.Get(idOf(*in.AssociatedResourceIdentifier))
	if !ok || r.ProgramAccount != p.ID {
		return none, notFound(relationKind, idOf(*in.AssociatedResourceIdentifier))
	}
	for _, h := range tx.Proposals.Of(r.ID) {
		if h = h.At(tx.Now()); h.Pending() {
			return none, conflict(handshakeKind, h.ID, "A handshake of this relationship is pending already.")
		}
	}
	h := state.ChannelHandshake{
		ID: newID("ch"), Type: in.HandshakeType, Status: types.HandshakeStatusPending, Relationship: r.ID,
		Sender: p.Account, SenderName: p.DisplayName, Receiver: r.Account, Note: noteIn(in.Payload),
		Token: aws.ToString(in.ClientToken), Request: request, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		ExpiresAt: tx.Now().Add(b.settings.HandshakeLife),
	}
	if h.Period, err = periodOf(tx, r, in.Payload); err != nil {
		return none, err
	}
	tx.Proposals.Put(h)
	b.tell(tx, h)
	return h, nil
}

func checkProposal(in *sdk.CreateChannelHandshakeInput) error {
	var f findings
	f.require(catalog, in.Catalog)
	f.require(resourceID, in.AssociatedResourceIdentifier)
	f.check(clientToken, in.ClientToken)
	requireEnum(&f, "handshakeType", in.HandshakeType)
	want := types.HandshakeType("")
	switch payload := in.Payload.(type) {
	case *types.ChannelHandshakePayloadMemberStartServicePeriodPayload:
		want = types.HandshakeTypeStartServicePeriod
		f.start(payload.Value)
	case *types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload:
		want = types.HandshakeTypeRevokeServicePeriod
		f.require(payloadID, payload.Value.ProgramManagementAccountIdentifier)
		f.check(note, payload.Value.Note)
	default:
		f.add("payload", "REQUIRED_FIELD_MISSING", "payload is required.")
	}
	if want != "" && want != in.HandshakeType {
		f.add("payload", "INVALID_VALUE", "The payload is not that of a handshake of the type %s.", in.HandshakeType)
	}
	return f.err()
}

func programIn(payload types.ChannelHandshakePayload) string {
	switch p := payload.(type) {
	case *types.ChannelHandshakePayloadMemberStartServicePeriodPayload:
		return *p.Value.ProgramManagementAccountIdentifier
	case *types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload:
		return *p.Value.ProgramManagementAccountIdentifier
	}
	return ""
}

func noteIn(payload types.ChannelHandshakePayload) string {
	switch p := payload.(type) {
	case *types.ChannelHandshakePayloadMemberStartServicePeriodPayload:
		return aws.ToString(p.Value.Note)
	case *types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload:
		return aws.ToString(p.Value.Note)
	}
	return ""
}
