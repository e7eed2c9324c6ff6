package wire

import (
	"cmp"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Time is nil for the zero time, so that an unset time stays unset.
func Time(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// FromTime is the zero time for an unset timestamp.
func FromTime(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

// Actor is nil for nobody.
func Actor(a call.Actor) *typev1.Actor {
	if a == (call.Actor{}) {
		return nil
	}
	return &typev1.Actor{Subject: a.Subject, Role: Value[optionsv1.Role](a.Role), OnBehalfOf: a.OnBehalfOf}
}

// Event is a row of an events table as the contract shows it, in the reader's words.
func Event(words text.Words, service string, e store.Event) *typev1.Event {
	return &typev1.Event{
		EventId: e.ID, Service: service, Kind: e.Kind, AggregateId: e.Aggregate, Revision: e.Revision, Ordinal: int32(e.N),
		Name: e.Name, OccurTime: Time(e.OccurredAt), RecordTime: Time(e.RecordedAt.Time()), Actor: Actor(e.Actor),
		Reason: e.Reason, Note: noteOf(words, e), Details: e.Details, Audience: Value[typev1.Audience](string(e.Audience)),
		Correlation: e.Correlation, Cause: e.Cause,
	}
}

// noteOf is the sentence of a fact. One for engineers alone needs none.
func noteOf(words text.Words, e store.Event) string {
	said := text.Text{Key: cmp.Or(e.Text, e.Kind+"."+e.Name), Params: e.Details}
	if e.Text == "" && e.Audience == fact.Internal && !words.Knows(said.Key) {
		return ""
	}
	return words.Say(said)
}

// Sort turns the contract's sort order into the store's column and direction; newest first when nothing is asked.
func Sort(o typev1.SortOrder) (column string, descending bool) {
	switch o {
	case typev1.SortOrder_SORT_ORDER_CREATE_TIME:
		return "created_at", false
	case typev1.SortOrder_SORT_ORDER_UPDATE_TIME:
		return "updated_at", false
	case typev1.SortOrder_SORT_ORDER_UPDATE_TIME_DESC:
		return "updated_at", true
	case typev1.SortOrder_SORT_ORDER_URGENCY:
		return store.OrderUrgency, false
	default:
		return "created_at", true
	}
}

// Month is nil for no month.
func Month(m calendar.Month) *typev1.Month {
	if m.IsZero() {
		return nil
	}
	return &typev1.Month{Year: int32(m.Year), Month: int32(m.Month)}
}

// FromMonth is the zero month for an unset one.
func FromMonth(m *typev1.Month) calendar.Month {
	if m == nil {
		return calendar.Month{}
	}
	return calendar.Month{Year: int(m.GetYear()), Month: time.Month(m.GetMonth())}
}
