package orders

import (
	"context"
	"strconv"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

// The templates of accounttransfer that carry out an order.
const (
	templateExisting = "billing-transfer-existing"
	templateNew      = "billing-transfer-new"
)

// reconcile does the one next thing of an order: it asks AccountTransfer. Each call carries a key derived from the
// order, so that a repetition after a crash finds its own effect.
func reconcile(transfers accounttransferv1.TransferServiceClient) func(context.Context, *store.Claim[order.Order]) error {
	return func(ctx context.Context, c *store.Claim[order.Order]) error {
		o := c.Doc
		ctx = call.OnBehalfOf(ctx, o.SubmittedBy.Subject)
		switch order.NextAction(o) {
		case order.RequestTransfer:
			return requestTransfer(ctx, transfers, c)
		case order.CancelTransfer:
			return cancelTransfer(ctx, transfers, c)
		case order.CheckTransfer:
			looks := o.Looks
			_, err := transfers.CheckTransfer(rpc.WithKey(ctx, c.ID+"-check-"+strconv.FormatInt(looks, 10)), &accounttransferv1.CheckTransferRequest{TransferId: o.TransferID})
			if err != nil && errs.KindOf(err) != errs.Precondition { // an ended transfer refuses; its event says how it ended
				return err
			}
			return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordChecked(looks) })
		case order.None:
		}
		return c.Finish(ctx, nothing)
	}
}

func requestTransfer(ctx context.Context, transfers accounttransferv1.TransferServiceClient, c *store.Claim[order.Order]) error {
	o := c.Doc
	template := templateExisting
	if o.AccountOption == catalogue.CreateNew {
		template = templateNew
	}
	_, err := transfers.CreateTransfer(rpc.WithKey(ctx, o.TransferID), &accounttransferv1.CreateTransferRequest{
		TransferId: o.TransferID, OrderId: c.ID, CustomerId: o.CustomerID, SellerId: o.SellerID, PayerId: o.PayerID,
		TemplateKey: template, SourceAccountId: o.ManagementAccountID,
	})
	refusal, _ := errs.As(err)
	switch {
	case err == nil, errs.KindOf(err) == errs.Exists && refusal.Meta["unique"] == "id": // ours from an earlier try, whose key has been swept
		return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordTransferRequested() })
	case refused(err):
		return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordTransferRefused(refusal) })
	}
	return err
}

func cancelTransfer(ctx context.Context, transfers accounttransferv1.TransferServiceClient, c *store.Claim[order.Order]) error {
	_, err := transfers.CancelTransfer(rpc.WithKey(ctx, c.ID+"-cancel"), &accounttransferv1.CancelTransferRequest{
		TransferId: c.Doc.TransferID, Reason: c.Doc.Ending.Reason,
	})
	switch errs.KindOf(err) {
	case errs.NotFound:
		now := c.Now()
		return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordNoTransfer(now) })
	case errs.Precondition: // it has ended or is ending; its event says how
		err = nil
	default:
	}
	if err != nil {
		return err
	}
	return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordCancelRequested() })
}

// refused tells a decision of AccountTransfer from its absence.
func refused(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Precondition, errs.NotFound, errs.Denied:
		return true
	default:
		return false
	}
}

func nothing(*order.Order) ([]fact.Fact, error) { return nil, nil }
