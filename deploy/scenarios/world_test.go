// Package scenarios_test plays what needs more than one service: the whole suite and the sandbox in one process, over real
// gRPC, NATS, SQLite and the simulators, seen through their contract alone.
//
// It owns the claims on requirements that a caller of a deployment can see. What one service decides by itself is tested
// beside it.
package scenarios_test

import (
	"context"
	"strings"
	"testing"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer"
	"example.com/handover/services/billing"
	"example.com/handover/services/gateway"
	"example.com/handover/services/notifications"
	"example.com/handover/services/orders"
	"example.com/handover/services/sandbox"
	"example.com/handover/services/support"
)

// The payer that the sandbox provides, and the reseller's own account, which manages no organization.
const (
	payerAccount    = "111122223333"
	resellerAccount = "999988887777"
	product         = "aws-billing-transfer-essentials"
)

// world is a deployment with a seller and its payer.
type world struct {
	*kittest.Suite
	doors config.Doors // of the simulators

	sellers    ordersv1.SellerServiceClient
	customers  ordersv1.CustomerServiceClient
	catalog    ordersv1.CatalogServiceClient
	orders     ordersv1.OrderServiceClient
	timeline   ordersv1.TimelineServiceClient
	transfers  accounttransferv1.TransferServiceClient
	payers     accounttransferv1.PayerServiceClient
	agreements ordersv1.AgreementServiceClient
	mails      notificationsv1.NotificationServiceClient
	reminders  notificationsv1.ReminderServiceClient
	cases      supportv1.CaseServiceClient
	channels   supportv1.ChannelServiceClient
	billing    billingv1.BillingServiceClient
	pricebooks billingv1.PricebookServiceClient
	invoices   billingv1.InvoiceServiceClient
	reports    billingv1.ReportServiceClient
	sandbox    sandboxv1.SandboxServiceClient
	ops        opsv1.OperationsServiceClient

	sellerID, payerID string
}

// newWorld starts a deployment; more is configuration of the platform, as YAML.
func newWorld(t *testing.T, more ...string) *world {
	t.Helper()
	return startWorld(t, func(d config.Doors) string { return d.Sections("100ms") + strings.Join(more, "") })
}

// startWorld starts a deployment whose configuration is told for the simulators' doors.
func startWorld(t *testing.T, text func(config.Doors) string) *world {
	t.Helper()
	doors, err := config.FreeDoors()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{doors: doors}
	w.Suite = kittest.Start(t, kittest.Options{Config: text(doors)},
		orders.Service(), accounttransfer.Service(), billing.Service(), support.Service(), notifications.Service(),
		gateway.Service(), sandbox.Service())
	w.connect()
	w.addSeller(t)
	return w
}

// connect makes the clients, anew after a restart.
func (w *world) connect() {
	c := w.Conn()
	w.sellers, w.customers = ordersv1.NewSellerServiceClient(c), ordersv1.NewCustomerServiceClient(c)
	w.catalog, w.orders = ordersv1.NewCatalogServiceClient(c), ordersv1.NewOrderServiceClient(c)
	w.timeline, w.ops = ordersv1.NewTimelineServiceClient(c), opsv1.NewOperationsServiceClient(c)
	w.transfers, w.payers = accounttransferv1.NewTransferServiceClient(c), accounttransferv1.NewPayerServiceClient(c)
	w.agreements = ordersv1.NewAgreementServiceClient(c)
	w.mails, w.reminders = notificationsv1.NewNotificationServiceClient(c), notificationsv1.NewReminderServiceClient(c)
	w.cases, w.channels = supportv1.NewCaseServiceClient(c), supportv1.NewChannelServiceClient(c)
	w.billing, w.pricebooks = billingv1.NewBillingServiceClient(c), billingv1.NewPricebookServiceClient(c)
	w.invoices, w.reports = billingv1.NewInvoiceServiceClient(c), billingv1.NewReportServiceClient(c)
	w.sandbox = sandboxv1.NewSandboxServiceClient(c)
}

// operator is the person of Operations who prepares everything.
func (w *world) operator(t *testing.T) context.Context {
	t.Helper()
	return w.As(t, kittest.Operator("operator-1"))
}

func (w *world) addSeller(t *testing.T) {
	t.Helper()
	seller, err := w.sellers.CreateSeller(w.operator(t), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
		DisplayName: "Example Reseller", LegalName: "Example Reseller AG", CountryCodes: []string{"CH", "DE"}, CurrencyCode: "EUR",
	}})
	if err != nil {
		t.Fatalf("create the seller: %v", err)
	}
	w.sellerID = seller.GetSeller().GetSellerId()
	payer, err := w.payers.CreatePayer(w.operator(t), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: w.sellerID, DisplayName: "Example payer", AccountId: payerAccount,
		RoleArn: "arn:aws:iam::" + payerAccount + ":role/handover", ExternalId: "handover-sandbox", InboundQuota: 1000,
		ProgramManagementAccountId: "pma-sandbox000001",
	}})
	if err != nil {
		t.Fatalf("create the payer: %v", err)
	}
	w.payerID = payer.GetPayer().GetPayerId()
	w.Settle(t) // orders has heard of the payer
}
