package aws

import (
	"example.com/handover/pkg/sim/aws/channel"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
)

// channelService is Partner Central's Channel API.
func channelService(s *state.State, settings channel.Settings) service {
	style := wire.Style{Camel: true, ISO: true, Unions: channel.Unions()}
	return service{
		protocol:  wire.JSON{Target: "PartnerCentralChannel", Version: "1.0", Style: style, Errors: style},
		methods:   wire.Methods(channel.New(s, settings)),
		status:    channel.Status,
		throttled: channel.Throttled,
		failed:    channel.Failed,
		codes:     jsonCodes(),
	}
}
