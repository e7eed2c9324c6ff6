// Package event carries what happened in one service to the others: a relay copies committed revisions to a NATS
// JetStream stream, one message each, consumers apply messages inside a transaction of their own database, and Follow
// wakes those who watch one aggregate.
//
// The database is the truth and the stream its copy, so the relay may repeat but never loses, and the inbox of a
// consumer makes repetition and order harmless.
//
// A consumer takes many messages at once. Those of one aggregate it handles in their order, one after the other; those of
// different aggregates go to several workers, and to several in one transaction, because a commit costs more than what most
// handlers do. A transaction that holds the rows of some messages does not wait long for those of the next. When anything
// is wrong with one of them all are undone, and each is handled in a transaction of its own: so a message that is refused
// becomes a dead letter alone, and one that cannot be handled now keeps back what is newer of its aggregate, and nothing
// else. What a replica has taken and not begun within a third of the ack wait it puts back for another; when the database
// or NATS is away it puts back everything and pauses. Replicas share the messages of an aggregate, so that between them a
// newer state may overtake an older one, which the inbox then drops.
//
// It owns subjects, headers, streams, durable consumers and what counts
// as a refusal; it does not own the rows (pkg/store), what a message means (the services), or who may replay one.
package event

import (
	"time"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// Message is one revision of an aggregate as a consumer sees it: what happened, and the public state after it.
type Message struct {
	ID          string     // that of the revision's last public event; the same in every repetition
	Service     string     // who recorded it: "orders"
	Noun        string     // kind of the aggregate: "order"
	Aggregate   string     // id of the aggregate
	Facts       []string   // what happened, in order: "submitted"
	Customer    string     // customer of the aggregate; empty: none
	Correlation string     // id of the order or request that began it all
	Cause       string     // id of the event or request that led to this one
	Actor       call.Actor // who did it
	Revision    int64      // of the aggregate; the inbox keeps the last one seen
	OccurredAt  time.Time  // business time
	Type        string     // full proto name of Body
	Body        []byte     // the aggregate's public state, protobuf
	Trace       string     // W3C traceparent of the work that recorded it; empty: none
}

// Into decodes the body. A message of another type, or bytes that are not one, is errs.Internal: the two services
// disagree about the contract, and trying again cannot help.
func (m Message) Into(state proto.Message) error {
	if want := string(state.ProtoReflect().Descriptor().FullName()); m.Type != want {
		return errs.New(errs.Internal, "EVENT_TYPE_UNEXPECTED", "event %s carries %s, not %s", m.ID, m.Type, want)
	}
	if err := proto.Unmarshal(m.Body, state); err != nil {
		return errs.Wrap(err, errs.Internal, "EVENT_UNREADABLE", "event %s cannot be decoded", m.ID)
	}
	return nil
}
