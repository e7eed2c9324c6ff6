package kit

import (
	"context"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// gauge is one number that operators ask for. Its name is as it is registered; Prometheus shows it with _ and its unit.
type gauge struct{ name, unit, question string }

func gauges() []gauge {
	return []gauge{
		{"handover.build_info", "", "Which build runs? Always 1."},
		{"handover.ready", "", "Is the process ready? 1: yes; /readyz of the admin listener says why not."},
		{"handover.disk_left", "By", "How much room is left on the disk of the data folder?"},
		{"handover.work", "", "What does a service still have to do, by state, and what has it given up on (parked, dead_letter)?"},
		{"handover.oldest_due", "s", "For how long has the aggregate that is due longest waited for a worker, in business time?"},
		{"handover.oldest_unpublished", "s", "For how long has the oldest event waited to be published?"},
		{"handover.consumer_lag", "", "How many messages has a consumer still to finish?"},
		{"handover.waiting", "", "Who must act, and is it overdue?"},
		{"handover.aggregates", "", "How many aggregates are in which state, and on what hold?"},
		{"handover.permits_left", "", "How many calls of an API are left in its emptiest bucket?"},
		{"handover.database_connections", "", "How many connections are in use, and how many may be?"},
	}
}

// sample is what a gauge showed last.
type sample struct {
	name  string
	value float64
	of    metric.MeasurementOption
}

func sampled[N int | int64 | uint64 | float64](name string, value N, pairs ...string) sample {
	var of []attribute.KeyValue
	for i := 0; i+1 < len(pairs); i += 2 {
		of = append(of, attribute.String(pairs[i], pairs[i+1]))
	}
	return sample{name, float64(value), metric.WithAttributes(of...)}
}

// openMetrics registers the gauges. A reader gets what was measured last, so that no one who reads often costs more.
func (p *Process) openMetrics() error {
	meter := p.telemetry.Meters.Meter("handover")
	instruments, all := map[string]metric.Float64ObservableGauge{}, []metric.Observable(nil)
	for _, g := range gauges() {
		instrument, err := meter.Float64ObservableGauge(g.name, metric.WithUnit(g.unit), metric.WithDescription(g.question))
		if err != nil {
			return err
		}
		instruments[g.name], all = instrument, append(all, instrument)
	}
	_, err := meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		if samples := p.samples.Load(); samples != nil {
			for _, s := range *samples {
				o.ObserveFloat64(instruments[s.name], s.value, s.of)
			}
		}
		return nil
	}, all...)
	if err != nil {
		return err
	}
	p.outside, err = meter.Int64Counter("handover.effects", metric.WithDescription("What came of the calls outside, by effect and outcome?"))
	return err
}

// watchMetrics measures again and again, with a twentieth of the time.
func (p *Process) watchMetrics(ctx context.Context) error {
	for pause := time.Duration(0); p.machine.Wait(ctx, pause) == nil; {
		took := p.machine.Stopwatch()
		samples := p.measure(ctx)
		p.samples.Store(&samples)
		pause = max(p.config.Platform.Health.Every.Std(), 20*took())
	}
	return nil
}

func (p *Process) measure(ctx context.Context) []sample {
	ready := 0
	if len(p.vitals.unready()) == 0 {
		ready = 1
	}
	out := []sample{sampled("handover.ready", ready), sampled("handover.build_info", 1, build()...)}
	var disk syscall.Statfs_t
	if syscall.Statfs(p.config.Platform.Data, &disk) == nil {
		out = append(out, sampled("handover.disk_left", disk.Bavail*uint64(disk.Bsize)))
	}
	for _, e := range p.hosted {
		if e.DB == nil {
			continue
		}
		if more, err := e.measure(ctx); err == nil {
			out = append(out, more...)
		} else if ctx.Err() == nil {
			e.Log.WarnContext(ctx, "the service cannot be measured", "error", err)
		}
	}
	return out
}

func build() []string {
	out := []string{"go", "", "version", "", "revision", ""}
	if info, ok := debug.ReadBuildInfo(); ok {
		out[1], out[3] = info.GoVersion, info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				out[5] = s.Value
			}
		}
	}
	return out
}

// measure asks the service's database, and NATS for its consumers, whose lag is left out while NATS is away.
func (e *Env) measure(ctx context.Context) ([]sample, error) {
	pending, err := e.DB.Pending(ctx)
	if err != nil {
		return nil, err
	}
	parked, dead, err := e.DB.Stuck(ctx)
	if err != nil {
		return nil, err
	}
	due, err := e.DB.OldestDue(ctx)
	if err != nil {
		return nil, err
	}
	unpublished, err := e.DB.OldestUnpublished(ctx)
	if err != nil {
		return nil, err
	}
	used, most := e.DB.Connections()
	out := []sample{
		sampled("handover.oldest_due", due.Seconds(), "service", e.Name),
		sampled("handover.oldest_unpublished", unpublished.Seconds(), "service", e.Name),
		sampled("handover.database_connections", used, "service", e.Name, "are", "used"),
		sampled("handover.database_connections", most, "service", e.Name, "are", "allowed"),
	}
	for state, n := range map[string]int{
		"due": pending.Due, "claimed": pending.Claimed, "backing_off": pending.BackingOff, "unpublished": pending.Unpublished,
		"parked": parked, "dead_letter": dead,
	} {
		out = append(out, sampled("handover.work", n, "service", e.Name, "state", state))
	}
	for _, s := range e.subs {
		if lag, err := e.Bus.Unacked(ctx, s); err == nil {
			out = append(out, sampled("handover.consumer_lag", lag, "service", e.Name, "consumer", s.Consumer))
		}
	}
	return e.counted(ctx, out)
}

func (e *Env) counted(ctx context.Context, out []sample) ([]sample, error) {
	waits, err := e.DB.Waits(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range waits {
		out = append(out, sampled("handover.waiting", c.Number,
			"service", e.Name, "kind", c.Kind, "owner", c.Is, "overdue", strconv.FormatBool(c.Overdue)))
	}
	states, err := e.DB.States(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range states {
		out = append(out, sampled("handover.aggregates", c.Number, "service", e.Name, "kind", c.Kind, "state", c.Is, "hold", c.Hold))
	}
	left, err := e.DB.PermitsLeft(ctx)
	for api, n := range left {
		out = append(out, sampled("handover.permits_left", n, "service", e.Name, "api", api))
	}
	return out, err
}
