package orders

import (
	"context"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/order"
)

// withdrawConnection has AccountTransfer end what binds the account. What it refuses is for Operations to decide on again; when AWS was
// faster, its event says so.
func (out outside) withdrawConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, t.Decision.DecidedBy.Subject), a.Token)
	resp, err := out.connections.WithdrawConnection(ctx, &accounttransferv1.WithdrawConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": " + t.Reason,
	})
	refusal, _ := errs.As(err)
	switch {
	case err == nil:
		return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
			return order.RecordWithdrawing(o, endOf(resp.GetConnection()), now)
		}, nil
	case refused(err):
		return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
			return order.RecordWithdrawRefused(o, refusal, now)
		}, nil
	}
	return nil, err
}

// keepConnection has AccountTransfer drop a withdrawal that it could not carry out. What it refuses to drop is not there.
func (out outside) keepConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.SubmittedBy.Subject), a.Token)
	_, err := out.connections.KeepConnection(ctx, &accounttransferv1.KeepConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": the agreement goes on",
	})
	if err != nil && !refused(err) {
		return nil, err
	}
	return func(o *order.Order, _ time.Time) ([]fact.Fact, error) { return order.RecordKept(o) }, nil
}
