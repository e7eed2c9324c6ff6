package orders_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// verb is one way to change an order or an agreement, asked for with validate_only: nothing of it is kept.
type verb func(a *alone, t *testing.T, id string) error

func orderVerbs() map[string]verb {
	terminations := func(a *alone) ordersv1.TerminationServiceClient {
		return ordersv1.NewTerminationServiceClient(a.Conn())
	}
	changes := func(a *alone) ordersv1.ChangeServiceClient { return ordersv1.NewChangeServiceClient(a.Conn()) }
	return map[string]verb{
		"update": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.UpdateOrder(a.operator(t), &ordersv1.UpdateOrderRequest{
				OrderId: id, Order: &ordersv1.Order{CurrencyCode: "EUR"}, ValidateOnly: true,
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"currency_code"}},
			})
			return err
		},
		"submit": func(a *alone, t *testing.T, id string) error {
			terms := []*ordersv1.AcceptedTerm{
				{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: "2026-02"}, {Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2026-02"},
			}
			_, err := a.orders.SubmitOrder(a.person(t), &ordersv1.SubmitOrderRequest{OrderId: id, ValidateOnly: true, Terms: terms})
			return err
		},
		"process": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.ProcessOrder(a.person(t), &ordersv1.ProcessOrderRequest{OrderId: id, ValidateOnly: true})
			return err
		},
		"send": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: id, ValidateOnly: true})
			return err
		},
		"resend": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.ResendLink(a.operator(t), &ordersv1.ResendLinkRequest{OrderId: id, ValidateOnly: true})
			return err
		},
		"revoke": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.RevokeLink(a.operator(t), &ordersv1.RevokeLinkRequest{OrderId: id, Reason: "Wrong person.", ValidateOnly: true})
			return err
		},
		"fail": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.FailOrder(a.operator(t), &ordersv1.FailOrderRequest{OrderId: id, Reason: "No answer.", ValidateOnly: true})
			return err
		},
		"delete": func(a *alone, t *testing.T, id string) error {
			_, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: id, ValidateOnly: true})
			return err
		},
		"review termination": func(a *alone, t *testing.T, id string) error {
			_, err := terminations(a).ReviewTermination(a.operator(t), &ordersv1.ReviewTerminationRequest{
				OrderId: id, Outcome: scheduled, ValidateOnly: true,
			})
			return err
		},
		"take termination back": func(a *alone, t *testing.T, id string) error {
			_, err := terminations(a).TakeBackTermination(a.operator(t), &ordersv1.TakeBackTerminationRequest{
				OrderId: id, Reason: "A mistake.", ValidateOnly: true,
			})
			return err
		},
		"review change": func(a *alone, t *testing.T, id string) error {
			_, err := changes(a).ReviewChange(a.operator(t), &ordersv1.ReviewChangeRequest{
				OrderId: id, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_ACCEPT, ValidateOnly: true,
			})
			return err
		},
		"take change back": func(a *alone, t *testing.T, id string) error {
			_, err := changes(a).TakeBackChange(a.operator(t), &ordersv1.TakeBackChangeRequest{
				OrderId: id, Reason: "A mistake.", ValidateOnly: true,
			})
			return err
		},
	}
}

func agreementVerbs() map[string]verb {
	return map[string]verb{
		"update": func(a *alone, t *testing.T, id string) error {
			_, err := a.agreements.UpdateAgreement(a.operator(t), &ordersv1.UpdateAgreementRequest{
				AgreementId: id, Agreement: &ordersv1.Agreement{CurrencyCode: "EUR"}, ValidateOnly: true,
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"currency_code"}},
			})
			return err
		},
		"terminate": func(a *alone, t *testing.T, id string) error {
			_, err := ordersv1.NewTerminationServiceClient(a.Conn()).RequestTermination(a.person(t), &ordersv1.RequestTerminationRequest{
				AgreementId: id, Reason: "We leave.", ValidateOnly: true,
			})
			return err
		},
		"change": func(a *alone, t *testing.T, id string) error {
			_, err := ordersv1.NewChangeServiceClient(a.Conn()).RequestChange(a.person(t), &ordersv1.RequestChangeRequest{
				AgreementId: id, Kind: ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION, Reason: "We need more.", ValidateOnly: true,
				SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED,
			})
			return err
		},
	}
}

// isLegal holds what came of a verb against the table: "" is accepted. Every refusal has a reason of the contract, and says who can do
// what.
func isLegal(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil {
		if want != "" {
			t.Errorf("%s is accepted, and is to be refused with %s", what, want)
		}
		return
	}
	e, _ := errs.As(rpc.FromStatus(err))
	_, ours := ordersv1.Reason_value["REASON_"+e.Reason]
	_, shared := typev1.PlatformReason_value["PLATFORM_REASON_"+e.Reason]
	if e.Reason != want || !ours && !shared {
		t.Errorf("%s: got %v, want %q", what, err, want)
	}
	if e.Remedy == nil || e.Remedy.Who == "" {
		t.Errorf("%s is refused without a remedy: %v", what, err)
		return
	}
	if do, where := (text.Bare{}).Instruct(e.Remedy.Text); do == "" || where == "" {
		t.Errorf("%s is refused with the remedy %q at %q", what, do, where)
	}
}

