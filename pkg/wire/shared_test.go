package wire_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func noon() time.Time { return time.Date(2026, time.February, 19, 12, 0, 0, 1000, time.UTC) }

// An unset time stays unset in both directions: the epoch is a time like any other.
func TestTimes(t *testing.T) {
	for _, at := range []time.Time{noon(), time.Unix(0, 0).UTC(), noon().In(time.FixedZone("CET", 3600))} {
		if got := wire.FromTime(wire.Time(at)); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%s became %s", at, got)
		}
	}
	if wire.Time(time.Time{}) != nil || !wire.FromTime(nil).IsZero() {
		t.Error("no time became one")
	}
}

func TestActors(t *testing.T) {
	if wire.Actor(call.Actor{}) != nil {
		t.Error("nobody is somebody")
	}
	got := wire.Actor(call.Actor{Subject: "anna", Role: "CUSTOMER", OnBehalfOf: "per_1"})
	want := &typev1.Actor{Subject: "anna", Role: optionsv1.Role_ROLE_CUSTOMER, OnBehalfOf: "per_1"}
	if !proto.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// words say a fact's sentence with its details, and know only some keys.
type words struct {
	text.Bare
	known map[string]string
}

func (w words) Knows(key string) bool { return w.known[key] != "" }

func (w words) Say(t text.Text) string {
	if s, ok := w.known[t.Key]; ok {
		return s + t.Params["step"]
	}
	return w.Bare.Say(t)
}

func TestEvents(t *testing.T) {
	row := store.Event{
		ID: "evt_1", Kind: "order", Aggregate: "ord_1", Revision: 3, N: 1, Name: "submitted", OccurredAt: noon(),
		RecordedAt: clock.Instant(noon().UnixMicro()), Actor: call.Actor{Subject: "anna", Role: "CUSTOMER"}, Reason: "asked by phone",
		Details: map[string]string{"step": "4"}, Audience: fact.Customer, Correlation: "ord_0", Cause: "req_1",
	}
	got := wire.Event(words{known: map[string]string{"order.submitted": "Submitted: "}}, "orders", row)
	want := &typev1.Event{
		EventId: "evt_1", Service: "orders", Kind: "order", AggregateId: "ord_1", Revision: 3, Ordinal: 1, Name: "submitted",
		OccurTime: timestamppb.New(noon()), RecordTime: timestamppb.New(noon()),
		Actor:  &typev1.Actor{Subject: "anna", Role: optionsv1.Role_ROLE_CUSTOMER},
		Reason: "asked by phone", Note: "Submitted: 4", Details: map[string]string{"step": "4"},
		Audience: typev1.Audience_AUDIENCE_CUSTOMER, Correlation: "ord_0", Cause: "req_1",
	}
	if !proto.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// A fact for engineers alone needs no sentence; one that a person reads shows its key rather than nothing.
func TestNotesOfEvents(t *testing.T) {
	known := words{known: map[string]string{"order.submitted": "Submitted.", "order.other": "Something else."}}
	for name, tt := range map[string]struct {
		event store.Event
		want  string
	}{
		"its own sentence":      {store.Event{Kind: "order", Name: "submitted", Audience: fact.Internal}, "Submitted."},
		"another sentence":      {store.Event{Kind: "order", Name: "submitted", Text: "order.other", Audience: fact.Customer}, "Something else."},
		"internal, no sentence": {store.Event{Kind: "order", Name: "looked", Audience: fact.Internal}, ""},
		"operator, no sentence": {store.Event{Kind: "order", Name: "looked", Audience: fact.Operator}, "order.looked"},
		"internal, named text":  {store.Event{Kind: "order", Name: "looked", Text: "order.gone", Audience: fact.Internal}, "order.gone"},
	} {
		if got := wire.Event(known, "orders", tt.event).GetNote(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestMasks(t *testing.T) {
	for name, tt := range map[string]struct {
		paths  []string
		reason string
	}{
		"one":       {[]string{"name"}, ""},
		"both":      {[]string{"labels", "name"}, ""},
		"none":      {nil, "FIELD_REQUIRED"},
		"immutable": {[]string{"name", "state"}, "FIELD_IMMUTABLE"},
		"nested":    {[]string{"name.first"}, "FIELD_IMMUTABLE"},
		"star":      {[]string{"*"}, "FIELD_IMMUTABLE"},
	} {
		paths, err := wire.Mask(&fieldmaskpb.FieldMask{Paths: tt.paths}, "name", "labels")
		if errs.ReasonOf(err) != tt.reason || (err == nil) != (len(paths) > 0) {
			t.Errorf("%s: %q, %v", name, paths, err)
		}
		if refusal, ok := errs.As(err); ok && (refusal.Kind != errs.Invalid || refusal.Fields[0].Path != "update_mask") {
			t.Errorf("%s: %+v", name, refusal)
		}
	}
	if _, err := wire.Mask(nil, "name"); errs.ReasonOf(err) != "FIELD_REQUIRED" {
		t.Errorf("no mask: %v", err)
	}
}
