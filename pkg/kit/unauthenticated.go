package kit

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// UnauthenticatedLimits are what a listener takes from callers before it knows them.
type UnauthenticatedLimits struct {
	Connections     int             `yaml:"connections" doc:"connections that one listener holds at once; more are reset, so that the process keeps descriptors for its files and database"`
	ConnectionsEach int             `yaml:"connections_each" doc:"connections of one address, or of one IPv6 /64; as many as connections where a proxy in front has the one address of all callers"`
	HeaderBytes     int             `yaml:"header_bytes" doc:"headers or metadata of one call, in bytes: they are in memory before a token can be read. Two tokens of 8 KiB and what callers add fit"`
	GRPCStreams     int             `yaml:"grpc_streams" doc:"calls and streams at once over one gRPC connection; a service has one for all the callers that it serves, so that fewer than limits.streams would make them wait"`
	HTTPStreams     int             `yaml:"http_streams" doc:"calls at once over one HTTP/2 connection"`
	Handshake       config.Duration `yaml:"handshake" doc:"time for the TLS handshake, and then for the preface of HTTP/2 or the headers of a call: until then a connection costs a descriptor and nobody knows whose it is"`
	Body            config.Duration `yaml:"body" doc:"time in which the body of a request arrives: a caller that sends slowly holds memory"`
	Idle            config.Duration `yaml:"idle" doc:"time after which a connection without a call is closed"`
	Bodies          int             `yaml:"bodies" doc:"requests on their way at once whose callers show no identity, for the few methods that need none; each holds at most 1 MiB. As many again are health checks"`
	BodiesEach      int             `yaml:"bodies_each" doc:"the same, of one address, or of one IPv6 /64"`
	BodyMiB         int             `yaml:"body_mib" doc:"MiB that requests on their way at once take whose callers are known, each person a sixteenth of them; more wait for as long as a body may"`
	Streams         int             `yaml:"streams" doc:"streams open at once whose callers show no identity: of health and of reflection"`
	StreamsEach     int             `yaml:"streams_each" doc:"the same, of one address, or of one IPv6 /64"`
}

func defaultUnauthenticated() UnauthenticatedLimits {
	return UnauthenticatedLimits{
		Connections: 4096, ConnectionsEach: 512, HeaderBytes: 32 << 10, GRPCStreams: 2000, HTTPStreams: 100,
		Handshake: config.Duration(10 * time.Second), Body: config.Duration(10 * time.Second), Idle: config.Duration(2 * time.Minute),
		Bodies: 128, BodiesEach: 16, BodyMiB: 256, Streams: 64, StreamsEach: 4,
	}
}

// Validate implements the check that config.Load runs.
func (l UnauthenticatedLimits) Validate() error {
	if min(l.Connections, l.ConnectionsEach, l.GRPCStreams, l.HTTPStreams, l.Bodies, l.BodiesEach, l.BodyMiB) <= 0 ||
		min(l.Streams, l.StreamsEach) <= 0 || min(l.Handshake, l.Body, l.Idle) <= 0 {
		return errors.New("every limit must be positive: there is no unlimited one")
	}
	if l.HeaderBytes < 20<<10 {
		return errors.New("header_bytes: two tokens of 8 KiB do not fit into fewer than 20480")
	}
	return nil
}

// intake holds the listeners of a process to these limits.
type intake struct {
	UnauthenticatedLimits
	log     *slog.Logger
	running context.Context // of the process: that of its requests
	refusal metric.Int64Counter
	bodies  *limit.Bodies
}

func (p *Process) openIntake() (err error) {
	l := p.config.Platform.Limits.Unauthenticated
	p.intake = &intake{UnauthenticatedLimits: l, log: p.log, running: p.running}
	p.intake.refusal, err = p.telemetry.Meters.Meter("handover").Int64Counter("handover.unauthenticated_refused",
		metric.WithDescription("What was refused before anybody knew whose it was, by the limit in platform.limits.unauthenticated?"))
	p.intake.bodies = limit.NewBodies(limit.BodyLimits{
		Within: l.Body.Std(), Each: l.BodiesEach, All: l.Bodies, Bytes: int64(l.BodyMiB) << 20, Refused: p.intake.refused,
	})
	return err
}

func (i *intake) refused(limit string) {
	i.refusal.Add(context.Background(), 1, metric.WithAttributes(attribute.String("limit", limit)))
}

// listen opens a listener that holds its callers to their connections.
func (i *intake) listen(ctx context.Context, address string) (net.Listener, error) {
	if address == "" { // which the library takes for a free port of every interface
		return nil, errors.New("a listener needs host:port")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return limit.Listen(l, i.ConnectionsEach, i.Connections, i.refused), nil
}

func (i *intake) grpcServer() []grpc.ServerOption {
	return append(rpc.Limits(i.Idle.Std()), rpc.Interruptible(), grpc.MaxHeaderListSize(uint32(i.HeaderBytes)),
		grpc.MaxConcurrentStreams(uint32(i.GRPCStreams)), grpc.ConnectionTimeout(i.Handshake.Std()))
}

// Listen opens a listener of a service's own, with the limits of the process's.
func (e *Env) Listen(ctx context.Context, address string) (net.Listener, error) {
	return e.process.intake.listen(ctx, address)
}

// HTTPServer returns a server for such a listener.
func (e *Env) HTTPServer(h http.Handler) *http.Server { return e.process.intake.httpServer(h) }

// Bodies bounds what is on its way to the process.
func (e *Env) Bodies() *limit.Bodies { return e.process.intake.bodies }

// Believe says whose a person's Authorization header is if it is good, before more of its request is read.
func (e *Env) Believe(ctx context.Context, authorization string) (owner string, err error) {
	return e.process.guard.Believe(metadata.NewIncomingContext(ctx, metadata.Pairs(auth.HeaderPerson, authorization)))
}
