package kit

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/limit"
	"example.com/handover/pkg/rpc"
)

// registration is one proto service that a hosted service implements.
type registration struct {
	desc *grpc.ServiceDesc
	impl any
}

// openIdentity opens the development issuer, whose tokens are then believed beside the configured issuers', and
// prepares the connections, which show each service's own workload token.
func (p *Process) openIdentity(ctx context.Context, services []Service) error {
	c := &p.config.Platform.Auth
	c.Machine = p.machine
	workload, err := c.workloads(p.machine, services)
	if err != nil {
		return err
	}
	guard, err := auth.NewGuard(ctx, c.Config, p.log)
	if err != nil {
		return err
	}
	p.guard = guard
	p.conns, err = p.config.openConns(services, workload, rpc.DialOptions{Credentials: p.tls.caller(), Traces: p.telemetry.Tracers})
	p.closers.add(p.conns.close)
	return err
}

// buildServer makes two gRPC servers that serve the same: the standard chain, health, and what the services registered.
// One is for outside. The inner one is in memory and closes later: calls and work that finish may still need a peer.
func (p *Process) buildServer(context.Context, []Service) error {
	var served []string
	for _, r := range p.registered {
		served = append(served, r.desc.ServiceName)
	}
	limits := p.config.Platform.Limits
	unknown := limits.Unauthenticated
	links, err := rpc.Standard(rpc.Options{
		Guard: p.guard, Log: p.log, Meter: p.telemetry.Meters.Meter("handover"), Words: p.words, Belongs: p.belongs, Services: served,
		Machine: p.machine, Calls: limits.calls(p.business.Live()), Streams: limit.NewStreams(limits.StreamsEach, limits.Streams),
		UnknownStreams: limit.NewStreams(unknown.StreamsEach, unknown.Streams), Bodies: p.intake.bodies,
	})
	if err != nil {
		return err
	}
	chain, err := rpc.Chain(links...)
	if err != nil {
		return err
	}
	tracing := rpc.Tracing(p.telemetry.Tracers)
	outer := append(p.intake.grpcServer(), p.tls.grpcServer()...)
	p.server, p.inner = chain.Server(append(outer, tracing)...), chain.Server(append(rpc.Limits(0), tracing)...)
	p.health = health.NewServer()
	for _, server := range []*rpc.Server{p.server, p.inner} {
		grpc_health_v1.RegisterHealthServer(server, p.health)
		for _, r := range p.registered {
			server.RegisterService(r.desc, r.impl)
		}
	}
	return nil
}

// usualRate is how many calls per second one person makes at most, as at the gateway.
const usualRate = 50

// calls counts the calls of persons; nil: nobody is held to a rate.
func (l Limits) calls(live bool) *limit.Calls {
	switch {
	case l.CallerRate > 0:
		return limit.NewCalls(l.CallerRate, l.CallerBurst)
	case live:
		return limit.NewCalls(usualRate, l.CallerBurst)
	}
	return nil
}
