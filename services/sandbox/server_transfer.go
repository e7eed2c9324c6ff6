package sandbox

import (
	"context"
	"time"

	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/wire"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) AcceptBillingTransfer(
	ctx context.Context, req *sandboxv1.AcceptBillingTransferRequest,
) (*sandboxv1.AcceptBillingTransferResponse, error) {
	t, err := s.worlds.aws.AcceptBillingTransfer(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.AcceptBillingTransferResponse{Transfer: toTransfer(t)}, nil
}

func (s *server) DeclineBillingTransfer(
	ctx context.Context, req *sandboxv1.DeclineBillingTransferRequest,
) (*sandboxv1.DeclineBillingTransferResponse, error) {
	t, err := s.worlds.aws.DeclineBillingTransfer(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.DeclineBillingTransferResponse{Transfer: toTransfer(t)}, nil
}

// WithdrawBillingTransfer takes the end as the contract writes it; AWS wants the millisecond before.
func (s *server) WithdrawBillingTransfer(
	ctx context.Context, req *sandboxv1.WithdrawBillingTransferRequest,
) (*sandboxv1.WithdrawBillingTransferResponse, error) {
	end := wire.FromTime(req.GetEndTime())
	if !end.IsZero() {
		end = end.Add(-time.Millisecond)
	}
	t, err := s.worlds.aws.WithdrawBillingTransfer(ctx, req.GetAccountId(), req.GetByPayer(), end)
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.WithdrawBillingTransferResponse{Transfer: toTransfer(t)}, nil
}

func (s *server) InviteBillingTransfer(
	ctx context.Context, req *sandboxv1.InviteBillingTransferRequest,
) (*sandboxv1.InviteBillingTransferResponse, error) {
	t, err := s.worlds.aws.InviteBillingTransfer(
		ctx, req.GetPayerAccountId(), req.GetAccountId(), req.GetName(), wire.FromTime(req.GetStartTime()),
	)
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.InviteBillingTransferResponse{Transfer: toTransfer(t)}, nil
}

func (s *server) CancelBillingTransfer(
	ctx context.Context, req *sandboxv1.CancelBillingTransferRequest,
) (*sandboxv1.CancelBillingTransferResponse, error) {
	t, err := s.worlds.aws.CancelBillingTransfer(ctx, req.GetAccountId())
	if err != nil {
		return nil, refusal(err)
	}
	return &sandboxv1.CancelBillingTransferResponse{Transfer: toTransfer(t)}, nil
}

func toTransfer(t state.Transfer) *sandboxv1.AwsTransfer {
	return &sandboxv1.AwsTransfer{
		AwsTransferId: t.ID, AwsHandshakeId: t.Handshake, Name: t.Name, SourceAccountId: t.Source, TargetAccountId: t.Target,
		Status: string(t.Status), StartTime: wire.Time(t.StartsAt), EndTime: wire.Time(t.EndsAt),
		RequestTime: wire.Time(t.RequestedAt), ExpireTime: wire.Time(t.ExpiresAt), Notes: t.Notes,
	}
}
