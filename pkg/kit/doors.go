package kit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
)

// openDoors serves gRPC on TCP and in memory, HTTP where a hosted service has it, and the admin page.
func (p *Process) openDoors(ctx context.Context, _ []Service) error {
	reflection.Register(p.server)
	listen := net.ListenConfig{}
	var err error
	if p.grpc, err = listen.Listen(ctx, "tcp", p.config.Platform.GRPC); err != nil {
		return fmt.Errorf("platform.grpc: %w", err)
	}
	for _, l := range []net.Listener{p.grpc, p.conns.memory} {
		p.serve("gRPC", func() error { return p.server.Serve(l) })
	}
	p.closers.add(p.conns.close)
	p.closers.add(p.closeServer)
	for _, e := range p.hosted {
		p.health.SetServingStatus(e.Name, grpc_health_v1.HealthCheckResponse_SERVING)
		if e.handler != nil {
			if p.http != nil {
				return fmt.Errorf("%s: another hosted service already has the HTTP door", e.Name)
			}
			if p.http, err = p.openHTTP(ctx, "http", p.config.Platform.HTTP, e.handler); err != nil {
				return err
			}
		}
	}
	p.health.SetServingStatus("", grpc_health_v1.HealthCheckResponse_SERVING)
	return p.openAdmin(ctx)
}

// closeServer tells load balancers first, lets calls finish, and cuts what does not finish in time.
func (p *Process) closeServer(ctx context.Context) error {
	p.health.Shutdown()
	done := make(chan struct{})
	go func() { p.server.GracefulStop(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		p.server.Stop()
	}
	return nil
}

func (p *Process) openAdmin(ctx context.Context) error {
	if p.config.Platform.Admin == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", p.telemetry.Metrics)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	_, err := p.openHTTP(ctx, "admin", p.config.Platform.Admin, mux)
	return err
}

func (p *Process) openHTTP(ctx context.Context, name, address string, h http.Handler) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("platform.%s: %w", name, err)
	}
	// No write time-out: watches stream for as long as the client likes.
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, BaseContext: func(net.Listener) context.Context { return p.draining }}
	p.serve(name, func() error { return server.Serve(l) })
	p.closers.add(func(ctx context.Context) error {
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
			p.stop(fmt.Errorf("%s door: %w", name, err))
		}
	}()
}
