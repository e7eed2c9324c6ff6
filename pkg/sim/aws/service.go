package aws

import (
	"maps"

	"github.com/aws/smithy-go"

	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/ses"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/sts"
	"example.com/handover/pkg/sim/aws/support"
	"example.com/handover/pkg/sim/aws/wire"
)

// service is one AWS service: how it speaks, what it can do, and how it says no before an operation is reached.
type service struct {
	protocol  wire.Protocol
	methods   map[string]wire.Method
	status    func(smithy.APIError) int
	throttled func() smithy.APIError
	failed    func() smithy.APIError
	codes     codes
	bodyMax   int64 // bytes of a request; zero: bodyMax
}

// codes are a protocol's words for what is wrong with a request as such.
type codes struct {
	unknownOperation, malformed, noCredentials, unknownKey, expired string
}

// jsonCodes are those of the services whose bodies are JSON.
func jsonCodes() codes {
	return codes{
		"UnknownOperationException", "SerializationException",
		"MissingAuthenticationTokenException", "UnrecognizedClientException", "ExpiredTokenException",
	}
}

// services are what the simulator offers, by signing name. A new one is one entry.
func services(s *state.State, o Options, mails *ses.Backend) map[string]service {
	all := map[string]service{
		"organizations": {
			protocol:  wire.JSON{Target: "AWSOrganizationsV20161128"},
			methods:   wire.Methods(organizations.New(s, o.Settings)),
			status:    organizations.Status,
			throttled: organizations.Throttled,
			failed:    organizations.Failed,
			codes:     jsonCodes(),
		},
		"sts": {
			protocol:  wire.Query{Version: "2011-06-15", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/"},
			methods:   wire.Methods(sts.New(s)),
			status:    sts.Status,
			throttled: sts.Throttled,
			failed:    sts.Failed,
			codes: codes{
				"InvalidAction", "MalformedQueryString",
				"MissingAuthenticationToken", "InvalidClientTokenId", "ExpiredToken",
			},
		},
		"support": {
			protocol:  wire.JSON{Target: "AWSSupport_20130415", Style: wire.Style{Camel: true}, Errors: wire.Style{Camel: true}},
			methods:   wire.Methods(support.New(s)),
			status:    support.Status,
			throttled: support.Throttled,
			failed:    support.Failed,
			codes:     jsonCodes(),
		},
		"partnercentral-channel": channelService(s, o.Channel),
		"ses":                    mailService(mails),
	}
	maps.Copy(all, billingServices(s, o.Billing))
	return all
}
