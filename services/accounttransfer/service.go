// Package accounttransfer brings AWS organizations to the reseller: payers, transfers with their steps, the invitations
// and service terms that AWS sends, and the roles that let the reseller in. It decides how a journey ends, and never
// decides money.
package accounttransfer

import (
	"context"
	"embed"
	"fmt"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/kit"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/accounttransfer/internal/billingconductor"
	"example.com/handover/services/accounttransfer/internal/organizations"
	"example.com/handover/services/accounttransfer/internal/partnercentral"
	"example.com/handover/services/accounttransfer/internal/roles"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

const name = "accounttransfer"

//go:embed migrations
var migrations embed.FS

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Defaults: defaults, Setup: setUp,
		Peers: []string{"notifications", "support"},
	})
}

func setUp(ctx context.Context, e *kit.Env, cfg *config) error {
	for _, tpl := range transfer.Templates() {
		if err := tpl.Check(); err != nil {
			return fmt.Errorf("template %s: %w", tpl.Key, err)
		}
	}
	clients, err := aws.New(ctx, cfg.AWS.Client())
	if err != nil {
		return err
	}
	t := openTables(e.DB)

	accounttransferv1.RegisterPayerServiceServer(e, &payerServer{tables: t})
	accounttransferv1.RegisterConnectionServiceServer(e, accounttransferv1.UnimplementedConnectionServiceServer{})
	accounttransferv1.RegisterTransferServiceServer(e, &transferServer{env: e, tables: t, role: cfg.AWS.BootstrapRole, template: cfg.AWS.BootstrapTemplateURL})

	e.FollowPartners()
	e.Subscribe("channels", "support", "channel", observeChannel(t))
	r := &reconciler{
		tables: t, log: e.Log, settle: cfg.AWS.Settle.Std(), perSecond: cfg.AWS.CallsPerSecond,
		aws: organizations.New(clients), groups: billingconductor.New(clients, cfg.AWS.PricingPlanARN),
		partner: partnercentral.New(clients, cfg.AWS.Catalog), roles: roles.New(clients), peers: openPeers(e),
	}
	kit.Work(e, t.transfers, r.work)
	kit.Work(e, t.payers, r.workPayer)
	return nil
}
