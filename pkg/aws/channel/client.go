// Package channel is a client of AWS's Partner Central Channel API: relationships with customers, and the handshakes by
// which both sides agree on a service period. No module of the SDK for this API can be had, so this is that module's
// part that the suite needs, under its names. It is built from the SDK's own middleware: credentials, retries,
// time-outs, logging and what a configuration adds work as in every other client.
//
// It owns the wire format (awsJson1.0) and the shapes, in types; it checks no more than that required members are
// there, and decides nothing.
package channel

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ServiceID is the service's name in errors.
const ServiceID = "PartnerCentral Channel"

// The service is one for the whole world: it has one endpoint, and requests are signed for one region.
const (
	endpoint      = "https://partnercentral-channel.global.api.aws"
	signingName   = "partnercentral-channel"
	signingRegion = "us-east-1"
)

// HTTPClient sends a request, an *http.Client for one.
type HTTPClient = aws.HTTPClient

// Options are what a client is made of.
type Options struct {
	BaseEndpoint *string // nil: AWS's own
	Credentials  aws.CredentialsProvider
	Retryer      aws.Retryer // nil: the SDK's standard
	HTTPClient   HTTPClient  // nil: the SDK's own
	APIOptions   []func(*middleware.Stack) error
}

// Client calls the API. It may be used by many goroutines.
type Client struct{ options Options }

// New returns a client.
func New(o Options, change ...func(*Options)) *Client {
	if o.Retryer == nil {
		o.Retryer = retry.NewStandard()
	}
	if o.HTTPClient == nil {
		o.HTTPClient = awshttp.NewBuildableClient()
	}
	for _, f := range change {
		f(&o)
	}
	return &Client{o}
}

// NewFromConfig returns a client with the configuration that every client of the SDK takes. Its region does not
// matter.
func NewFromConfig(cfg aws.Config, change ...func(*Options)) *Client {
	o := Options{
		BaseEndpoint: cfg.BaseEndpoint, Credentials: cfg.Credentials, HTTPClient: cfg.HTTPClient,
		APIOptions: slices.Clone(cfg.APIOptions),
	}
	if cfg.Retryer != nil {
		o.Retryer = cfg.Retryer()
	}
	return New(o, change...)
}

// input is what an operation is asked.
type input interface {
	// missing returns the names of required members that are not set.
	missing() []string
}

// invoke runs one operation through the middleware and fills out, a pointer to the operation's output.
func (c *Client) invoke(ctx context.Context, operation string, in input, out any, change []func(*Options)) error {
	o := c.options
	o.APIOptions = slices.Clone(o.APIOptions)
	for _, f := range change {
		f(&o)
	}
	stack := middleware.NewStack(operation, smithyhttp.NewStackRequest)
	if err := assemble(stack, operation, o, out); err != nil {
		return err
	}
	ctx = middleware.ClearStackValues(ctx)
	ctx = middleware.WithServiceID(ctx, ServiceID)
	ctx = middleware.WithOperationName(ctx, operation)
	handler := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(o.HTTPClient), stack)
	if _, _, err := handler.Handle(ctx, in); err != nil {
		return &smithy.OperationError{ServiceID: ServiceID, OperationName: operation, Err: err}
	}
	return nil
}
