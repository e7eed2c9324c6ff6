package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
)

// DescribeHandshake answers the sender and the recipient, for 30 days after the handshake's end.
func (b *Backend) DescribeHandshake(ctx context.Context, in *sdk.DescribeHandshakeInput) (*sdk.DescribeHandshakeOutput, error) {
	if err := handshakeID.check(in.HandshakeId); err != nil {
		return nil, err
	}
	out := &sdk.DescribeHandshakeOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		_, h, err := handshakeOf(ctx, tx, *in.HandshakeId)
		if err == nil {
			out.Handshake = handshakeView(tx, h)
		}
		return err
	})
	return out, err
}

// CancelHandshake takes an invitation back. Only its sender may.
func (b *Backend) CancelHandshake(ctx context.Context, in *sdk.CancelHandshakeInput) (*sdk.CancelHandshakeOutput, error) {
	h, err := b.answer(ctx, in.HandshakeId, types.HandshakeStateCanceled)
	return &sdk.CancelHandshakeOutput{Handshake: h}, err
}

// DeclineHandshake refuses an invitation. Only its recipient may.
func (b *Backend) DeclineHandshake(ctx context.Context, in *sdk.DeclineHandshakeInput) (*sdk.DeclineHandshakeOutput, error) {
	h, err := b.answer(ctx, in.HandshakeId, types.HandshakeStateDeclined)
	return &sdk.DeclineHandshakeOutput{Handshake: h}, err
}

// AcceptHandshake agrees to an invitation. Only its recipient may, and to transfer responsibility only as the
// management account.
func (b *Backend) AcceptHandshake(ctx context.Context, in *sdk.AcceptHandshakeInput) (*sdk.AcceptHandshakeOutput, error) {
	h, err := b.answer(ctx, in.HandshakeId, types.HandshakeStateAccepted)
	return &sdk.AcceptHandshakeOutput{Handshake: h}, err
}

// answer ends a pending handshake in the wanted state, and what it proposed with it.
func (b *Backend) answer(ctx context.Context, id *string, want types.HandshakeState) (view *types.Handshake, err error) {
	if err := handshakeID.check(id); err != nil {
		return nil, err
	}
	err = b.state.Update(ctx, func(tx *state.Tx) error {
		caller, h, err := handshakeOf(ctx, tx, *id)
		if err != nil {
			return err
		}
		if mine := h.Sender == caller.ID; mine != (want == types.HandshakeStateCanceled) {
			return denied("You don't have permissions to access this resource.")
		}
		if err := transition(h, want); err != nil {
			return err
		}
		if want == types.HandshakeStateAccepted {
			if err := b.accept(tx, caller, &h); err != nil {
				return err
			}
		}
		h.State, h.EndedAt = want, tx.Now()
		tx.Handshakes.Put(h)
		endTransfer(tx, h)
		view = handshakeView(tx, h)
		return nil
	})
	return view, err
}

// handshakeOf returns the caller's account and a handshake that it sent or received, as it stands now.
func handshakeOf(ctx context.Context, tx *state.Tx, id string) (state.Account, state.Handshake, error) {
	caller, _ := tx.Accounts.Get(identity.From(ctx).Account)
	h, ok := tx.Handshakes.Get(id)
	if !ok || !h.Visible(tx.Now()) || h.Sender != caller.ID && !h.To(caller) {
		return caller, h, &types.HandshakeNotFoundException{Message: aws.String(
			"We can't find a handshake with the HandshakeId that you specified.")}
	}
	return caller, h.At(tx.Now()), nil
}

func transition(h state.Handshake, want types.HandshakeState) error {
	switch h.State {
	case types.HandshakeStateRequested:
		return nil
	case want:
		return &types.HandshakeAlreadyInStateException{Message: aws.String("The specified handshake is already in the requested state.")}
	default:
		return &types.InvalidHandshakeTransitionException{Message: aws.String(
			"You can't perform the operation on the handshake in its current state: " + string(h.State) + ".")}
	}
}

// endTransfer gives a proposed transfer the state in which its handshake ended.
func endTransfer(tx *state.Tx, h state.Handshake) {
	if t, ok := tx.Transfers.Get(h.Transfer); ok {
		t.Status = types.ResponsibilityTransferStatus(h.State) // the two enums share these words
		tx.Transfers.Put(t)
	}
}
