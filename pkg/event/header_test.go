package event

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

func sample() store.Revision {
	return store.Revision{
		ID: "evt_1", Kind: "order", Aggregate: "ord_1", Revision: 7, Facts: []string{"checked", "submitted"}, Customer: "cus_1",
		Actor:       call.Actor{Subject: "auth0|Jörg \"J\" 100%\r\nX-Evil: 1", Role: "CUSTOMER", OnBehalfOf: "büro"},
		Correlation: "ord_1", Cause: "req_1", OccurredAt: time.Date(2026, 3, 1, 0, 0, 0, 123456000, time.UTC),
		Type: "google.protobuf.StringValue", Body: []byte{10, 1, 'x'},
		Trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}
}

func TestMessageSurvivesItsHeaders(t *testing.T) {
	e := sample()
	m := encode("orders", e)
	if m.Subject != "handover.orders.v1.order.ord_1.submitted" {
		t.Errorf("subject %s", m.Subject)
	}
	for name, values := range m.Header {
		if v := strings.Join(values, ""); strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("header %s has bytes that CloudEvents escapes: %q", name, v)
		}
	}
	got, err := decode(m.Header, m.Data)
	if err != nil {
		t.Fatal(err)
	}
	want := Message{
		ID: e.ID, Service: "orders", Noun: "order", Aggregate: e.Aggregate, Facts: e.Facts, Customer: e.Customer,
		Correlation: e.Correlation, Cause: e.Cause, Actor: e.Actor, Revision: 7, OccurredAt: e.OccurredAt,
		Type: e.Type, Body: e.Body, Trace: e.Trace,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var state wrapperspb.StringValue
	if err := got.Into(&state); err != nil || state.Value != "x" {
		t.Errorf("body %q, %v", state.Value, err)
	}
}

func TestMessageThatIsNotAnEventIsInvalid(t *testing.T) {
	for _, name := range []string{ceID, ceSubject, ceType, ceTime, ceRevision, ceFacts} {
		for _, value := range []string{"", "%zz"} {
			m := encode("orders", sample())
			m.Header.Set(name, value)
			if _, err := decode(m.Header, m.Data); errs.ReasonOf(err) != "EVENT_MALFORMED" {
				t.Errorf("%s = %q: %v", name, value, err)
			}
		}
	}
	if _, err := decode(nats.Header{}, nil); errs.KindOf(err) != errs.Invalid {
		t.Error("accepted a message without headers")
	}
}

func TestBodyOfAnotherTypeIsRefused(t *testing.T) {
	m := Message{ID: "evt_1", Type: "google.protobuf.StringValue", Body: []byte{0xff}}
	if err := m.Into(&wrapperspb.Int32Value{}); errs.ReasonOf(err) != "EVENT_TYPE_UNEXPECTED" {
		t.Error(err)
	}
	if err := m.Into(&wrapperspb.StringValue{}); errs.ReasonOf(err) != "EVENT_UNREADABLE" {
		t.Error(err)
	}
}

func TestSubjectsHaveTheirShapeWhateverTheNames(t *testing.T) {
	for subject, want := range map[string]string{
		eventSubject("orders", "order", "ord_1", "submitted"): "handover.orders.v1.order.ord_1.submitted",
		eventSubject("orders", "order", "a.b *>\n", ""):       "handover.orders.v1.order.a_b____._",
		aggregateSubjects("orders", "order", "ord_1"):         "handover.orders.v1.order.ord_1.>",
		nounSubjects("orders", "order"):                       "handover.orders.v1.order.>",
		streamSubjects("orders"):                              "handover.orders.v1.>",
		streamName("accounttransfer"):                         "HANDOVER_ACCOUNTTRANSFER",
		pingSubject("orders"):                                 "handover._ping.orders",
	} {
		if subject != want {
			t.Errorf("%s, want %s", subject, want)
		}
	}
}
