package event_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
)

// What stands in the stream of orders and orders did not publish there itself is a dead letter at once, and no replay
// applies it.
func TestWhatTheOwnerDidNotPublishIsRefused(t *testing.T) {
	for name, change := range map[string]func(m *nats.Msg){
		"of another service": func(m *nats.Msg) { m.Header.Set("ce-source", "/handover/billing") },
		"of a type of another service": func(m *nats.Msg) {
			m.Header.Set("ce-source", "/handover/billing")
			m.Header.Set("ce-type", "handover.billing.v1.order.created")
		},
		"of another kind":          func(m *nats.Msg) { m.Header.Set("ce-type", "handover.orders.v1.customer.created") },
		"of another aggregate":     func(m *nats.Msg) { m.Header.Set("ce-subject", "ord_other") },
		"of another fact":          func(m *nats.Msg) { m.Header.Set("ce-facts", "completed") },
		"on a subject of its kind": func(m *nats.Msg) { m.Subject = "handover.orders.v1.order.ord_other.created" },
	} {
		t.Run(name, func(t *testing.T) {
			orders, transfers := newService(t, "orders"), newService(t, "accounttransfer")
			bus, js := newBus(t, event.Options{})
			startRelay(t, bus, orders, event.RelayOptions{})
			sub := subscription(record)
			acked := startConsumer(t, bus, transfers, sub, eager())
			orders.create(t, "new")
			take(t, acked, 1)

			forged := copyOf(streamed(t, js, 1)[0])
			forged.Header.Set("ce-revision", "9")
			forged.Header.Set(jetstream.MsgIDHeader, "another")
			change(forged)
			_, err := js.PublishMsg(t.Context(), forged)
			must(t, err)
			letter := deadLetters(t, transfers, 1)[0]
			if letter.Message != "HANDOVER_ORDERS:2" {
				t.Errorf("it is known as %s, a name that it gave itself", letter.Message)
			}
			err = event.Replay(t.Context(), transfers.DB, []event.Subscription{sub}, letter.ID)
			if errs.ReasonOf(err) != "EVENT_FOREIGN" {
				t.Errorf("replayed: %v", err)
			}
			if got := transfers.effects(t); len(got) != 1 {
				t.Errorf("it had an effect: %v", got)
			}
		})
	}
}

func copyOf(m jetstream.Msg) *nats.Msg {
	c := nats.NewMsg(m.Subject())
	c.Data = m.Data()
	for name, values := range m.Headers() {
		c.Header[name] = values
	}
	return c
}
