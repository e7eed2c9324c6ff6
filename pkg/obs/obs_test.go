package obs_test

import (
	"context"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"

	"example.com/handover/pkg/obs"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*obs.Config)
		ok     bool
	}{
		{"default", func(*obs.Config) {}, true},
		{"text", func(c *obs.Config) { c.Log.Format = obs.Text }, true},
		{"other format", func(c *obs.Config) { c.Log.Format = "xml" }, false},
		{"no format", func(c *obs.Config) { c.Log.Format = "" }, false},
		{"no traces", func(c *obs.Config) { c.Traces.Ratio = 0 }, true},
		{"more than all", func(c *obs.Config) { c.Traces.Ratio = 1.1 }, false},
		{"less than none", func(c *obs.Config) { c.Traces.Ratio = -0.1 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := obs.Default()
			tt.change(&c)
			failed := c.Log.Validate() != nil || c.Traces.Validate() != nil
			if failed == tt.ok {
				t.Errorf("ok is %t", !failed)
			}
		})
	}
}

func TestMetricsAreServedPerService(t *testing.T) {
	orders, billing := start(t, obs.Default(), "orders"), start(t, obs.Default(), "billing")
	count(t, orders, 3)
	count(t, billing, 5)

	page := scrape(t, orders)
	for _, want := range []string{"orders_saved_total{", "} 3\n", `service_name="orders"`, "go_goroutines ", "process_cpu_seconds_total "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "} 5\n") {
		t.Error("services share a registry")
	}
}

func TestTraceIDsWithoutCollector(t *testing.T) {
	tel := start(t, obs.Default(), "orders")
	ctx, span := tel.Tracers.Tracer("test").Start(t.Context(), "work")
	defer span.End()
	carrier := propagation.MapCarrier{}
	tel.Propagator.Inject(ctx, carrier)
	if id := span.SpanContext().TraceID().String(); !span.SpanContext().IsValid() || !strings.Contains(carrier["traceparent"], id) {
		t.Errorf("trace %s travels as %q", id, carrier["traceparent"])
	}
}

func TestTracesReachTheCollector(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	received := make(traces, 10)
	server := grpc.NewServer()
	collector.RegisterTraceServiceServer(server, &sink{received: received})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)

	c := obs.Default()
	c.Traces.Endpoint, c.Traces.Insecure = listener.Addr().String(), true
	tel := start(t, c, "orders")
	_, span := tel.Tracers.Tracer("test").Start(t.Context(), "submit order")
	span.End()
	if err := tel.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := (<-received).ResourceSpans[0]
	if name := got.ScopeSpans[0].Spans[0].Name; name != "submit order" {
		t.Errorf("span %q", name)
	}
	if service := got.Resource.Attributes[0]; service.Key != "service.name" || service.Value.GetStringValue() != "orders" {
		t.Errorf("resource %v", got.Resource)
	}
}

type traces chan *collector.ExportTraceServiceRequest

type sink struct {
	collector.UnimplementedTraceServiceServer
	received traces
}

func (s *sink) Export(_ context.Context, r *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	s.received <- r
	return &collector.ExportTraceServiceResponse{}, nil
}

func start(t *testing.T, c obs.Config, service string) *obs.Telemetry {
	t.Helper()
	tel, err := obs.Start(t.Context(), c, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tel.Shutdown(context.WithoutCancel(t.Context())) })
	return tel
}

func count(t *testing.T, tel *obs.Telemetry, n int64) {
	t.Helper()
	counter, err := tel.Meters.Meter("test").Int64Counter("orders.saved", metric.WithDescription("Orders saved."))
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(t.Context(), n)
}

func scrape(t *testing.T, tel *obs.Telemetry) string {
	t.Helper()
	w := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}
