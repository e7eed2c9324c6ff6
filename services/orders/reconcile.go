package orders

import (
	"context"
	"strconv"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
)

// The templates of accounttransfer that carry out an order.
const (
	templateExisting = "billing-transfer-existing"
	templateNew      = "billing-transfer-new"
)

// reconciler does the one next thing of an order: it asks AccountTransfer or Notifications. Each call carries a key
// derived from the order, so that a repetition after a crash finds its own effect.
type reconciler struct {
	tables    *tables
	transfers accounttransferv1.TransferServiceClient
	mails     mails
}

func (r *reconciler) work(ctx context.Context, c *store.Claim[order.Order]) error {
	o := c.Doc
	switch order.NextAction(o) {
	case order.RequestTransfer:
		return r.withMails(ctx, c, r.requestTransfer(call.OnBehalfOf(ctx, o.SubmittedBy.Subject), c))
	case order.CancelTransfer:
		return r.withMails(ctx, c, r.cancelTransfer(call.OnBehalfOf(ctx, o.Ending.RequestedBy.Subject), c))
	case order.CheckTransfer:
		return r.withMails(ctx, c, r.checkTransfer(call.OnBehalfOf(ctx, o.LookedBy), c))
	case order.MailLink, order.PlanReminder, order.StopReminder:
		return r.mails.run(ctx, c, mailPatience, c.Finish)
	case order.None:
	}
	return c.Finish(ctx, nil)
}

// withMails does the errands that an absent AccountTransfer would else hold up: who has submitted is not reminded until
// it is back. They come after the try, so that they do not delay it; its failure stands, so that it is tried again.
func (r *reconciler) withMails(ctx context.Context, c *store.Claim[order.Order], failure error) error {
	if failure == nil {
		return nil
	}
	for c.Doc.NextErrand().Action != order.None {
		if err := r.mails.run(ctx, c, mailHaste, c.Save); err != nil {
			break
		}
	}
	return failure
}

func (r *reconciler) requestTransfer(ctx context.Context, c *store.Claim[order.Order]) error {
	if err := c.Save(ctx, (*order.Order).IntendTransfer); err != nil {
		return err
	}
	o := c.Doc
	if order.NextAction(o) != order.RequestTransfer {
		return c.Finish(ctx, nil) // meanwhile the order was ended
	}
	template := templateExisting
	if o.AccountOption == catalogue.CreateNew {
		template = templateNew
	}
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	_, err := r.transfers.CreateTransfer(rpc.WithKey(calls, o.TransferID), &accounttransferv1.CreateTransferRequest{
		TransferId: o.TransferID, OrderId: c.ID, CustomerId: o.CustomerID, SellerId: o.SellerID, PayerId: o.PayerID,
		TemplateKey: template, SourceAccountId: o.ManagementAccountID, AgreementId: o.AgreementID,
		SupportModel: wire.Value[accounttransferv1.SupportModel](string(o.SupportOption)),
	})
	refusal, _ := errs.As(err)
	switch {
	case err == nil, errs.KindOf(err) == errs.Exists && refusal.Meta["unique"] == "id": // ours from an earlier try, whose key has been swept
		return r.tables.finish(ctx, c, func(o *order.Order) ([]fact.Fact, error) { return o.RecordTransferRequested() })
	case refused(err):
		now := c.Now()
		return r.tables.finish(ctx, c, func(o *order.Order) ([]fact.Fact, error) { return o.RecordTransferRefused(refusal, now) })
	}
	return err
}

func (r *reconciler) cancelTransfer(ctx context.Context, c *store.Claim[order.Order]) error {
	key := c.ID + "-cancel-" + strconv.Itoa(c.Doc.Wishes)
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	resp, err := r.transfers.CancelTransfer(rpc.WithKey(calls, key), &accounttransferv1.CancelTransferRequest{
		TransferId: c.Doc.TransferID, Reason: c.Doc.Ending.Reason,
	})
	if err != nil && errs.KindOf(err) != errs.Precondition { // it has ended or is ending; its event says how
		return err
	}
	revision, _ := strconv.ParseInt(resp.GetTransfer().GetEtag(), 10, 64) // an etag is the revision; 0 when it refused
	return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordCancelRequested(revision) })
}

func (r *reconciler) checkTransfer(ctx context.Context, c *store.Claim[order.Order]) error {
	looks := c.Doc.Looks
	key := c.ID + "-check-" + strconv.FormatInt(looks, 10)
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	_, err := r.transfers.CheckTransfer(rpc.WithKey(calls, key), &accounttransferv1.CheckTransferRequest{TransferId: c.Doc.TransferID})
	if err != nil && errs.KindOf(err) != errs.Precondition { // an ended transfer refuses; its event says how it ended
		return err
	}
	return c.Finish(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordChecked(looks) })
}

// refused tells a decision of the other service from its absence.
func refused(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Precondition, errs.NotFound, errs.Denied:
		return true
	default:
		return false
	}
}
