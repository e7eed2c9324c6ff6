// Package actors has the hands of everybody around a deployment: an operator, a customer, AWS's console, an agent in
// ServiceNow, and a mailbox. Each verb is one act through the contract, as the person would do it. The journey, the
// scenarios, the crash run and the benchmarks act through it.
//
// It owns no sequence of acts and no judgement: what an act must lead to is its caller's to say.
package actors

import (
	"google.golang.org/grpc"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// Deployment is a running suite as its callers see it: a client of every service.
type Deployment struct {
	Sellers     ordersv1.SellerServiceClient
	Customers   ordersv1.CustomerServiceClient
	Catalog     ordersv1.CatalogServiceClient
	Orders      ordersv1.OrderServiceClient
	Endings     ordersv1.TerminationServiceClient
	Changes     ordersv1.ChangeServiceClient
	Agreements  ordersv1.AgreementServiceClient
	Timeline    ordersv1.TimelineServiceClient
	Transfers   accounttransferv1.TransferServiceClient
	Connections accounttransferv1.ConnectionServiceClient
	Consents    accounttransferv1.ConsentServiceClient
	Payers      accounttransferv1.PayerServiceClient
	Requests    accounttransferv1.AccountRequestServiceClient
	Actions     ordersv1.ActionServiceClient
	Evidence    accounttransferv1.EvidenceServiceClient
	Mails       notificationsv1.NotificationServiceClient
	Reminders   notificationsv1.ReminderServiceClient
	Channels    supportv1.ChannelServiceClient
	Cases       supportv1.CaseServiceClient
	Billing     billingv1.BillingServiceClient
	Pricebooks  billingv1.PricebookServiceClient
	Invoices    billingv1.InvoiceServiceClient
	Reports     billingv1.ReportServiceClient
	Sandbox     sandboxv1.SandboxServiceClient

	operations map[string]opsv1.OperationsServiceClient // by service
}

// Services are those that keep aggregates and answer OperationsService.
func Services() []string {
	return []string{"orders", "accounttransfer", "billing", "support", "notifications"}
}

// Connected returns a deployment whose services are reached by these connections; all may be the same one.
func Connected(to func(service string) grpc.ClientConnInterface) *Deployment {
	orders, transfers, billing := to("orders"), to("accounttransfer"), to("billing")
	mails, support := to("notifications"), to("support")
	d := &Deployment{
		Sellers: ordersv1.NewSellerServiceClient(orders), Customers: ordersv1.NewCustomerServiceClient(orders),
		Catalog: ordersv1.NewCatalogServiceClient(orders), Orders: ordersv1.NewOrderServiceClient(orders),
		Endings: ordersv1.NewTerminationServiceClient(orders), Changes: ordersv1.NewChangeServiceClient(orders),
		Agreements: ordersv1.NewAgreementServiceClient(orders), Timeline: ordersv1.NewTimelineServiceClient(orders),
		Transfers: accounttransferv1.NewTransferServiceClient(transfers), Payers: accounttransferv1.NewPayerServiceClient(transfers),
		Connections: accounttransferv1.NewConnectionServiceClient(transfers), Consents: accounttransferv1.NewConsentServiceClient(transfers),
		Requests: accounttransferv1.NewAccountRequestServiceClient(transfers), Actions: ordersv1.NewActionServiceClient(orders),
		Evidence: accounttransferv1.NewEvidenceServiceClient(transfers),
		Mails:    notificationsv1.NewNotificationServiceClient(mails), Reminders: notificationsv1.NewReminderServiceClient(mails),
		Channels: supportv1.NewChannelServiceClient(support), Cases: supportv1.NewCaseServiceClient(support),
		Billing: billingv1.NewBillingServiceClient(billing), Pricebooks: billingv1.NewPricebookServiceClient(billing),
		Invoices: billingv1.NewInvoiceServiceClient(billing), Reports: billingv1.NewReportServiceClient(billing),
		Sandbox: sandboxv1.NewSandboxServiceClient(to("sandbox")), operations: map[string]opsv1.OperationsServiceClient{},
	}
	for _, service := range Services() {
		d.operations[service] = opsv1.NewOperationsServiceClient(to(service))
	}
	return d
}

// Operations is what a service tells of its own work.
func (d *Deployment) Operations(service string) opsv1.OperationsServiceClient {
	return d.operations[service]
}
