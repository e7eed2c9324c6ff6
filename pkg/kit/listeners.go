package kit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// listen serves gRPC on TCP and in memory, and HTTP where a hosted service has it.
func (p *Process) listen(ctx context.Context, _ []Service) error {
	for _, l := range p.conns.memory {
		p.serve("memory", func() error { return p.inner.Serve(l) })
	}
	p.closers.add(finish(p.inner.Server))
	p.closers.add(p.conns.close) // before the inner server waits for them; the first one is for a start that got no further
	reflect(p.server.Server)
	var err error
	if p.grpc, err = p.intake.listen(ctx, p.config.Platform.GRPC); err != nil {
		return fmt.Errorf("platform.grpc: %w", err)
	}
	p.serve("gRPC", func() error { return p.server.Serve(p.grpc) })
	p.listeners.add(finish(p.server.Server))
	for _, e := range p.hosted {
		if e.handler != nil {
			if p.http != nil {
				return fmt.Errorf("%s: another hosted service already serves HTTP", e.Name)
			}
			if p.http, err = p.openHTTP(ctx, "http", p.config.Platform.HTTP, p.probes(e.handler, false), &p.listeners); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{liveness, startup} {
		p.health.SetServingStatus(name, grpc_health_v1.HealthCheckResponse_SERVING)
	}
	return nil
}

// finish lets a server's calls finish, and cuts what does not finish in time.
func finish(server *grpc.Server) func(context.Context) error {
	return func(ctx context.Context) error {
		done := make(chan struct{})
		go func() { server.GracefulStop(); close(done) }()
		select {
		case <-done:
		case <-ctx.Done():
			server.Stop()
		}
		return nil
	}
}

// openAdmin opens the admin page first of all, so that a start that takes its time can be watched.
func (p *Process) openAdmin(ctx context.Context, _ []Service) error {
	if p.config.Platform.Admin == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", p.telemetry.Metrics)
	_, err := p.openHTTP(ctx, "admin", p.config.Platform.Admin, p.probes(mux, true), &p.closers) // it is read until the end
	return err
}

func (p *Process) openHTTP(ctx context.Context, name, address string, h http.Handler, until *closers) (net.Listener, error) {
	l, err := p.intake.listen(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("platform.%s: %w", name, err)
	}
	server := p.intake.httpServer(h)
	source := p.tls.own
	if name == "http" {
		source = p.tls.http
	}
	p.serve(name, func() error { return server.Serve(wrap(l, source)) })
	until.add(func(ctx context.Context) error {
		if err := server.Shutdown(ctx); err != nil {
			return server.Close()
		}
		return nil
	})
	return l, nil
}

// serve runs a listener's loop; its failure ends the process.
func (p *Process) serve(name string, loop func() error) {
	go func() {
		if err := loop(); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			p.stop(fmt.Errorf("%s listener: %w", name, err))
		}
	}()
}
