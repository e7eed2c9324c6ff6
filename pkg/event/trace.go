package event

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const scopeName = "example.com/handover/pkg/event"

// startSpan begins the span of one delivery. It is linked to the work that recorded the event, not its child: a
// message may come days later and several times.
func startSpan(ctx context.Context, traces trace.TracerProvider, consumer string, m Message) (context.Context, func(error)) {
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(
			attribute.String("messaging.system", "nats"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.consumer.group.name", consumer),
			attribute.String("messaging.message.id", m.ID),
			attribute.String("handover.aggregate", m.Aggregate),
		),
	}
	origin := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{traceParent: m.Trace})
	if cause := trace.SpanContextFromContext(origin); cause.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: cause}))
	}
	//nolint:spancheck // the returned function ends it
	ctx, span := traces.Tracer(scopeName).Start(ctx, "process "+m.Service+"."+m.Noun, options...)
	return ctx, func(err error) { //nolint:spancheck // as above
		if err != nil {
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
	}
}
