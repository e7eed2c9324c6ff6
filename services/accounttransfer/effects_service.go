package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey"
)

// checkRole tries to enter the customer's account by the Bootstrap Role.
func (o *outside) checkRole() effect {
	return atAWS(o, effect{
		Name: connection.LookRole, Look: true, Wanted: connection.CheckRoleWanted,
		Admit: func(ctx context.Context, a attempt) error { return o.permit(ctx, a.Doc.AccountID, apiSTS) },
		Do: func(ctx context.Context, a attempt) (record, error) {
			state, err := o.roles.Look(ctx, a.Doc.Role.ARN(a.Doc.AccountID), a.Doc.AccountID, a.Doc.Role.ExternalID)
			return served(connection.LookRole, a, func(c *connection.Connection, now time.Time) []fact.Fact { return connection.RoleSeen(c, state, now) }), err
		},
	})
}

// setUpChannel asks support for the customer's channel, under an id that was saved before.
func (o *outside) setUpChannel() kit.Effect[journey.Transfer] {
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
