package rpc

import (
	"context"
	"net"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"example.com/handover/pkg/auth"
)

// pingEvery finds a connection that died without a word, on both sides of it.
const (
	pingEvery   = 30 * time.Second
	pingTimeout = 10 * time.Second
)

// retries repeats what was not answered because the other side was away. Repeating is safe for every method: reads
// change nothing, and a workload's writes carry an idempotency key (the server refuses them otherwise). The throttle
// stops the repetitions while most calls fail, so that a service that comes back is not run over.
const retries = `{
	"methodConfig": [{"name": [{}], "retryPolicy": {
		"maxAttempts": 4, "initialBackoff": "0.05s", "maxBackoff": "1s", "backoffMultiplier": 3,
		"retryableStatusCodes": ["UNAVAILABLE"]}}],
	"retryThrottling": {"maxTokens": 20, "tokenRatio": 0.5},
	"loadBalancingConfig": [{"round_robin": {}}]
}`

// DialOptions says how to reach a service and as whom.
type DialOptions struct {
	Credentials credentials.TransportCredentials                // nil: plain text
	Dialer      func(context.Context, string) (net.Conn, error) // nil: TCP; a bufconn listener's, in memory
	Workload    auth.TokenSource                                // this service's own identity; nil: it has none
	Timeout     time.Duration                                   // of a unary call whose context has no deadline; 0: DefaultDeadline
	Traces      trace.TracerProvider                            // nil: nothing is traced
}

// Dial returns a connection that is made at first use, so that services start in any order. Calls carry the workload's
// token, the person's token of the call being served, request id, cause, reason and on whose behalf; whatever the
// caller has put into the outgoing metadata itself is left as it is, but for the workload's token. Every error is an
// *errs.Error.
func Dial(target string, o DialOptions) (*grpc.ClientConn, error) {
	if o.Credentials == nil {
		o.Credentials = insecure.NewCredentials()
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultDeadline
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(o.Credentials),
		grpc.WithDefaultServiceConfig(retries),
		grpc.WithResolvers(listed{}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(MaxResponse), grpc.MaxCallSendMsgSize(MaxRequest)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingEvery, Timeout: pingTimeout, PermitWithoutStream: true}),
		grpc.WithChainUnaryInterceptor(o.unary),
		grpc.WithChainStreamInterceptor(o.stream),
	}
	if o.Dialer != nil {
		options = append(options, grpc.WithContextDialer(o.Dialer))
	}
	if o.Traces != nil {
		options = append(options, grpc.WithStatsHandler(otelgrpc.NewClientHandler(tracing(o.Traces)...)))
	}
	return grpc.NewClient(target, options...)
}

func (o DialOptions) unary(
	ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption,
) error {
	if _, set := ctx.Deadline(); !set {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	ctx, err := o.outgoing(ctx)
	if err != nil {
		return FromStatus(err)
	}
	return FromStatus(invoke(ctx, method, req, reply, conn, opts...))
}

func (o DialOptions) stream(
	ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption,
) (grpc.ClientStream, error) {
	ctx, err := o.outgoing(ctx)
	if err != nil {
		return nil, FromStatus(err)
	}
	s, err := open(ctx, desc, conn, method, opts...)
	if err != nil {
		return nil, FromStatus(err)
	}
	return answeredStream{s}, nil
}

// answeredStream gives a stream's errors back as *errs.Error; io.EOF, its end, stays.
type answeredStream struct{ grpc.ClientStream }

// RecvMsg implements grpc.ClientStream.
func (s answeredStream) RecvMsg(m any) error { return FromStatus(s.ClientStream.RecvMsg(m)) }

// SendMsg implements grpc.ClientStream.
func (s answeredStream) SendMsg(m any) error { return FromStatus(s.ClientStream.SendMsg(m)) }
