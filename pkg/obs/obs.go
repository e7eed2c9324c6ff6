// Package obs is what a process says about itself: its log, its metrics for Prometheus, and its traces.
//
// Start makes the three and hands them out; nothing is put into a global variable, so several services can live in
// one process and be told apart. Code that traces or measures takes the providers from Telemetry. It owns no metric and
// no span of its own besides those of the Go runtime and the process.
package obs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/trace"
)

// Config is what an operator chooses. Default fills it in.
type Config struct {
	Log    Log    `yaml:"log" doc:"What is written to standard error."`
	Traces Traces `yaml:"traces" doc:"Where traces are sent."`

	Profiles string `yaml:"profiles" doc:"Folder that a heap profile and the goroutines are written into at every SIGUSR1; empty: the signal is left alone."`
}

// Default logs from INFO on as JSON and sends no traces.
func Default() Config {
	return Config{Log: Log{Level: slog.LevelInfo, Format: JSON}, Traces: Traces{Ratio: 1}}
}

// Telemetry is what a service logs, measures and traces with.
type Telemetry struct {
	Log        *slog.Logger
	Meters     metric.MeterProvider
	Tracers    trace.TracerProvider          // makes trace ids even when no traces are sent
	Propagator propagation.TextMapPropagator // W3C trace context: gRPC metadata, event headers
	Metrics    http.Handler                  // serves /metrics
	shutdown   []func(context.Context) error
}

// Start sets telemetry up for the named service. A collector that is away is no error: it is tried again.
func Start(ctx context.Context, c Config, service string) (*Telemetry, error) {
	described := resource.NewSchemaless(attribute.String("service.name", service))
	meters, metrics, err := newMeters(described)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	tracers, err := newTracers(ctx, c.Traces, described)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("traces: %w", err), meters.Shutdown(ctx))
	}
	out := c.Log.Out
	if out == nil {
		out = os.Stderr
	}
	t := &Telemetry{
		Log:        NewLogger(out, c.Log, service),
		Meters:     meters,
		Tracers:    tracers,
		Propagator: propagation.TraceContext{},
		Metrics:    metrics,
		shutdown:   []func(context.Context) error{tracers.Shutdown, meters.Shutdown},
	}
	if c.Profiles != "" {
		t.shutdown = append(t.shutdown, profileOnSignal(c.Profiles, t.Log))
	}
	return t, nil
}

// Shutdown sends what is not sent yet, until ctx ends.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	var problems []error
	for _, stop := range t.shutdown {
		problems = append(problems, stop(ctx))
	}
	return errors.Join(problems...)
}
