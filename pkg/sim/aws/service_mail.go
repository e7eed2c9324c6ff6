package aws

import (
	"net/http"

	"example.com/handover/pkg/sim/aws/ses"
	"example.com/handover/pkg/sim/aws/wire"
)

const mailMax = 40 << 20 // bytes of a request; AWS's own limit for a mail with its attachments

// mailService is SES. Its signing name is that of the older API.
func mailService(b *ses.Backend) service {
	return service{
		protocol: wire.REST{
			Routes: []wire.Route{{Operation: "SendEmail", Method: http.MethodPost, Path: "/v2/email/outbound-emails"}},
			Errors: wire.Style{Camel: true},
		},
		methods:   wire.Methods(b),
		status:    ses.Status,
		throttled: ses.Throttled,
		failed:    ses.Failed,
		bodyMax:   mailMax,
		codes:     jsonCodes(),
	}
}
