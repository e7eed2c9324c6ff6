package obs

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// Format is how log lines are written.
type Format string

// The formats.
const (
	JSON Format = "json" // one object per line, for machines
	Text Format = "text" // key=value, for people
)

// Log says what is logged and how.
type Log struct {
	Level  slog.Level `yaml:"level" doc:"The least severe level that is written: DEBUG, INFO, WARN or ERROR."`
	Format Format     `yaml:"format" doc:"json, or text for people."`
	Out    io.Writer  `yaml:"-"` // nil: standard error
}

// Validate refuses an unknown format.
func (l Log) Validate() error {
	if l.Format != JSON && l.Format != Text {
		return fmt.Errorf("format must be %s or %s, not %q", JSON, Text, l.Format)
	}
	return nil
}

// NewLogger returns a logger whose lines carry the service and, inside a span, trace_id and span_id. Times are UTC.
func NewLogger(w io.Writer, l Log, service string) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.Level, ReplaceAttr: inUTC}
	var handler slog.Handler = slog.NewJSONHandler(w, options)
	if l.Format == Text {
		handler = slog.NewTextHandler(w, options)
	}
	return slog.New(traced{handler}).With("process", service)
}

func inUTC(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}

// traced adds the span in the context to each line.
type traced struct{ slog.Handler }

func (h traced) Handle(ctx context.Context, r slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		r = r.Clone()
		r.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

func (h traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{h.Handler.WithAttrs(attrs)} }

func (h traced) WithGroup(name string) slog.Handler { return traced{h.Handler.WithGroup(name)} }
