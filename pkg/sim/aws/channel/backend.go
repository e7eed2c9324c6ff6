// Package channel is AWS Partner Central's Channel API as its clients see it: program management accounts,
// relationships with customers, and the handshakes by which both sides agree on a service period. Its operations have
// the signatures of the suite's own client, for there is no module of the SDK.
//
// It owns the rules; what is known is in state, the wire format in wire. What an agreed service period forbids is a rule
// of organizations, which finds it on the transfer.
package channel

import (
	"cmp"
	"time"

	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/state"
)

// Settings are what AWS does not publish.
type Settings struct {
	HandshakeLife time.Duration // how long a handshake stays pending; zero: 30 days
	LetterDelay   time.Duration // how long after a handshake its mail arrives; zero: 15 minutes
}

// Backend answers the operations. The caller is taken from the context (identity.From).
type Backend struct {
	state    *state.State
	settings Settings
}

// New returns a backend over a state.
func New(s *state.State, settings Settings) *Backend {
	settings.HandshakeLife = cmp.Or(settings.HandshakeLife, 30*24*time.Hour)
	settings.LetterDelay = cmp.Or(settings.LetterDelay, 15*time.Minute)
	return &Backend{state: s, settings: settings}
}

// Unions are the unions that inputs hold, for the wire.
func Unions() []any {
	return []any{
		&types.ChannelHandshakePayloadMemberStartServicePeriodPayload{},
		&types.ChannelHandshakePayloadMemberRevokeServicePeriodPayload{},
		&types.ListChannelHandshakesTypeFiltersMemberStartServicePeriodTypeFilters{},
		&types.ListChannelHandshakesTypeFiltersMemberRevokeServicePeriodTypeFilters{},
		&types.SupportPlanMemberResoldEnterprise{},
		&types.SupportPlanMemberResoldUnifiedOperations{},
		&types.SupportPlanMemberPartnerLedSupport{},
	}
}
