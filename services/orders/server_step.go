package orders

import (
	"context"
	"slices"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/order"
)

// ListOrderSteps shows who does what until the order is complete, in one page. The steps are AccountTransfer's, and are read there:
// those of the transfer, as its reader may see it, or of the template that would carry the order out.
func (s *orderServer) ListOrderSteps(
	ctx context.Context, req *ordersv1.ListOrderStepsRequest,
) (resp *ordersv1.ListOrderStepsResponse, err error) {
	row, err := s.tables.orders.Get(ctx, call.From(ctx).Scope, req.GetOrderId())
	switch o := row.Doc; {
	case err != nil:
		return nil, err
	case req.GetPageToken() != "":
		return nil, errs.InvalidField("page_token", "PAGE_TOKEN_INVALID", "the list has one page")
	case o.Transferring:
		resp, err = s.transferSteps(ctx, o.TransferID)
	default:
		resp, err = s.templateSteps(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	pages, err := s.tables.pages(ctx)
	for _, step := range resp.GetSteps() {
		at := guidance.Place{TemplateKey: resp.GetTemplateKey(), StepKey: step.GetKey()}
		step.GuidanceLinks = links(ctx, pages, at, s.env.Business.Now())
	}
	if !call.From(ctx).Scope.All() {
		for _, step := range resp.GetSteps() {
			if step.GetOwner() == typev1.Party_PARTY_RESELLER { // how the reseller's people do it is between them
				step.What, step.Where = "", ""
			}
		}
	}
	return resp, err
}

func (s *orderServer) transferSteps(ctx context.Context, transferID string) (*ordersv1.ListOrderStepsResponse, error) {
	found, err := s.transfers.GetTransfer(ctx, &accounttransferv1.GetTransferRequest{TransferId: transferID})
	if err != nil {
		return nil, err
	}
	resp := &ordersv1.ListOrderStepsResponse{TemplateKey: found.GetTransfer().GetTemplate().GetKey()}
	for _, step := range found.GetTransfer().GetSteps() {
		resp.Steps = append(resp.Steps, &ordersv1.OrderStep{
			Key: step.GetKey(), Title: step.GetTitle(), Owner: step.GetOwner(), CompletedBy: step.GetCompletedBy(), State: step.GetState(),
			What: step.GetWhat(), Where: step.GetWhere(),
		})
	}
	return resp, nil
}

func (s *orderServer) templateSteps(ctx context.Context, o *order.Order) (*ordersv1.ListOrderStepsResponse, error) {
	key, steps, err := s.template(ctx, o)
	if err != nil {
		return nil, err
	}
	resp := &ordersv1.ListOrderStepsResponse{TemplateKey: key}
	for _, step := range steps {
		resp.Steps = append(resp.Steps, &ordersv1.OrderStep{
			Key: step.GetKey(), Title: step.GetTitle(), Owner: step.GetOwner(), CompletedBy: step.GetCompletedBy(),
			What: step.GetWhat(), Where: step.GetWhere(),
		})
	}
	return resp, nil
}

// template is the one that would carry an order out, and those of its steps that the order has. One that AccountTransfer does not know has
// none: AccountTransfer will refuse it, and Operations choose another.
func (s *orderServer) template(ctx context.Context, o *order.Order) (string, []*accounttransferv1.TemplateStep, error) {
	key, err := order.Template(o)
	if err != nil {
		return "", nil, err
	}
	customer, err := s.tables.customers.Get(ctx, call.From(ctx).Scope, o.CustomerID)
	if err != nil {
		return "", nil, err
	}
	found, err := s.transfers.ListTemplates(rpc.AsWorkload(ctx), &accounttransferv1.ListTemplatesRequest{})
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(found.GetTemplates(), func(t *accounttransferv1.Template) bool { return t.GetKey() == key })
	if i < 0 {
		return key, nil, nil
	}
	return key, slices.DeleteFunc(found.GetTemplates()[i].GetSteps(), func(step *accounttransferv1.TemplateStep) bool {
		public := step.GetOnlyFor() == accounttransferv1.TransferTrait_TRANSFER_TRAIT_PUBLIC_SECTOR
		return public && !o.PublicSector && !customer.Doc.PublicSector
	}), nil
}

// journeyMails are the mails of the journey that an order begins, when all goes well: what AccountTransfer reminds the customer of step by
// step, and what the order itself sends once it is complete.
func (s *orderServer) journeyMails(ctx context.Context, o *order.Order) (mails []*ordersv1.OrderMail, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	_, steps, err := s.template(ctx, o)
	for _, step := range steps {
		if step.GetReminderTemplateKey() == "" || step.GetOwner() != typev1.Party_PARTY_CUSTOMER {
			continue
		}
		m := &ordersv1.OrderMail{Template: step.GetReminderTemplateKey(), To: "TECHNICAL", Reminder: true, StepKey: step.GetKey()}
		if step.GetCondition() == "INVITATION_ACCEPTED" {
			m.UntilTime = wire.Time(o.Preview.AcceptBy)
		}
		mails = append(mails, m)
	}
	return append(mails, mailsOf(order.AtEnd(o))...), err
}
