package accounttransfer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/aws/billingconductor"
	"example.com/handover/services/accounttransfer/internal/aws/organizations"
	"example.com/handover/services/accounttransfer/internal/aws/partnercentral"
	"example.com/handover/services/accounttransfer/internal/aws/roles"
	"example.com/handover/services/accounttransfer/internal/aws/support"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/payer"
	"example.com/handover/services/accounttransfer/internal/process"
)

// outside is everybody that the service makes act: AWS in the accounts of payers and customers, and the other services.
type outside struct {
	tables    *tables
	english   text.Words // of what AWS shows the customer
	needed    []string   // IAM actions that the Bootstrap Role must allow
	orgs      *organizations.Client
	groups    *billingconductor.Client
	partner   *partnercentral.Client
	roles     *roles.Client
	support   *support.Client
	channels  supportv1.ChannelServiceClient
	notices   *notice.Peers
	blobs     blob.Store
	settle    time.Duration // machine time that AWS is given after an unanswered call
	perSecond float64       // calls in one account, over all replicas
	accounts  sync.Map      // of payers, by their ids: they never change
}

// acts returns every outside act of the service, in order of precedence: first nobody is bothered for nothing, then AWS is
// served, and only then the other services, which may be away.
func (o *outside) acts() acts {
	return acts{
		payers: &kit.Effects[payer.Payer]{
			All: []kit.Effect[payer.Payer]{
				o.sweep(), o.cancelLate(),
				notice.Effect(
					o.notices, notice.Set[payer.Payer]{Wanted: (*payer.Payer).Wanted, Kept: func(p *payer.Payer) *intent.Wishes { return &p.Wishes }},
				),
			},
			Ledger: func(p *payer.Payer) *intent.Ledger { return &p.Intents },
			Dates:  (*payer.Payer).Next,
			Tick:   tickPayer,
		},
		connections: &kit.Effects[connection.Connection]{
			All: slices.Concat([]effect{
				o.invite(), o.cancelInvitation(), o.checkInvitation(),
				checkOrganization(o), inviteMember(o), cancelMember(o), o.checkMembership(), lookAbsence(o),
				o.withdraw(), o.cancelTerm(), o.revokeTerm(), o.checkRevocation(), o.cancelRevocation(),
			}, o.ofContract(), []effect{
				o.checkRole(),
				notice.Effect(o.notices, notice.Set[connection.Connection]{
					Wanted: (*connection.Connection).Wanted, Kept: func(c *connection.Connection) *intent.Wishes { return &c.Wishes },
				}),
			}),
			Ledger: func(c *connection.Connection) *intent.Ledger { return &c.Intents },
			Dates:  (*connection.Connection).Next,
			Tick:   tickConnection,
		},
		transfers: &kit.Effects[journey.Transfer]{
			All: []kit.Effect[journey.Transfer]{
				setUpChannel(o),
				notice.Effect(
					o.notices,
					notice.Set[journey.Transfer]{Wanted: (*journey.Transfer).Wanted, Kept: func(t *journey.Transfer) *intent.Wishes { return &t.Wishes }},
				),
			},
			Ledger: func(t *journey.Transfer) *intent.Ledger { return &t.Intents },
			Dates:  (*journey.Transfer).Next,
			Tick:   tickTransfer,
		},
		consents: consentEffects(o), attachments: evidenceEffects(o),
		requests: o.ofRequests(),
	}
}

// complete fails when a template cannot be read, or waits for a condition that nothing brings about.
func (a acts) complete() error {
	all, err := templates.Load()
	if err != nil {
		return err
	}
	known := append(connection.Observed(), templates.ChannelReady, consent.Condition)
	for _, e := range a.connections.All {
		if made, is := strings.CutPrefix(e.Name, makes); is {
			known = append(known, process.Condition(made))
		}
	}
	for _, tpl := range all {
		for _, s := range tpl.Steps {
			if s.Condition != "" && !slices.Contains(known, s.Condition) {
				return fmt.Errorf("template %s: nothing brings about %s, for which its step %s waits", tpl.Key, s.Condition, s.Key)
			}
		}
	}
	return nil
}

