package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestWizard is the way from the catalogue to a submitted order.
func TestWizard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run(
		"ORD-001 the catalogue offers one product that combines AWS on Billing Transfer with the reseller's services", w.offersOneProduct,
	)
	t.Run("ORD-020 a customer finds the product, fills in the draft step by step and submits it alone", w.selfService)
	t.Run("ORD-024 option A connects the customer's existing organization by billing transfer", w.existingOrganization)
	t.Run("ORD-025 option B connects an organization that the customer creates during the journey", w.newOrganizationLater)
	t.Run("ORD-026 option B shows how to create an account and make it a management account", w.showsInstructions)
	t.Run("ORD-028 an order without any AWS account is refused, one that creates it is not", w.needsAccount)
	t.Run("ORD-032 an order is refused until the permissions on the AWS account are confirmed", w.needsPermissions)
	t.Run("ORD-033 both support options can be chosen and one of them must be", w.supportOptions)
	t.Run("ORD-034 the billing currency is shown and another one goes to the account manager", w.showsCurrency)
}

func (w *world) offered(t *testing.T) *ordersv1.Product {
	t.Helper()
	resp, err := w.Catalog.ListProducts(w.As(t, w.anybody()), &ordersv1.ListProductsRequest{})
	if err != nil {
		t.Fatalf("list products: %v", err)
	}
	if n := len(resp.GetProducts()); n != 1 {
		t.Fatalf("%d products are offered", n)
	}
	return resp.GetProducts()[0]
}

func (w *world) offersOneProduct(t *testing.T) {
	p := w.offered(t)
	if p.GetProductId() != actors.Product || p.GetDisplayName() != "Amazon Web Services with Cloud Managed Services Essentials" {
		t.Errorf("offered is %s, %q", p.GetProductId(), p.GetDisplayName())
	}
	if p.GetGeneration() != ordersv1.ProductGeneration_PRODUCT_GENERATION_BILLING_TRANSFER || p.GetDescription() == "" {
		t.Errorf("it is of %s: %q", p.GetGeneration(), p.GetDescription())
	}
}

func (w *world) selfService(t *testing.T) {
	c := w.newCustomer(t)
	p := w.offered(t)
	created, err := w.Orders.CreateOrder(
		c.person(t), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{CustomerId: c.id, ProductId: p.GetProductId()}},
	)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	o := created.GetOrder()
	inState(t, o, ordersv1.OrderState_ORDER_STATE_DRAFT)
	full := c.order()
	for _, page := range [][]string{{"account_option", "management_account_id"}, {"support_option"}, {"declared"}} {
		resp, err := w.Orders.UpdateOrder(c.person(t), &ordersv1.UpdateOrderRequest{
			OrderId: o.GetOrderId(), Order: full, UpdateMask: &fieldmaskpb.FieldMask{Paths: page}, Etag: o.GetEtag(),
		})
		if err != nil {
			t.Fatalf("fill in %v: %v", page, err)
		}
		o = resp.GetOrder()
	}
	submitted, err := c.submit(t, o.GetOrderId())
	if err != nil {
		t.Fatalf("submit: %v", err)
	}
	inState(t, submitted, ordersv1.OrderState_ORDER_STATE_PROCESSING)
	if by := submitted.GetSubmittedBy().GetSubject(); by != c.subject || submitted.GetPreparedBy().GetSubject() != c.subject {
		t.Errorf("prepared by %v, submitted by %v", submitted.GetPreparedBy(), submitted.GetSubmittedBy())
	}
	w.Settle(t)
	w.oneInvitation(t, c.account, "REQUESTED")
}

func (w *world) existingOrganization(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	tr := w.transfer(t, o.GetTransferId())
	if tr.GetKind() != accounttransferv1.TransferKind_TRANSFER_KIND_BILLING_TRANSFER ||
		tr.GetTemplate().GetKey() != "billing-transfer-existing" {
		t.Errorf("carried out as %s by %v", tr.GetKind(), tr.GetTemplate())
	}
	if sent := w.oneInvitation(t, c.account, "REQUESTED"); sent.GetSourceAccountId() != o.GetManagementAccountId() {
		t.Errorf("invited is %s", sent.GetSourceAccountId())
	}
}

// createNew makes an order one for an account that does not exist yet.
func createNew(o *ordersv1.Order) {
	o.AccountOption, o.ManagementAccountId = ordersv1.AccountOption_ACCOUNT_OPTION_CREATE_NEW, ""
}

