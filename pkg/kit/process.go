package kit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc/health"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/obs"
	"example.com/handover/pkg/rpc"
)

// Process hosts n services.
type Process struct {
	config     Config
	instance   string // this process among all of the deployment
	log        *slog.Logger
	telemetry  *obs.Telemetry
	machine    clock.Machine
	business   *clock.Business
	buses      map[string]*event.Bus // of each user of NATS that this process is: its services
	user       string                // who the process itself is on the bus: the sandbox, or else a hosted service
	bus        *event.Bus            // of that user
	guard      *auth.Guard
	server     *rpc.Server // on TCP
	inner      *rpc.Server // in memory
	intake     *intake
	registered []registration
	health     *health.Server
	vitals     vitals
	samples    atomic.Pointer[[]sample]
	outside    metric.Int64Counter // calls outside
	manifest   *manifest
	conns      *conns
	tls        certificates
	begun      map[string]begun // by service
	hosted     []*Env
	keeps      atomic.Bool // one of them keeps the business clock; NATS may ask while they are still set up
	probe      func(point string)
	commits    atomic.Int64 // moves with every commit, so that two looks can tell whether the world stood still
	busy       atomic.Int64 // which of the hosted services was busy when status looked last

	listeners closers               // what takes calls from outside
	work      closers               // what acts by itself
	closers   closers               // all else
	leave     func(context.Context) // tells the others that the process has finished its work; nil: they do not know it
	workers   sync.WaitGroup
	running   context.Context // ends when everything is closed, or with the cause when a worker fails
	stop      context.CancelCauseFunc
	draining  context.Context // ends when the shutdown begins: streams say goodbye
	drain     context.CancelFunc
	grpc      net.Listener
	http      net.Listener
}

// Start brings a process up: everything is open, migrated, listening and healthy when it returns. A start that fails
// half-way undoes what it had done.
func Start(ctx context.Context, config Config, services ...Service) (*Process, error) {
	services, err := config.hosted(services)
	if err != nil {
		return nil, err
	}
	p := &Process{config: config, machine: config.Machine, instance: id.New("ins")}
	p.running, p.stop = context.WithCancelCause(context.WithoutCancel(ctx))
	p.draining, p.drain = context.WithCancel(p.running)
	ctx, expire := context.WithCancelCause(ctx)
	limit := time.AfterFunc(config.Platform.Start.Std(), func() { expire(errStartLimit) })
	p.closers.add(func(context.Context) error { expire(nil); return nil }) // what was opened may hold on to it
	for _, step := range []struct {
		name string
		do   func(context.Context, []Service) error
	}{
		{"telemetry", p.startTelemetry},
		{"configuration", p.begin},
		{"TLS", p.openTLS},
		{"admin listener", p.openAdmin},
		{"data folder", p.openFolder},
		{"bus", p.openBus},
		{"business clock", p.startClock},
		{"identity", p.openIdentity},
		{"services", p.setUp},
		{"gRPC server", p.buildServer},
		{"listeners", p.listen},
		{"work", p.startWork},
	} {
		p.vitals.step.Store(&step.name)
		if err := step.do(ctx, services); err != nil {
			switch cause := context.Cause(p.running); {
			case cause != nil:
				err = cause // a worker failed meanwhile; what failed here only followed
			case errors.Is(context.Cause(ctx), errStartLimit):
				err = fmt.Errorf("%w: %s (%w)", errStartLimit, config.Platform.Start, err)
			case ctx.Err() != nil:
				err = errStopped
			}
			undone := p.Stop()
			if undone != nil && errors.Is(err, errStopped) { // it was asked to, and has not done so well
				return nil, fmt.Errorf("start %s: stopped: %w", step.name, undone)
			}
			return nil, errors.Join(fmt.Errorf("start %s: %w", step.name, err), undone)
		}
	}
	limit.Stop()
	p.look(ctx)
	p.vitals.step.Store(nil)
	p.log.InfoContext(ctx, "ready", "instance", p.instance, "grpc", p.GRPCAddress(), "http", p.HTTPAddress(), "services", names(p.hosted))
	return p, nil
}

var (
	errStartLimit = errors.New("it did not come up within platform.start")
	errStopped    = errors.New("it was stopped before it was up")
)

// Wait returns when the context ends or a worker fails, with the worker's error.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-p.running.Done():
		return context.Cause(p.running)
	}
}

// Stop ends a process gracefully: load balancers are told first, streams end, calls in flight finish, then work in
// flight, then everything else is closed in reverse order. Half of the time is the calls', a quarter the work's, and
// what one of them leaves over is the next one's.
func (p *Process) Stop() error {
	defer p.stop(nil)
	if p.log != nil {
		p.log.Info("stopping")
	}
	p.drain()
	if p.health != nil {
		p.publish(context.Background(), nil)
	}
	limit, taken := p.config.Platform.Stop.Std(), p.machine.Stopwatch()
	within := func(share time.Duration, close func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(context.Background(), share-taken())
		defer cancel()
		return close(ctx)
	}
	return errors.Join(
		within(limit/2, p.listeners.together),
		within(limit*3/4, p.work.close),
		within(limit, p.closers.close),
	)
}

// GRPCAddress is where the gRPC listener is; empty before it is open.
func (p *Process) GRPCAddress() string { return addressOf(p.grpc) }

// HTTPAddress is where the HTTP listener is; empty when no hosted service has one.
func (p *Process) HTTPAddress() string { return addressOf(p.http) }

func addressOf(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

func names(hosted []*Env) []string {
	var out []string
	for _, e := range hosted {
		out = append(out, e.Name)
	}
	return out
}

func (p *Process) startTelemetry(ctx context.Context, _ []Service) error {
	t, err := obs.Start(ctx, p.config.Platform.Telemetry, "handover")
	if err != nil {
		return err
	}
	p.telemetry, p.log = t, t.Log
	p.closers.add(t.Shutdown)
	if err := p.openMetrics(); err != nil {
		return err
	}
	if err := p.openIntake(); err != nil {
		return err
	}
	p.probe, err = p.config.Platform.Faults.probe()
	return err
}

func (p *Process) begin(_ context.Context, services []Service) (err error) {
	p.begun, err = p.config.begin(services)
	return err
}

func (p *Process) openFolder(_ context.Context, services []Service) error {
	unlock, err := lockFolder(p.config.Platform.Data)
	if err != nil {
		return err
	}
	p.closers.add(unlock)
	p.manifest, err = openManifest(p.config.Platform.Data, services)
	return err
}

// unlessEnded is for what cannot be told to end: when ctx does, it is left alone, for the process ends as well.
func unlessEnded[T any](ctx context.Context, open func() (T, error)) (opened T, err error) {
	done := make(chan struct{})
	var result T
	var failed error
	go func() {
		defer close(done)
		result, failed = open()
	}()
	select {
	case <-done:
		return result, failed
	case <-ctx.Done():
		return opened, ctx.Err()
	}
}

// serviceFolder is created on demand: a service on PostgreSQL may need no file at all.
func (p *Process) serviceFolder(name string) (string, error) {
	folder := filepath.Join(p.config.Platform.Data, name)
	return folder, os.MkdirAll(folder, 0o700)
}
