package kit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/handover/pkg/config"
	"example.com/handover/pkg/errs"
)

// HealthConfig says when a process is not ready.
type HealthConfig struct {
	Every     config.Duration `yaml:"every" doc:"time between two looks at what a process needs"`
	DiskLeft  int             `yaml:"disk_left" doc:"MiB that must be left on the disk of the data folder"`
	RelayLag  config.Duration `yaml:"relay_lag" doc:"how long an event may wait to be published"`
	ClockSkew config.Duration `yaml:"clock_skew" doc:"by how much this machine's clock may differ from the NATS server's"`
}

// vitals is what the process last found out about itself. Alive is who answers; started is who has opened everything;
// ready is who has what it needs to serve.
type vitals struct {
	step   atomic.Pointer[string] // of the start; nil: started
	mu     sync.Mutex
	causes []string // why it is not ready
}

// Names that the gRPC health service knows beside the hosted services', which are as ready as the process is.
const (
	liveness  = "liveness"
	readiness = "readiness"
	startup   = "startup"
)

// need is something without which the process cannot serve.
type need struct {
	name string
	look func(context.Context) error
}

func (p *Process) needs() []need {
	all := []need{{"NATS", p.natsReached}, {"disk", p.diskLeft}}
	for _, e := range p.hosted {
		if e.DB == nil {
			continue
		}
		if len(all) == 2 { // once is enough: they share the machine
			all = append(all, need{"clock", e.clockAgrees})
		}
		all = append(all, need{e.Name + " database", e.databaseWorks}, need{e.Name + " events", e.relayKeepsUp})
	}
	return all
}

// natsReached asks as each user that the process is: one may have been refused.
func (p *Process) natsReached(ctx context.Context) error {
	var found []error
	for _, user := range slices.Sorted(maps.Keys(p.buses)) {
		if err := p.buses[user].Reach(ctx); err != nil {
			found = append(found, fmt.Errorf("%s: %w", user, err))
		}
	}
	return errors.Join(found...)
}

func (p *Process) diskLeft(context.Context) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(p.config.Platform.Data, &disk); err != nil {
		return err
	}
	if left := disk.Bavail * uint64(disk.Bsize) >> 20; left < uint64(p.config.Platform.Health.DiskLeft) {
		return fmt.Errorf("%d MiB are left, less than platform.health.disk_left: %d", left, p.config.Platform.Health.DiskLeft)
	}
	return nil
}

func (e *Env) databaseWorks(ctx context.Context) error {
	if damage := e.damage.Load(); damage != nil {
		return *damage
	}
	return e.DB.Check(ctx)
}

func (e *Env) relayKeepsUp(ctx context.Context) error {
	waits, err := e.DB.OldestUnpublished(ctx)
	if limit := e.process.config.Platform.Health.RelayLag.Std(); err == nil && waits > limit {
		return fmt.Errorf("the oldest has waited %s to be published, longer than platform.health.relay_lag: %s", waits.Round(time.Second), limit)
	}
	return err
}

// clockAgrees compares with the one clock that all processes can see. NATS that is away is another cause.
func (e *Env) clockAgrees(ctx context.Context) error {
	ahead, err := e.Bus.ClockAhead(ctx, e.Name, e.Machine)
	if limit := e.process.config.Platform.Health.ClockSkew.Std(); err == nil && ahead.Abs() > limit {
		return fmt.Errorf("this machine's is %s ahead of the NATS server's, more than platform.health.clock_skew: %s",
			ahead.Round(time.Second), limit)
	}
	return nil
}

// look asks for everything at once. What does not answer in time is a cause as well.
func (p *Process) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	needs := p.needs()
	found := make([]chan error, len(needs))
	for i, n := range needs {
		found[i] = make(chan error, 1)
		go func() { found[i] <- n.look(ctx) }()
	}
	var causes []string
	for i, n := range needs {
		var err error
		select {
		case err = <-found[i]:
		case <-ctx.Done():
			err = errs.New(errs.Deadline, "DEADLINE_EXCEEDED", "no answer within %s", lookLimit)
		}
		if err != nil {
			causes = append(causes, n.name+": "+strings.ReplaceAll(err.Error(), "\n", " "))
		}
	}
	p.publish(ctx, causes)
}

const lookLimit = 5 * time.Second

// publish tells health's readers, and the log what has changed.
func (p *Process) publish(ctx context.Context, causes []string) {
	v := &p.vitals
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.draining.Err() != nil {
		causes = []string{"the process is shutting down"}
	} else if !slices.Equal(causes, v.causes) && len(causes) > 0 {
		p.log.WarnContext(ctx, "not ready", "causes", causes)
	} else if len(causes) == 0 && len(v.causes) > 0 {
		p.log.InfoContext(ctx, "ready again")
	}
	v.causes = causes
	status := grpc_health_v1.HealthCheckResponse_SERVING
	if len(causes) > 0 {
		status = grpc_health_v1.HealthCheckResponse_NOT_SERVING
	}
	for _, name := range append(names(p.hosted), "", readiness) {
		p.health.SetServingStatus(name, status)
	}
}

// watchHealth looks again and again.
func (p *Process) watchHealth(ctx context.Context) error {
	for p.machine.Wait(ctx, p.config.Platform.Health.Every.Std()) == nil {
		p.look(ctx)
	}
	return nil
}

// verify goes through the database's pages again and again, with a fiftieth of the time.
func (e *Env) verify(ctx context.Context) error {
	pause := e.process.config.Platform.Health.Every.Std()
	for e.Machine.Wait(ctx, pause) == nil {
		took := e.Machine.Stopwatch()
		if err := e.DB.Verify(ctx); ctx.Err() == nil && err != nil {
			e.damage.Store(&err)
			return nil // no page mends itself
		}
		pause = max(pause, 50*took())
	}
	return nil
}

// probes answers GET /livez, /startupz and /readyz, and leaves all else to next. The causes are told inside alone.
func (p *Process) probes(next http.Handler, inside bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var causes []string
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			next.ServeHTTP(w, r)
			return
		case r.URL.Path == "/livez":
		case r.URL.Path == "/startupz":
			causes = p.vitals.starting()
		case r.URL.Path == "/readyz":
			causes = append(p.vitals.starting(), p.vitals.unready()...)
		default:
			next.ServeHTTP(w, r)
			return
		}
		if len(causes) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		if inside {
			_, _ = fmt.Fprintln(w, strings.Join(causes, "\n")) // whoever left needs no answer
		}
	})
}

func (v *vitals) starting() []string {
	if step := v.step.Load(); step != nil {
		return []string{"the process is starting: " + *step}
	}
	return nil
}

func (v *vitals) unready() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.causes
}
