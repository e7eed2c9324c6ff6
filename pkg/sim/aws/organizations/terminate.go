package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// TerminateResponsibilityTransfer withdraws from an agreed transfer at the end of this month or the next one. Either
// side may, at any time, unless a service period forbids it; it cannot be undone. Without an end it is this month's.
func (b *Backend) TerminateResponsibilityTransfer(
	ctx context.Context, in *sdk.TerminateResponsibilityTransferInput,
) (*sdk.TerminateResponsibilityTransferOutput, error) {
	if err := transferID.check(in.Id); err != nil {
		return nil, err
	}
	out := &sdk.TerminateResponsibilityTransferOutput{}
	err := b.state.Update(ctx, func(tx *state.Tx) error {
		viewer, t, err := transferOf(ctx, tx, *in.Id)
		if err != nil {
			return err
		}
		if err := withdrawable(t); err != nil {
			return err
		}
		end, err := chosenEnd(in.EndTimestamp, tx.Now())
		if err != nil {
			return err
		}
		if end.Before(t.EarliestEnd(tx.Now())) {
			return invalid(types.InvalidInputExceptionReasonInvalidEndDate,
				"The selected withdrawal date doesn't meet the minimum notice period required by your partner agreement.")
		}
		t.Status, t.EndsAt = types.ResponsibilityTransferStatusWithdrawn, end
		tx.Transfers.Put(t)
		out.ResponsibilityTransfer = transferView(tx, t, viewer)
		return nil
	})
	return out, err
}

func withdrawable(t state.Transfer) error {
	switch t.Status {
	case types.ResponsibilityTransferStatusAccepted:
		return nil
	case types.ResponsibilityTransferStatusWithdrawn:
		return &types.ResponsibilityTransferAlreadyInStatusException{Message: aws.String(
			"The responsibility transfer is already in the status that you specified.")}
	default:
		return &types.InvalidResponsibilityTransferTransitionException{Message: aws.String(
			"The responsibility transfer can't transition to the requested status from its current status: " + string(t.Status) + ".")}
	}
}

func chosenEnd(end *time.Time, now time.Time) (time.Time, error) {
	if end == nil {
		return monthEnd(now, 0), nil
	}
	return end.UTC(), checkEnd(end.UTC(), now)
}