// inEveryState has an order in each state, and so an agreement in each but TERMINATED.
func (a *alone) inEveryState(t *testing.T) map[string]*ordersv1.Order {
	t.Helper()
	get := func(orderID string) *ordersv1.Order {
		resp, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: orderID})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetOrder()
	}
	payer := "pay_00000000000000000000000000"
	a.know(t, payer, a.seller)
	deleted := a.draftFor(t, "", "300000000006")
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: deleted}); err != nil {
		t.Fatal(err)
	}
	return map[string]*ordersv1.Order{
		"DRAFT":      get(a.draftFor(t, payer, "300000000001")),
		"PROCESSING": a.ordered(t, "300000000002"),
		"QUERYING": a.hears(t, a.ordered(t, "300000000003"), 1, func(tr *accounttransferv1.Transfer) {
			tr.Waiting = &typev1.Waiting{Owner: typev1.Party_PARTY_CUSTOMER, What: "Accept.", Where: "AWS console"}
		}),
		"COMPLETED": a.hears(t, a.ordered(t, "300000000004"), 1, func(tr *accounttransferv1.Transfer) {
			completed(tr)
			tr.Connection.ConnectionId = id.New("con")
		}),
		"FAILED": a.hears(t, a.ordered(t, "300000000005"), 1, func(tr *accounttransferv1.Transfer) {
			tr.State = accounttransferv1.TransferState_TRANSFER_STATE_FAILED
		}),
		"DELETED": get(deleted),
	}
}

// TestEveryVerbInEveryState is the table of what may be asked of an order and of its agreement.
func TestEveryVerbInEveryState(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	const (
		no, noType, noLink = "STATE_REFUSES", "TYPE_REFUSES", "LINK_MISSING"
	)
	// In the order of: update, submit, process, send, resend, revoke, fail, delete.
	table := map[string][8]string{
		"DRAFT":      {"", "", no, "", noLink, noLink, no, ""},
		"PROCESSING": {no, no, "", no, no, noLink, "", no},
		"QUERYING":   {no, no, "", no, no, noLink, "", no},
		"COMPLETED":  {no, no, no, no, no, noLink, no, no},
		"FAILED":     {no, no, no, no, no, noLink, no, no},
		"DELETED":    {no, no, no, no, no, noLink, no, no},
	}
	agreements := map[string][3]string{ // update, terminate, change
		"DRAFT":      {no, no, no},
		"PROCESSING": {"", no, no},
		"QUERYING":   {"", no, no},
		"COMPLETED":  {"", "", ""},
		"FAILED":     {no, no, no},
		"DELETED":    {no, no, no},
	}
	verbs, ofAgreements := orderVerbs(), agreementVerbs()
	for state, o := range a.inEveryState(t) {
		if o.GetState().String() != "ORDER_STATE_"+state {
			t.Fatalf("the order that is to be %s is %s", state, o.GetState())
		}
		for i, name := range []string{"update", "submit", "process", "send", "resend", "revoke", "fail", "delete"} {
			isLegal(t, state+" "+name, verbs[name](a, t, o.GetOrderId()), table[state][i])
		}
		for _, name := range []string{"review termination", "take termination back", "review change", "take change back"} {
			isLegal(t, state+" "+name, verbs[name](a, t, o.GetOrderId()), noType)
		}
		for i, name := range []string{"update", "terminate", "change"} {
			isLegal(t, "the agreement of "+state+" "+name, ofAgreements[name](a, t, o.GetAgreementId()), agreements[state][i])
		}
	}
}

// TestForgottenFields: what was forgotten is said to be missing, not unknown.
func TestForgottenFields(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	const product = "aws-billing-transfer-essentials"
	for name, call := range map[string]func(ctx context.Context) error{
		"the customer of an order": func(ctx context.Context) error {
			_, err := a.orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{ProductId: product}})
			return err
		},
		"the product of an order": func(ctx context.Context) error {
			_, err := a.orders.CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{CustomerId: a.customer}})
			return err
		},
		"the seller of a customer": func(ctx context.Context) error {
			_, err := a.customers.CreateCustomer(ctx, &ordersv1.CreateCustomerRequest{
				Customer: &ordersv1.Customer{DisplayName: "Example", CountryCode: "CH"}, Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
			})
			return err
		},
		"the name of a customer": func(ctx context.Context) error {
			_, err := a.customers.CreateCustomer(ctx, &ordersv1.CreateCustomerRequest{
				Customer: &ordersv1.Customer{SellerId: a.seller, CountryCode: "CH"}, Contacts: []*ordersv1.NewContact{newPerson("Pat", primary)},
			})
			return err
		},
	} {
		t.Log(name)
		err := call(a.operator(t))
		isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
		if e, _ := errs.As(rpc.FromStatus(err)); e != nil && (len(e.Fields) == 0 || e.Remedy == nil) {
			t.Errorf("%s: it is not said which, or what to do: %v", name, err)
		}
	}
}

// TestValidateOnlyShowsTheMails: what is only tried shows the state after it, the mails and reminders with their dates, and keeps nothing.
func TestValidateOnlyShowsTheMails(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	draft := a.draft(t, "")
	resp, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: draft, ValidateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	ends := resp.GetOrder().GetLink().GetExpireTime().AsTime()
	if m := resp.GetMails(); len(m) != 2 || m[0].GetTemplate() != "order-link" || m[0].GetTo() != a.pat || m[0].GetReminder() ||
		m[1].GetTemplate() != "order-draft-reminder" || !m[1].GetReminder() || m[1].GetFromTime() == nil ||
		!m[1].GetUntilTime().AsTime().Equal(ends) {
		t.Errorf("a link would be sent with %v, and end at %s", m, ends)
	}
	read, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: draft})
	if err != nil || read.GetOrder().GetLink() != nil {
		t.Errorf("it was tried, and there is %v, %v", read.GetOrder().GetLink(), err)
	}
	gone, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: draft, ValidateOnly: true})
	if err != nil || len(gone.GetMails()) != 0 || gone.GetOrder().GetState() != ordersv1.OrderState_ORDER_STATE_DELETED {
		t.Errorf("deleted, it would be %v", gone)
	}
}
