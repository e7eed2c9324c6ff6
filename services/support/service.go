// Package support opens cases, keeps their mirror in ServiceNow, and sets up the channels through which customers get
// support; they end with the agreement. It owns no deadline of another service: who waits for a channel or a case subscribes to it.
package support

import (
	"context"
	"embed"

	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support/internal/servicenow"
)

const name = "support"

//go:embed migrations
var migrations embed.FS

//go:embed texts
var texts embed.FS

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Texts: texts, Defaults: defaults, Setup: setUp,
		Peers: []string{"notifications"},
		Subscribes: map[string]kit.Source{
			"partners":   kit.Partners(),
			"agreements": {Service: "orders", Noun: "agreement"},
		},
	})
}

func setUp(_ context.Context, e *kit.Env, cfg *config) error {
	t := openTables(e.DB, e.English())

	supportv1.RegisterCaseServiceServer(e, &caseServer{tables: t, words: e.Words})
	supportv1.RegisterChannelServiceServer(e, &channelServer{tables: t})

	e.ShowActions(actions(t))
	e.ShowFound(found(t)...)
	e.FollowPartners()
	e.Subscribe("agreements", observeAgreement(t, e.English()))
	kit.WorkEffectsWith(e, t.cases, caseEffects(&desk{
		client: servicenow.New(cfg.ServiceNow.client(limit(e.DB, cfg.ServiceNow.CallsPerHour))),
		words:  e.English(), settle: cfg.ServiceNow.Settle.Std(), late: cfg.ServiceNow.Late.Std(),
		notices: notice.OpenMails(e),
	}), t.saveCase(cfg.PortalURL))
	return nil
}