func (w *world) newOrganizationLater(t *testing.T) {
	c := w.newCustomer(t)
	o := c.submitted(t, createNew)
	w.Settle(t)
	o = w.order(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
	if wait := o.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || wait.GetStepKey() != "enter-management-account" {
		t.Fatalf("the order waits for %v", wait)
	}
	_, err := w.Transfers.CompleteStep(c.person(t), &accounttransferv1.CompleteStepRequest{
		TransferId: o.GetTransferId(), StepKey: "enter-management-account", SourceAccountId: c.account,
	})
	if err != nil {
		t.Fatalf("enter the account: %v", err)
	}
	w.Settle(t)
	w.oneInvitation(t, c.account, "REQUESTED")
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
}

func (w *world) showsInstructions(t *testing.T) {
	if links := w.offered(t).GetGuidanceLinks(); len(links) != 0 {
		t.Errorf("nobody has set a page, and the wizard shows %v", links)
	}
	if err := w.op(t).SetGuidance(t.Context()); err != nil {
		t.Fatal(err)
	}
	links := w.offered(t).GetGuidanceLinks()
	for _, title := range []string{
		"Transfer the billing of an existing organization", "Create an AWS account", "Turn the account into a management account",
	} {
		i := slices.IndexFunc(links, func(l *ordersv1.GuidanceLink) bool { return l.GetTitle() == title })
		if i < 0 || !mentions(links[i].GetUri(), "https://docs.aws.amazon.com/") {
			t.Errorf("no page for %q among %v", title, links)
		}
	}
	c := w.newCustomer(t)
	o := c.submitted(t, createNew)
	w.Settle(t)
	wait := w.order(t, o.GetOrderId()).GetWaiting()
	if !mentions(wait.GetWhat(), "Create an AWS account", "management account") || !mentions(wait.GetWhere(), "AWS Organizations") {
		t.Errorf("the customer is told %v", wait)
	}
}

func (w *world) needsAccount(t *testing.T) {
	c := w.newCustomer(t)
	o := c.draft(t, func(o *ordersv1.Order) { o.ManagementAccountId = "" })
	_, err := c.submit(t, o.GetOrderId())
	if e := refusal(t, err, codes.InvalidArgument, "ACCOUNT_ID_INVALID"); !violated(e, "management_account_id") || e.Remedy == nil {
		t.Errorf("refused with %+v", e)
	}
	if _, err := c.submit(t, c.draft(t, createNew).GetOrderId()); err != nil {
		t.Errorf("an order that creates the account: %v", err)
	}
}

func (w *world) needsPermissions(t *testing.T) {
	c := w.newCustomer(t)
	o := c.draft(t, func(o *ordersv1.Order) { o.Declared.PermissionsConfirmed = false })
	_, err := c.submit(t, o.GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "PERMISSIONS_NOT_CONFIRMED"); e.Remedy == nil || e.Remedy.Who != "CUSTOMER" {
		t.Errorf("refused with %+v", e)
	}
	o.Declared.PermissionsConfirmed = true
	_, err = w.Orders.UpdateOrder(c.person(t), &ordersv1.UpdateOrderRequest{
		OrderId: o.GetOrderId(), Order: o, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"declared.permissions_confirmed"}},
	})
	if err != nil {
		t.Fatalf("confirm: %v", err)
	}
	if _, err := c.submit(t, o.GetOrderId()); err != nil {
		t.Errorf("after the confirmation: %v", err)
	}
}

func (w *world) supportOptions(t *testing.T) {
	options := []ordersv1.SupportOption{ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED, ordersv1.SupportOption_SUPPORT_OPTION_RESOLD}
	if got := w.offered(t).GetSupportOptions(); !slices.Equal(got, options) {
		t.Errorf("offered are %v", got)
	}
	for _, option := range options {
		o := w.newCustomer(t).submitted(t, func(o *ordersv1.Order) { o.SupportOption = option })
		if got := w.order(t, o.GetOrderId()).GetSupportOption(); got != option {
			t.Errorf("%s was chosen, kept is %s", option, got)
		}
	}
	c := w.newCustomer(t)
	_, err := c.submit(t, c.draft(t, func(o *ordersv1.Order) { o.SupportOption = 0 }).GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "FIELD_REQUIRED"); !violated(e, "support_option") {
		t.Errorf("refused with %+v", e)
	}
}

func (w *world) showsCurrency(t *testing.T) {
	c := w.newCustomer(t)
	if got := c.draft(t).GetCurrencyCode(); got != "EUR" {
		t.Errorf("the draft shows %q", got)
	}
	other := c.order()
	other.CurrencyCode = "CHF"
	_, err := w.Orders.CreateOrder(c.person(t), &ordersv1.CreateOrderRequest{Order: other})
	if e := refusal(t, err, codes.InvalidArgument, "CURRENCY_NOT_SERVED"); e.Remedy == nil || !violated(e, "order.currency_code") ||
		!mentions(e.Remedy.Text.Params["what"], "account manager") {
		t.Errorf("refused with %+v", e)
	}
}
