package rpc

import (
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

const (
	// MaxRequest bounds a request, in bytes: no request of the contract comes near, and memory per call stays known.
	// gRPC refuses a larger one with RESOURCE_EXHAUSTED before anything is decoded.
	MaxRequest = 1 << 20
	// MaxResponse bounds a response, in bytes: a page of 500 resources fits, a document that belongs into a download
	// does not.
	MaxResponse = 8 << 20
)

// Limits are a server's sizes, and how long it keeps a connection without calls; 0: as long as its caller likes.
func Limits(idle time.Duration) []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.MaxRecvMsgSize(MaxRequest),
		grpc.MaxSendMsgSize(MaxResponse),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingEvery / 2, PermitWithoutStream: true}),
		// Connections end now and then, so that new replicas get their share of the callers.
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionAge: 30 * time.Minute, MaxConnectionAgeGrace: 10 * time.Minute, MaxConnectionIdle: idle,
			Time: pingEvery, Timeout: pingTimeout,
		}),
	}
}

// Tracing makes a server continue the traces of its callers. It measures nothing: the chain does.
func Tracing(p trace.TracerProvider) grpc.ServerOption {
	return grpc.StatsHandler(otelgrpc.NewServerHandler(tracing(p)...))
}

// tracing hands everything in: the library would otherwise use the process's global providers.
func tracing(p trace.TracerProvider) []otelgrpc.Option {
	return []otelgrpc.Option{
		otelgrpc.WithTracerProvider(p),
		otelgrpc.WithMeterProvider(metricnoop.NewMeterProvider()),
		otelgrpc.WithPropagators(propagation.TraceContext{}),
	}
}
