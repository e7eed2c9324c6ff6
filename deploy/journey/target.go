package journey

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// Services are those that a life calls, besides the doors.
func Services() []string {
	return []string{"orders", "accounttransfer", "billing", "support", "notifications", "sandbox"}
}

// Target is a running deployment.
type Target struct {
	Keys      string            // folder of its development issuer
	Addresses map[string]string // host:port of every service but the gateway; of several replicas with commas between
	Doors     []string          // host:port of every gateway
	Patience  time.Duration     // how long a call is repeated while its service is away; 0: as little as every caller does
}

// suite is a deployment as its callers see it: clients, and tokens of each role.
type suite struct {
	sellers    ordersv1.SellerServiceClient
	customers  ordersv1.CustomerServiceClient
	catalog    ordersv1.CatalogServiceClient
	orders     ordersv1.OrderServiceClient
	agreements ordersv1.AgreementServiceClient
	timeline   ordersv1.TimelineServiceClient
	transfers  accounttransferv1.TransferServiceClient
	payers     accounttransferv1.PayerServiceClient
	mails      notificationsv1.NotificationServiceClient
	reminders  notificationsv1.ReminderServiceClient
	channels   supportv1.ChannelServiceClient
	cases      supportv1.CaseServiceClient
	billing    billingv1.BillingServiceClient
	pricebooks billingv1.PricebookServiceClient
	invoices   billingv1.InvoiceServiceClient
	reports    billingv1.ReportServiceClient
	sandbox    sandboxv1.SandboxServiceClient
	ops        map[string]opsv1.OperationsServiceClient
	doors      []string
	issuer     *auth.Issuer
	conns      []*grpc.ClientConn
}

func (t Target) open() (*suite, error) {
	issuer, err := auth.OpenIssuer(t.Keys)
	if err != nil {
		return nil, err
	}
	s := &suite{issuer: issuer, doors: t.Doors, ops: map[string]opsv1.OperationsServiceClient{}}
	conns := map[string]grpc.ClientConnInterface{}
	for _, service := range Services() {
		conn, err := rpc.Dial(rpc.Target(t.Addresses[service]), rpc.DialOptions{Timeout: time.Minute})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", service, err)
		}
		s.conns = append(s.conns, conn)
		conns[service] = persistent{conn, t.Patience}
		s.ops[service] = opsv1.NewOperationsServiceClient(conns[service])
	}
	orders, transfers := conns["orders"], conns["accounttransfer"]
	s.sellers, s.customers = ordersv1.NewSellerServiceClient(orders), ordersv1.NewCustomerServiceClient(orders)
	s.catalog, s.orders = ordersv1.NewCatalogServiceClient(orders), ordersv1.NewOrderServiceClient(orders)
	s.agreements, s.timeline = ordersv1.NewAgreementServiceClient(orders), ordersv1.NewTimelineServiceClient(orders)
	s.transfers, s.payers = accounttransferv1.NewTransferServiceClient(transfers), accounttransferv1.NewPayerServiceClient(transfers)
	mails, billing := conns["notifications"], conns["billing"]
	s.mails, s.reminders = notificationsv1.NewNotificationServiceClient(mails), notificationsv1.NewReminderServiceClient(mails)
	s.channels, s.cases = supportv1.NewChannelServiceClient(conns["support"]), supportv1.NewCaseServiceClient(conns["support"])
	s.billing, s.pricebooks = billingv1.NewBillingServiceClient(billing), billingv1.NewPricebookServiceClient(billing)
	s.invoices, s.reports = billingv1.NewInvoiceServiceClient(billing), billingv1.NewReportServiceClient(billing)
	s.sandbox = sandboxv1.NewSandboxServiceClient(conns["sandbox"])
	return s, nil
}

// Close ends the connections.
func (s *suite) Close() {
	for _, c := range s.conns {
		_ = c.Close() // nothing is lost with it
	}
}

// as returns a context whose calls are made by this person, each under a key of its own.
func (s *suite) as(ctx context.Context, p auth.Principal) (context.Context, error) {
	token, err := s.issuer.Person(p, time.Hour)
	if err != nil {
		return nil, err
	}
	return metadata.AppendToOutgoingContext(ctx, auth.HeaderPerson, "Bearer "+token), nil
}

// once gives one intended effect its idempotency key.
func once(ctx context.Context) context.Context { return rpc.WithKey(ctx, id.New("key")) }

func operator() auth.Principal {
	return auth.Principal{
		Subject: "operator-1", Role: auth.Operator,
		Rights: auth.OperatorRights(),
	}
}

func personOf(customerID string) auth.Principal {
	return auth.Principal{Subject: "customer-1", Role: auth.Customer, Customers: []string{customerID}}
}
