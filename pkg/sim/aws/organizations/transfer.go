package organizations

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// DescribeResponsibilityTransfer answers the management accounts of both sides.
func (b *Backend) DescribeResponsibilityTransfer(
	ctx context.Context, in *sdk.DescribeResponsibilityTransferInput,
) (*sdk.DescribeResponsibilityTransferOutput, error) {
	if err := transferID.check(in.Id); err != nil {
		return nil, err
	}
	out := &sdk.DescribeResponsibilityTransferOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		viewer, t, err := transferOf(ctx, tx, *in.Id)
		if err == nil {
			out.ResponsibilityTransfer = transferView(tx, t, viewer)
		}
		return err
	})
	return out, err
}

// UpdateResponsibilityTransfer renames a transfer that is proposed or agreed.
func (b *Backend) UpdateResponsibilityTransfer(
	ctx context.Context, in *sdk.UpdateResponsibilityTransferInput,
) (*sdk.UpdateResponsibilityTransferOutput, error) {
	if err := first(transferID.check(in.Id), transferName.check(in.Name)); err != nil {
		return nil, err
	}
	out := &sdk.UpdateResponsibilityTransferOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		viewer, t, err := transferOf(ctx, tx, *in.Id)
		if err != nil {
			return err
		}
		if t.Status != types.ResponsibilityTransferStatusRequested && t.Status != types.ResponsibilityTransferStatusAccepted {
			return constraint(types.ConstraintViolationExceptionReasonTransferResponsibilityUpdateNotAllowed,
				"You cannot update this transfer because it is no longer active.")
		}
		t.Name = *in.Name
		tx.Transfers.Put(t)
		out.ResponsibilityTransfer = transferView(tx, t, viewer)
		return nil
	})
	return out, err
}

// ListInboundResponsibilityTransfers lists what the caller pays for or has proposed to.
func (b *Backend) ListInboundResponsibilityTransfers(
	ctx context.Context, in *sdk.ListInboundResponsibilityTransfersInput,
) (*sdk.ListInboundResponsibilityTransfersOutput, error) {
	if err := first(transferType(in.Type), optionalID.check(in.Id)); err != nil {
		return nil, err
	}
	out := &sdk.ListInboundResponsibilityTransfersOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		viewer, _, err := side(ctx, tx)
		if err != nil {
			return err
		}
		var wanted []state.Transfer
		for _, t := range tx.Transfers.Of(viewer.ID) {
			if t.Target == viewer.ID && (in.Id == nil || t.ID == *in.Id) {
				wanted = append(wanted, t)
			}
		}
		if in.Id != nil && len(wanted) == 0 {
			return transferNotFound()
		}
		list := fmt.Sprintf("inbound %s %s", viewer.ID, aws.ToString(in.Id))
		out.ResponsibilityTransfers, out.NextToken, err = transfers(tx, wanted, viewer, in.MaxResults, in.NextToken, list)
		return err
	})
	return out, err
}

// ListOutboundResponsibilityTransfers lists who pays for the caller's organization or has offered to.
func (b *Backend) ListOutboundResponsibilityTransfers(
	ctx context.Context, in *sdk.ListOutboundResponsibilityTransfersInput,
) (*sdk.ListOutboundResponsibilityTransfersOutput, error) {
	if err := transferType(in.Type); err != nil {
		return nil, err
	}
	out := &sdk.ListOutboundResponsibilityTransfersOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		viewer, _, err := side(ctx, tx)
		if err != nil {
			return err
		}
		list := "outbound " + viewer.ID
		out.ResponsibilityTransfers, out.NextToken, err = transfers(tx, outboundOf(tx, viewer), viewer, in.MaxResults, in.NextToken, list)
		return err
	})
	return out, err
}

func transfers(
	tx *state.Tx, all []state.Transfer, viewer state.Account, max *int32, next *string, list string,
) ([]types.ResponsibilityTransfer, *string, error) {
	rows, token, err := page(all, transferPlace, max, next, list)
	if err != nil {
		return nil, nil, err
	}
	var out []types.ResponsibilityTransfer
	for _, t := range rows {
		out = append(out, *transferView(tx, t, viewer))
	}
	return out, token, nil
}

func transferPlace(t state.Transfer) place { return place{t.RequestedAt, t.ID} }

// transferOf returns the calling management account and a transfer that it is a side of, as it stands now.
func transferOf(ctx context.Context, tx *state.Tx, id string) (state.Account, state.Transfer, error) {
	viewer, _, err := side(ctx, tx)
	if err != nil {
		return viewer, state.Transfer{}, err
	}
	t, ok := tx.Transfers.Get(id)
	if !ok || t.Target != viewer.ID && !from(t, viewer) {
		return viewer, t, transferNotFound()
	}
	return viewer, t.At(tx.Now()), nil
}

// from reports whether the account, or its address, is the transfer's source.
func from(t state.Transfer, a state.Account) bool {
	if t.Source != "" {
		return t.Source == a.ID
	}
	return state.NormalEmail(t.SourceEmail) == state.NormalEmail(a.Email)
}

// outboundOf returns the transfers that were proposed to the account or to its address, oldest first.
func outboundOf(tx *state.Tx, a state.Account) []state.Transfer {
	all := append(tx.Transfers.Of(a.ID), tx.Transfers.Of(state.NormalEmail(a.Email))...)
	all = slices.DeleteFunc(all, func(t state.Transfer) bool { return !from(t, a) })
	return inOrder(all, transferPlace)
}

func transferNotFound() error {
	return &types.ResponsibilityTransferNotFoundException{Message: aws.String(
		"We can't find a transfer with the Id that you specified.")}
}

// transferView is a transfer as it stands now, seen from one side: the ARN is the viewer's own.
func transferView(tx *state.Tx, t state.Transfer, viewer state.Account) *types.ResponsibilityTransfer {
	t = t.At(tx.Now())
	payer, _ := tx.Accounts.Get(t.Target)
	view := &types.ResponsibilityTransfer{
		Id:                aws.String(t.ID),
		Arn:               aws.String(t.ARN(viewer)),
		Name:              aws.String(t.Name),
		Type:              types.ResponsibilityTransferTypeBilling,
		Status:            t.Status,
		StartTimestamp:    aws.Time(t.StartsAt),
		ActiveHandshakeId: aws.String(t.Handshake),
		Source:            &types.TransferParticipant{ManagementAccountEmail: aws.String(t.SourceEmail)},
		Target:            &types.TransferParticipant{ManagementAccountId: aws.String(payer.ID), ManagementAccountEmail: aws.String(payer.Email)},
	}
	if t.Source != "" {
		view.Source.ManagementAccountId = aws.String(t.Source)
	}
	if !t.EndsAt.IsZero() {
		view.EndTimestamp = aws.Time(t.EndsAt)
	}
	return view
}
