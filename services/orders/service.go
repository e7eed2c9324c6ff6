// Package orders takes the orders of customers and shows how they go: sellers, customers and their people, the
// catalogue, orders, the agreements that they bring, and the timeline. It never calls AWS: it asks AccountTransfer, which
// decides how a journey ends. It sends no mail: it asks Notifications.
package orders

import (
	"context"
	"embed"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/orders/internal/order"
)

const name = "orders"

//go:embed migrations
var migrations embed.FS

//go:embed texts
var words embed.FS

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Texts: words, Defaults: defaults, Setup: setUp,
		Peers: peers(),
		Subscribes: map[string]kit.Source{
			"transfers":   {Service: "accounttransfer", Noun: "transfer"},
			"payers":      {Service: "accounttransfer", Noun: "payer"},
			"connections": {Service: "accounttransfer", Noun: "connection"},
		},
	})
}

func setUp(_ context.Context, e *kit.Env, cfg *config) error {
	signer, err := cfg.signer(!e.Business.Live(), e.Data)
	if err != nil {
		return err
	}
	t := openTables(e.DB, e.English())

	ordersv1.RegisterSellerServiceServer(e, &sellerServer{tables: t})
	ordersv1.RegisterCustomerServiceServer(e, &customerServer{
		tables: t, log: e.Log, books: billingv1.NewPricebookServiceClient(e.Conn("billing")),
	})
	ordersv1.RegisterCatalogServiceServer(e, &catalogServer{tables: t, now: e.Business.Now, words: e.Words})
	placed := &orderServer{
		env: e, tables: t, signer: signer, linkLife: cfg.LinkLife.Std(),
		transfers: accounttransferv1.NewTransferServiceClient(e.Conn("accounttransfer")),
		accounts:  auth.NewQuestions(cfg.AccountQuestions, "the account of another customer", e.Machine, e.Log),
	}
	ordersv1.RegisterOrderServiceServer(e, placed)
	ordersv1.RegisterTerminationServiceServer(e, &terminationServer{orders: placed, reviewIn: cfg.ReviewIn.Std()})
	ordersv1.RegisterChangeServiceServer(e, &changeServer{
		orders: placed, patience: order.Patience{Review: cfg.ReviewIn.Std(), Lapse: cfg.ChangeLapse.Std()},
	})
	ordersv1.RegisterAgreementServiceServer(e, &agreementServer{tables: t})
	ordersv1.RegisterTimelineServiceServer(e, &timelineServer{tables: t, sources: cfg.Sources, conn: e.Conn})

	ordersv1.RegisterActionServiceServer(e, &actionServer{everywhere: everywhere{sources: cfg.Sources, conn: e.Conn}})
	ordersv1.RegisterSearchServiceServer(e, &searchServer{tables: t, everywhere: everywhere{sources: cfg.Sources, conn: e.Conn}})
	e.ShowActions(actions(t))
	e.ShowFound(found(t)...)

	e.Subscribe("transfers", observeTransfer(t))
	e.Subscribe("payers", observePayer(t))
	e.Subscribe("connections", observeConnection(t))

	out := outside{
		transfers:   accounttransferv1.NewTransferServiceClient(e.Conn("accounttransfer")),
		connections: accounttransferv1.NewConnectionServiceClient(e.Conn("accounttransfer")),
		channels:    supportv1.NewChannelServiceClient(e.Conn("support")),
		notices:     notice.Open(e), signer: signer, base: cfg.LinkBase, sellers: t.sellers,
	}
	kit.WorkEffectsWith(e, t.orders, orderEffects(out), t.saveOrder)
	kit.WorkEffects(e, t.agreements, agreementEffects(out))
	return nil
}
