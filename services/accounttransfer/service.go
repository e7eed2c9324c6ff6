// Package accounttransfer brings AWS accounts to the reseller: payers, transfers with their steps, and the connections that
// bind accounts to payers for as long as they do. It decides how a journey ends, and never decides money.
package accounttransfer

import (
	"context"
	"embed"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/aws/billingconductor"
	"example.com/handover/services/accounttransfer/internal/aws/organizations"
	"example.com/handover/services/accounttransfer/internal/aws/partnercentral"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
	"example.com/handover/services/accounttransfer/internal/aws/support"
	"example.com/handover/services/accounttransfer/internal/evidence"
)

const name = "accounttransfer"

//go:embed migrations
var migrations embed.FS

//go:embed texts
var texts embed.FS

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Texts: texts, Defaults: defaults, Setup: setUp,
		Peers: []string{"notifications", "support"},
		Subscribes: map[string]kit.Source{
			"partners":   kit.Partners(),
			"channels":   {Service: "support", Noun: "channel"},
			"agreements": {Service: "orders", Noun: "agreement"},
			"customers":  {Service: "orders", Noun: "customer"},
			"guidance":   {Service: "orders", Noun: "guidance_page"},
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
	t := &tables{}
	o := &outside{
		tables: t, english: e.English(), needed: cfg.AWS.BootstrapActions, settle: cfg.AWS.Settle.Std(), perSecond: cfg.AWS.CallsPerSecond,
		orgs: organizations.New(clients), groups: billingconductor.New(clients, cfg.AWS.PricingPlanARN),
		partner: partnercentral.New(clients, cfg.AWS.Catalog), roles: roles.New(clients), support: support.New(clients),
		channels: supportv1.NewChannelServiceClient(e.Conn("support")), notices: notice.Open(e), blobs: blobs,
	}
	acts := o.acts()
	if err := acts.complete(); err != nil {
		return err
	}
	t.open(e.DB, acts, e.English())

	accounttransferv1.RegisterPayerServiceServer(e, &payerServer{tables: t})
	accounttransferv1.RegisterConnectionServiceServer(e, &connectionServer{env: e, tables: t})
	accounttransferv1.RegisterConsentServiceServer(e, &consentServer{env: e, tables: t})
	accounttransferv1.RegisterEvidenceServiceServer(e, &evidenceServer{
		tables: t, blobs: blobs, largest: int64(cfg.Evidence.MaxMiB) << 20, policy: evidence.Policy{Keep: cfg.Evidence.Keep.Std()},
	})
	accounttransferv1.RegisterTransferServiceServer(
		e, &transferServer{
			env: e, tables: t, role: cfg.AWS.BootstrapRole, template: cfg.AWS.BootstrapTemplateURL,
			accounts: auth.NewQuestions(cfg.AccountQuestions, "the account of another customer", e.Machine, e.Log),
		},
	)

	accounttransferv1.RegisterAccountRequestServiceServer(e, &requestServer{
		env: e, tables: t, regions: cfg.AccountRequests.regions(), policy: cfg.AccountRequests.policy(), template: cfg.AWS.BootstrapTemplateURL,
		addresses: auth.NewQuestions(cfg.AccountQuestions, "an address of another customer", e.Machine, e.Log),
	})

	e.ShowActions(actions(t))
	e.ShowFound(found(t)...)
	e.FollowPartners()
	e.Subscribe("channels", observeChannel(t))
	e.Subscribe("agreements", observeAgreement(t))
	e.Subscribe("customers", observeCustomer(t))
	e.Subscribe("guidance", observeGuidance(t))
	kit.WorkEffects(e, t.payers, acts.payers)
	kit.WorkEffectsWith(e, t.connections, acts.connections, t.saveConnection)
	kit.WorkEffectsWith(e, t.transfers, acts.transfers, t.saveTransfer)
	kit.WorkEffectsWith(e, t.consents, acts.consents, t.saveConsent)
	kit.WorkEffects(e, t.attachments, acts.attachments)
	kit.WorkEffectsWith(e, t.requests, acts.requests, t.saveRequest)
	return nil
}
