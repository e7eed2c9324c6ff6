package event_test

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
)

func TestDeliveryIsLinkedToTheWorkThatRecordedTheEvent(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	traces := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))

	orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
	bus, _ := newBus(t, event.Options{Traces: traces})
	startRelay(t, bus, orders, event.RelayOptions{})
	acked := startConsumer(t, bus, transfers, subscription(record), eager())

	ctx, call := traces.Tracer("test").Start(person(t.Context()), "call")
	must(t, orders.InTx(ctx, func(tx *store.Tx) error {
		_, err := orders.orders.Create(tx, id.New("ord"), &order{"new"}, fact.Fact{Name: "created"})
		return err
	}))
	call.End()
	take(t, acked, 1)

	for _, span := range recorder.Ended() {
		if span.Name() != "process orders.order" {
			continue
		}
		if links := span.Links(); len(links) != 1 || links[0].SpanContext.SpanID() != call.SpanContext().SpanID() {
			t.Errorf("links %v, want one to %s", links, call.SpanContext().SpanID())
		}
		if span.Parent().IsValid() || !hasAttribute(span.Attributes(), "messaging.consumer.group.name", "accounttransfer-orders") {
			t.Errorf("parent %v, attributes %v", span.Parent(), span.Attributes())
		}
		return
	}
	t.Fatal("the delivery left no span")
}

func hasAttribute(all []attribute.KeyValue, key, value string) bool {
	for _, a := range all {
		if string(a.Key) == key && a.Value.AsString() == value {
			return true
		}
	}
	return false
}
