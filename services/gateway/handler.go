// Package gateway is the entry point of the suite from outside: JSON over HTTP in, gRPC to the services, problem documents and
// server-sent events out, the OpenAPI document, and limits per replica.
//
// It owns no state and no rule of the business. A call without a good token ends here, before its body is read, unless the
// contract opens it to the holder of a link; tokens pass through unchanged, and every service verifies them itself. It reads
// no callback of an outside system.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/limit"
)

// Options is what the gateway needs.
type Options struct {
	Conn    func(service string) grpc.ClientConnInterface // a connection to a service by name
	Has     func(service string) bool                     // whether the deployment has the service
	Log     *slog.Logger
	Machine clock.Machine // rate limits count in machine time
	Limits  Limits        // zero fields: DefaultLimits

	Bodies *limit.Bodies // on their way; nil: as many as they like
	// Believe says whose a token is if it is good; nil: the services say so.
	Believe func(ctx context.Context, authorization string) (owner string, err error)

	Draining <-chan struct{} // closed when the replica begins to shut down, which ends its streams; nil: never
}

// New returns the gateway. The routes of the sandbox exist only where the deployment has one; those of another service that
// it lacks answer that the service is absent.
func New(ctx context.Context, o Options) (http.Handler, error) {
	if o.Conn == nil || o.Has == nil || o.Log == nil {
		return nil, errors.New("gateway: Conn, Has and Log are needed")
	}
	verbs, limits := contract(), o.Limits.withDefaults()
	body := bodies{verbs: verbs.places(), limits: o.Bodies, believe: o.Believe, proxies: limits.Proxies}
	api := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, jsonCodec()),
		runtime.WithMarshalerOption(mimeEvents, &eventCodec{*jsonCodec()}),
		runtime.WithIncomingHeaderMatcher(incomingHeader),
		runtime.WithOutgoingHeaderMatcher(noHeader),
		runtime.WithOutgoingTrailerMatcher(noHeader),
		runtime.WithMetadata(requestMetadata),
		runtime.WithForwardResponseOption(etagOut),
		runtime.WithForwardResponseOption(entriesOut),
		runtime.WithErrorHandler(writeCallError(o.Log)),
		runtime.WithStreamErrorHandler(streamStatus),
		runtime.WithRoutingErrorHandler(writeRoutingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithMiddlewares(body.handler),
	)
	streams := limit.NewStreams(limits.StreamsEach, limits.Streams)
	for _, r := range routes() {
		if err := r.open(ctx, api, connector{o.Conn, o.Has}, upstream{verbs: verbs, draining: o.Draining, streams: streams}); err != nil {
			return nil, fmt.Errorf("gateway: %w", err)
		}
	}
	documents, err := openAPI(o.Has("sandbox"))
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	mux := http.NewServeMux()
	documents.serve(mux)
	mux.Handle("/", api)
	limited := newLimiter(limits, o.Machine).handler(mux)
	return enter(o.Log, o.Machine, verbs.secrets(), limited), nil
}
