package orders_test

import (
	"context"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders"
)

// nobody is an address at which AccountTransfer does not answer.
const nobody = "platform: {peers: {accounttransfer: '127.0.0.1:1'}}"

// alone is the service in a process of its own, with a seller and a customer.
type alone struct {
	*kittest.Suite
	env        *kit.Env
	db         *store.DB
	orders     ordersv1.OrderServiceClient
	agreements ordersv1.AgreementServiceClient
	customers  ordersv1.CustomerServiceClient
	ops        opsv1.OperationsServiceClient
	seller     string
	customer   string
	pat        string // the customer's person
}

func startAlone(t *testing.T) *alone {
	t.Helper()
	return start(t, nobody)
}

// start hosts the service and what else the test brings.
func start(t *testing.T, config string, more ...kit.Service) *alone {
	t.Helper()
	a, service := &alone{}, orders.Service()
	service = service.Around(func(_ context.Context, e *kit.Env, setUp func() error) error {
		a.env, a.db = e, e.DB
		return setUp()
	})
	a.Suite = kittest.Start(t, kittest.Options{Config: config}, append(more, service)...)
	a.connect()
	a.addCustomer(t)
	return a
}

// connect makes the clients, anew after a restart.
func (a *alone) connect() {
	c := a.Conn()
	a.orders, a.agreements = ordersv1.NewOrderServiceClient(c), ordersv1.NewAgreementServiceClient(c)
	a.customers, a.ops = ordersv1.NewCustomerServiceClient(c), opsv1.NewOperationsServiceClient(c)
}

func (a *alone) addCustomer(t *testing.T) {
	t.Helper()
	s := a.Suite
	seller, err := ordersv1.NewSellerServiceClient(s.Conn()).CreateSeller(a.operator(
		t,
	), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
		DisplayName: "Example Reseller", LegalName: "Example Reseller AG", CountryCodes: []string{"CH"}, CurrencyCode: "EUR",
	}})
	if err != nil {
		t.Fatalf("create the seller: %v", err)
	}
	a.seller = seller.GetSeller().GetSellerId()
	customer, err := a.customers.CreateCustomer(a.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com",
			Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	})
	if err != nil {
		t.Fatalf("create the customer: %v", err)
	}
	a.customer = customer.GetCustomer().GetCustomerId()
	a.pat = customer.GetCustomer().GetContacts()[0].GetPersonId()
}

func (a *alone) operator(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Operator("operator-1"))
}

func (a *alone) person(t *testing.T) context.Context {
	t.Helper()
	return a.As(t, kittest.Customer("customer-1", a.customer))
}

func (a *alone) know(t *testing.T, payerID, sellerID string) {
	t.Helper()
	if err := orders.KnowPayer(t.Context(), a.db, payerID, sellerID); err != nil {
		t.Fatal(err)
	}
}

// draft is a complete order, but for the payer if none is given.
func (a *alone) draft(t *testing.T, payerID string) string {
	t.Helper()
	return a.draftFor(t, payerID, "123456789012")
}

// draftFor is a draft for another account.
func (a *alone) draftFor(t *testing.T, payerID, accountID string) string {
	t.Helper()
	resp, err := a.orders.CreateOrder(a.operator(t), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: a.customer, ProductId: "aws-billing-transfer-essentials", PayerId: payerID,
		AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING, ManagementAccountId: accountID,
		SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD, Declared: &ordersv1.DeclaredFacts{PermissionsConfirmed: true},
	}})
	if err != nil {
		t.Fatalf("create the order: %v", err)
	}
	return resp.GetOrder().GetOrderId()
}

func (a *alone) submit(t *testing.T, orderID string) (*ordersv1.Order, error) {
	t.Helper()
	resp, err := a.orders.SubmitOrder(a.person(t), &ordersv1.SubmitOrderRequest{OrderId: orderID, Terms: []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: "2026-02"}, {Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2026-02"},
	}})
	return resp.GetOrder(), err
}

// TestWithoutAccountTransfer: what the service owns works, what it asks for is asked for again, and what it cannot show
// is named.
func TestWithoutAccountTransfer(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	withoutPayer := a.draft(t, "")
	_, err := a.submit(t, withoutPayer)
	if e, _ := errs.As(rpc.FromStatus(err)); status.Code(err) != codes.FailedPrecondition || e.Reason != "PAYER_MISSING" ||
		e.Remedy.Who != "OPERATOR" {
		t.Errorf("without a payer: %v", err)
	}
	payerID := id.New("pay")
	orderID := a.draft(t, payerID)
	a.know(t, payerID, id.New("sel"))
	_, err = a.submit(t, orderID)
	if e, _ := errs.As(rpc.FromStatus(err)); e == nil || e.Reason != "PAYER_MISSING" ||
		e.Remedy.Text.Params["where"] != "OrderService.UpdateOrder" {
		t.Errorf("with another seller's payer: %v", err)
	}
	payerID = id.New("pay") // nothing was heard of it yet: AccountTransfer will say
	orderID = a.draft(t, payerID)
	submitted, err := a.submit(t, orderID)
	if err != nil || submitted.GetState() != ordersv1.OrderState_ORDER_STATE_PROCESSING || submitted.GetTransferId() == "" {
		t.Fatalf("submitted, the order is %v, %v", submitted, err)
	}
	a.Restart()
	a.connect()
	work, err := a.ops.GetWork(a.operator(t), &opsv1.GetWorkRequest{Service: "orders"})
	if err != nil {
		t.Fatal(err)
	}
	if w := work.GetWork(); w.GetDue()+w.GetClaimed()+w.GetBackingOff() != 1 || w.GetParked() != 0 {
		t.Errorf("after a restart it still has to do %v, want one order", w)
	}
	a.timelineNamesWhatIsMissing(t, orderID)
}

func (a *alone) timelineNamesWhatIsMissing(t *testing.T, orderID string) {
	t.Helper()
	resp, err := ordersv1.NewTimelineServiceClient(a.Conn()).GetTimeline(a.person(t), &ordersv1.GetTimelineRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	if missing := resp.GetMissingServices(); !slices.Equal(missing, []string{"accounttransfer", "support", "notifications", "billing"}) {
		t.Errorf("missing are %v", missing)
	}
	var told []string
	for _, e := range resp.GetEntries() {
		told = append(told, e.GetKind()+"."+e.GetName())
	}
	if want := []string{"order.created", "agreement.created", "order.submitted", "agreement.provisioned"}; !slices.Equal(told, want) {
		t.Errorf("the timeline is %v, want %v", told, want)
	}
}
