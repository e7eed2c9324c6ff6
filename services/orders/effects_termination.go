package orders

import (
	"context"
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/order"
)

// withdrawConnection has AccountTransfer end what binds the account. What it refuses is held against the connection: AWS, or somebody else,
// may have been faster; else it is for Operations to decide on again.
func (out outside) withdrawConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	ctx = call.OnBehalfOf(ctx, t.Decision.DecidedBy.Subject)
	resp, err := out.connections.WithdrawConnection(rpc.WithKey(ctx, a.Token), &accounttransferv1.WithdrawConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": " + t.Reason,
	})
	if err == nil {
		return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
			return order.RecordWithdrawing(o, endOf(resp.GetConnection()), now)
		}, nil
	}
	refusal, _ := errs.As(err)
	seen, err := out.lookAfter(ctx, t.ConnectionID, err)
	if err != nil {
		return nil, err
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) {
		return order.RecordWithdrawRefused(o, refusal, seen, now)
	}, nil
}

// keepConnection has AccountTransfer drop a withdrawal that it could not carry out. What it refuses to drop is not there, or is
// begun anew.
func (out outside) keepConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	t := a.Doc.Termination
	number, err := strconv.ParseInt(a.Subject, 10, 32)
	if err != nil {
		return nil, err
	}
	ctx = call.OnBehalfOf(ctx, a.Doc.SubmittedBy.Subject)
	resp, err := out.connections.KeepConnection(rpc.WithKey(ctx, a.Token), &accounttransferv1.KeepConnectionRequest{
		ConnectionId: t.ConnectionID, Reason: a.ID + ": the agreement goes on", Attempt: int32(number),
	})
	seen := endOf(resp.GetConnection())
	if err != nil {
		refusal := err
		if seen, err = out.lookAfter(ctx, t.ConnectionID, err); err != nil {
			return nil, err
		}
		if seen.Left(int(number)) {
			return nil, refusal // it is there, and is not dropped
		}
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) { return order.RecordKept(o, seen, now) }, nil
}

// lookAfter reads how a connection ends, after AccountTransfer has refused something of it. Any other error is returned: not to be let in
// decides nothing.
func (out outside) lookAfter(ctx context.Context, connectionID string, err error) (order.EndView, error) {
	if !refused(err) {
		return order.EndView{}, err
	}
	resp, err := out.connections.GetConnection(ctx, &accounttransferv1.GetConnectionRequest{ConnectionId: connectionID})
	return endOf(resp.GetConnection()), err
}

// supersedeConnection tells AccountTransfer that AWS bills the account of an order in the place of the membership that it replaces.
func (out outside) supersedeConnection(ctx context.Context, a attempt) (kit.Record[order.Order], error) {
	ctx = rpc.WithKey(call.OnBehalfOf(ctx, a.Doc.SubmittedBy.Subject), a.Token)
	_, err := out.connections.SupersedeConnection(ctx, &accounttransferv1.SupersedeConnectionRequest{
		ConnectionId: a.Doc.Replaces.ConnectionID, TransferId: a.Doc.TransferID,
	})
	if err != nil {
		return nil, err
	}
	return func(o *order.Order, now time.Time) ([]fact.Fact, error) { return order.RecordSuperseded(o, now) }, nil
}
