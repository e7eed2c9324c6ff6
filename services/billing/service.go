// Package billing turns what AWS charges the reseller for a customer's organization into what the customer pays:
// pricebooks, billing relationships, their monthly periods, and invoices. It never edits an issued document.
package billing

import (
	"context"
	"embed"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

const name = "billing"

var (
	//go:embed migrations
	migrations embed.FS
	//go:embed texts
	texts embed.FS
)

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Texts: texts, Defaults: defaults, Setup: setUp,
		Peers: []string{"orders", "accounttransfer", "notifications", "support"},
		Subscribes: map[string]kit.Source{
			"partners":    kit.Partners(),
			"connections": {Service: "accounttransfer", Noun: "connection"},
			"agreements":  {Service: "orders", Noun: "agreement"},
			"customers":   {Service: "orders", Noun: "customer"},
		},
	})
}

func setUp(ctx context.Context, e *kit.Env, cfg *config) error {
	clients, err := aws.New(ctx, cfg.AWS.Client())
	if err != nil {
		return err
	}
	blobs, err := cfg.Blobs.Open(ctx, e.Data, e.Close)
	if err != nil {
		return err
	}
	rules, err := cfg.rules()
	if err != nil {
		return err
	}
	t := openTables(e.DB, e.English())
	sellers := ordersv1.NewSellerServiceClient(e.Conn("orders"))

	billingv1.RegisterBillingServiceServer(e, &billingServer{tables: t, words: e.Words, rules: rules})
	billingv1.RegisterPricebookServiceServer(e, &pricebookServer{tables: t, sellers: sellers})
	billingv1.RegisterInvoiceServiceServer(e, &invoiceServer{tables: t, blobs: blobs})
	billingv1.RegisterReportServiceServer(e, &reportServer{tables: t, words: e.Words})

	e.ShowActions(actions(t))
	e.ShowFound(found(t)...)
	e.FollowPartners()
	e.Subscribe("connections", observeConnection(t))
	e.Subscribe("agreements", observeAgreement(t))
	e.Subscribe("customers", observeCustomer(t))

	notices := notice.Open(e)
	kit.WorkEffects(e, t.relationships, (&relationshipWork{tables: t, policy: cfg.policy()}).effects(notices))
	kit.WorkEffects(e, t.periods, (&periodWork{
		tables: t, blobs: blobs, paymentDays: cfg.PaymentDays, rules: rules,
		vendor: &vendor{
			db: e.DB, payers: accounttransferv1.NewPayerServiceClient(e.Conn("accounttransfer")), perSecond: cfg.AWS.CallsPerSecond,
			costs: costs.New(clients), invoices: vendorinvoices.New(clients), plans: cfg.plans(),
		},
		parties: &parties{sellers: sellers, customers: ordersv1.NewCustomerServiceClient(e.Conn("orders"))},
	}).effects(notices))
	kit.WorkEffects(e, t.invoices, (&invoiceWork{blobs: blobs}).effects(notices))
	return nil
}
