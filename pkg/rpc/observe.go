package rpc

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// logging writes one line per call, when it has ended.
func logging(log *slog.Logger) behaviour {
	return behaviour{
		around: func(ctx context.Context, m method, next func(context.Context) error) error {
			start := clock.Machine{}.Now()
			err := next(ctx)
			p := recordOf(ctx).principal
			log.LogAttrs(ctx, levelOf(m, err), "call",
				slog.String("request", call.From(ctx).ID), slog.String("method", m.name), slog.String("code", codeName(err)),
				slog.String("reason", errs.ReasonOf(FromStatus(err))), slog.String("subject", p.Subject), slog.String("role", string(p.Role)),
				slog.Float64("ms", clock.Machine{}.Now().Sub(start).Seconds()*1000))
			return err
		},
	}
}

// logRequest writes the request, redacted, at debug.
func logRequest(log *slog.Logger) func(context.Context, method, proto.Message) error {
	return func(ctx context.Context, m method, request proto.Message) error {
		log.DebugContext(ctx, "request", "request", call.From(ctx).ID, "method", m.name, "body", Redacted(request))
		return nil
	}
}

// levelOf says who should look: nobody at a caller's mistake, somebody when what we need is away, everybody at a bug.
func levelOf(m method, err error) slog.Level {
	switch kind := errs.KindOf(FromStatus(err)); {
	case err == nil && auth.Exempt(m.name):
		return slog.LevelDebug // probes come every second
	case err == nil:
		return slog.LevelInfo
	case kind == errs.Internal:
		return slog.LevelError
	case kind == errs.Unavailable || kind == errs.Deadline || kind == errs.Exhausted:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// metrics measures every call, also those that are denied.
func metrics(meter metric.Meter) (behaviour, error) {
	took, err := meter.Float64Histogram("handover.rpc.server.duration", metric.WithUnit("s"),
		metric.WithDescription("Time from the call's arrival to its end."),
		metric.WithExplicitBucketBoundaries(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30))
	if err != nil {
		return behaviour{}, err
	}
	return behaviour{around: func(ctx context.Context, m method, next func(context.Context) error) error {
		start := clock.Machine{}.Now()
		err := next(ctx)
		// The context may be cancelled by now; the measurement counts all the same.
		took.Record(context.WithoutCancel(ctx), clock.Machine{}.Now().Sub(start).Seconds(), metric.WithAttributes(
			attribute.String("service", serviceOf(m.name)), attribute.String("method", m.name), attribute.Bool("stream", m.stream),
			attribute.String("code", codeName(err)), attribute.String("reason", errs.ReasonOf(FromStatus(err)))))
		return err
	}}, nil
}