// atAWS completes an effect at AWS: how its errors are read, and how long AWS is given after an unanswered call.
func atAWS[T any](o *outside, e kit.Effect[T]) kit.Effect[T] {
	e.Outcome, e.Settle = aws.OutcomeOf, o.settle
	return e
}

// checkRole tries to enter the customer's account by the Bootstrap Role.
func (o *outside) checkRole() effect {
	return atAWS(o, effect{
		Name: connection.LookRole, Look: true, Wanted: connection.CheckRoleWanted,
		Admit: func(ctx context.Context, a attempt) error { return o.permit(ctx, a.Doc.AccountID, apiSTS) },
		Do: func(ctx context.Context, a attempt) (record, error) {
			found, err := o.roles.Look(ctx, a.Doc.Role.ARN(a.Doc.AccountID), a.Doc.AccountID, a.Doc.Role.ExternalID, o.needed...)
			return served(connection.LookRole, a, func(c *connection.Connection, now time.Time) []fact.Fact {
				return connection.RoleSeen(c, found.State, now, found.Denied...)
			}), err
		},
	})
}

// setUpChannel asks support for the customer's channel, under an id that was saved before.
func setUpChannel(o *outside) kit.Effect[journey.Transfer] {
	return kit.Effect[journey.Transfer]{
		Name: journey.EffectChannel, Patient: true, Limit: 5 * time.Second, Wanted: (*journey.Transfer).ChannelWanted,
		Token: func(*journey.Transfer, string) string { return id.New("chn") },
		Begin: func(t *journey.Transfer, a kit.Intended, _ time.Time) ([]fact.Fact, error) {
			t.IntendChannel(a.Token)
			return nil, nil
		},
		Do: func(ctx context.Context, a kit.Attempt[journey.Transfer]) (kit.Record[journey.Transfer], error) {
			if a.Doc.OrderID == "" {
				return func(t *journey.Transfer, now time.Time) ([]fact.Fact, error) { return t.NoChannel(now), nil }, nil
			}
			_, err := o.channels.SetUpChannel(rpc.WithKey(ctx, a.Token), &supportv1.SetUpChannelRequest{
				ChannelId: a.Token, CustomerId: a.Doc.CustomerID, OrderId: a.Doc.OrderID,
				Kind: wire.Value[supportv1.ChannelKind](string(a.Doc.SupportModel)),
			})
			return func(t *journey.Transfer, _ time.Time) ([]fact.Fact, error) { return t.ChannelRequested(), nil }, err
		},
		Outcome: intent.OfPeer,
	}
}

// account is a payer's account, ready to be entered.
type account struct {
	aws.Payer
	program string    // its program management account in Partner Central; "" when none is known
	sweptAt time.Time // when it was last swept; zero: never
}

// The APIs that are called in an account, each with permits of its own.
const (
	apiOrganizations    = "organizations"
	apiBillingConductor = "billingconductor"
	apiPartnerCentral   = "partnercentral"
	apiSTS              = "sts"
	apiSupport          = "support"
)

// payer returns how to get into a payer's account.
func (o *outside) payer(ctx context.Context, payerID string) (account, error) {
	row, err := o.tables.payers.Get(ctx, payersBelongToNobody(), payerID)
	if err != nil {
		return account{}, err
	}
	return account{
		Payer:   aws.Payer{AccountID: row.Doc.AccountID, RoleARN: row.Doc.RoleARN, ExternalID: row.Doc.ExternalID},
		program: row.Doc.ProgramManagementAccountID, sweptAt: row.Doc.SweptAt,
	}, nil
}

// admitted draws one of the calls that all replicas together make at one API in a payer's account.
func (o *outside) admitted(ctx context.Context, payerID, api string) error {
	party, known := o.accounts.Load(payerID)
	if !known {
		row, err := o.tables.payers.Get(ctx, payersBelongToNobody(), payerID)
		if err != nil {
			return err
		}
		party = row.Doc.AccountID
		o.accounts.Store(payerID, party)
	}
	return o.permit(ctx, party.(string), api) //nolint:forcetypeassert // stored above
}

func (o *outside) permit(ctx context.Context, party, api string) error {
	return o.tables.db.Admit(ctx, party, api, o.perSecond, burst(o.perSecond))
}

// burst is how many calls may follow each other at once.
func burst(perSecond float64) int { return max(1, int(2*perSecond)) }
