package obs_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"example.com/handover/pkg/obs"
)

func TestLogLines(t *testing.T) {
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	inSpan := trace.ContextWithSpanContext(t.Context(), span)

	var out bytes.Buffer
	log := obs.NewLogger(&out, obs.Log{Level: slog.LevelInfo, Format: obs.JSON}, "orders")
	log.DebugContext(inSpan, "too quiet")
	log.With("order", "ord_1").InfoContext(inSpan, "saved", "revision", 3)
	log.InfoContext(t.Context(), "outside")

	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	var first, second map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(lines[1]), &second); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"level": "INFO", "msg": "saved", "process": "orders", "order": "ord_1", "revision": 3.0,
		"trace_id": "01000000000000000000000000000000", "span_id": "0200000000000000",
	}
	for key, value := range want {
		if first[key] != value {
			t.Errorf("%s is %v, want %v", key, first[key], value)
		}
	}
	if at, err := time.Parse(time.RFC3339Nano, first["time"].(string)); err != nil || at.Location() != time.UTC {
		t.Errorf("time is %v (%v)", first["time"], err)
	}
	if _, ok := second["trace_id"]; ok {
		t.Errorf("a trace id outside of a span: %s", lines[1])
	}
}

func TestTextLog(t *testing.T) {
	var out bytes.Buffer
	obs.NewLogger(&out, obs.Log{Level: slog.LevelDebug, Format: obs.Text}, "orders").Debug("hello", "a", "b c")
	if got := out.String(); !strings.Contains(got, `level=DEBUG msg=hello process=orders a="b c"`) {
		t.Errorf("got %s", got)
	}
}
