package obs

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Traces says where traces go.
type Traces struct {
	Endpoint string  `yaml:"endpoint" doc:"Host and port of an OpenTelemetry collector (OTLP over gRPC). Empty: no traces are sent."`
	Insecure bool    `yaml:"insecure" doc:"Whether the collector is spoken to without TLS."`
	Ratio    float64 `yaml:"ratio" doc:"Share of the traces begun here that are kept, from 0 to 1. A caller's choice goes first."`
}

// Validate refuses a ratio outside of 0 to 1.
func (t Traces) Validate() error {
	if !(t.Ratio >= 0 && t.Ratio <= 1) {
		return fmt.Errorf("ratio must be from 0 to 1, not %v", t.Ratio)
	}
	return nil
}

func newTracers(ctx context.Context, t Traces, described *resource.Resource) (*sdktrace.TracerProvider, error) {
	options := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(described),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(t.Ratio))),
	}
	if t.Endpoint != "" {
		exporter, err := newExporter(ctx, t)
		if err != nil {
			return nil, err
		}
		options = append(options, sdktrace.WithBatcher(exporter))
	}
	return sdktrace.NewTracerProvider(options...), nil
}

func newExporter(ctx context.Context, t Traces) (sdktrace.SpanExporter, error) {
	options := []otlptracegrpc.Option{otlptracegrpc.WithEndpoint(t.Endpoint)}
	if t.Insecure {
		options = append(options, otlptracegrpc.WithInsecure())
	}
	return otlptracegrpc.New(ctx, options...)
}
