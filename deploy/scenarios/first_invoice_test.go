package scenarios_test

import (
	"testing"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// buyer is a customer on the way from the catalogue to its first invoice.
type buyer struct {
	customer
	order *ordersv1.Order
}

// TestToTheFirstInvoice: two customers help themselves in the catalogue, one with an organization and one that creates it, and each is
// invoiced for its first month.
func TestToTheFirstInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	has, creates := &buyer{customer: w.newCustomer(t)}, &buyer{customer: w.newCustomer(t)}
	t.Run("ORD-020 a customer goes through the wizard alone and its order is carried out", func(t *testing.T) {
		has.orders(t, func(*ordersv1.Order) {})
		has.doesItsPart(t)
	})
	t.Run("ORD-025 ORD-026 a customer reads how to create its organization, names it, and it is connected", func(t *testing.T) {
		creates.orders(t, createNew)
		if wait := w.order(t, creates.order.GetOrderId()).GetWaiting(); wait.GetStepKey() != "enter-management-account" ||
			!mentions(wait.GetWhat(), "account") || wait.GetWhere() == "" {
			t.Errorf("it reads %v", wait)
		}
		creates.names(t)
		creates.doesItsPart(t)
	})
	for _, b := range []*buyer{has, creates} {
		t.Run("ORD-040 every step is done: the order is complete and the agreement in force", b.isInForce)
		b.usesIn(t, firstBilled)
	}
	w.LetPass(t, at(t, "2026-04-20T12:00:00Z"))
	for _, b := range []*buyer{has, creates} {
		t.Run("the first month is invoiced", b.isInvoicedFirst)
	}
}

// orders fills in a draft of what the catalogue offers, page by page, and submits it.
func (b *buyer) orders(t *testing.T, turn func(*ordersv1.Order)) {
	t.Helper()
	draft := &ordersv1.Order{CustomerId: b.id, ProductId: b.w.offered(t).GetProductId()}
	created, err := b.w.Orders.CreateOrder(b.person(t), &ordersv1.CreateOrderRequest{Order: draft})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	full, id := b.customer.order(), created.GetOrder().GetOrderId()
	turn(full)
	for _, page := range [][]string{{"account_option", "management_account_id"}, {"support_option"}, {"declared"}} {
		_, err := b.w.Orders.UpdateOrder(b.person(t), &ordersv1.UpdateOrderRequest{
			OrderId: id, Order: full, UpdateMask: &fieldmaskpb.FieldMask{Paths: page},
		})
		if err != nil {
			t.Fatalf("fill in %v: %v", page, err)
		}
	}
	if b.order, err = b.submit(t, id); err != nil {
		t.Fatalf("submit: %v", err)
	}
	b.w.Settle(t)
}

// names enters the account that the customer has created.
func (b *buyer) names(t *testing.T) {
	t.Helper()
	_, err := b.w.Transfers.CompleteStep(b.person(t), &accounttransferv1.CompleteStepRequest{
		TransferId: b.order.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: b.account,
	})
	if err != nil {
		t.Fatalf("enter the account: %v", err)
	}
	b.w.Settle(t)
}

// doesItsPart has the customer accept, agree and deploy at AWS, and the reseller open the support channel.
func (b *buyer) doesItsPart(t *testing.T) {
	t.Helper()
	id := b.order.GetOrderId()
	b.accept(t)
	goesOn(t, b.process(t, id))
	b.acceptTerm(t)
	b.process(t, id)
	b.deploy(t, b.order.GetTransferId())
	b.process(t, id)
	(&legacy{customer: b.customer, transferID: b.order.GetTransferId()}).opensChannel(t)
}

func (b *buyer) isInForce(t *testing.T) {
	o := b.w.order(t, b.order.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_COMPLETED)
	a := b.agreementOf(t, o)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE || a.GetManagementAccountId() != b.account ||
		o.GetManagementAccountId() != b.account {
		t.Errorf("the order has %q, the agreement is %v", o.GetManagementAccountId(), a)
	}
}

func (b *buyer) isInvoicedFirst(t *testing.T) {
	all := b.invoices(t)
	if len(all) != 1 {
		t.Fatalf("the invoices are %v", all)
	}
	if m := all[0].GetMonth(); int(m.GetYear()) != firstBilled.Year || int(m.GetMonth()) != int(firstBilled.Month) ||
		all[0].GetOrderId() != b.order.GetOrderId() || all[0].GetIsFinal() {
		t.Errorf("the invoice is %v", all[0])
	}
}
