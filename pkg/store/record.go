package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	ids "example.com/handover/pkg/id"
)

// record writes the facts of a save as events, under the lock of their aggregate's row.
func (t *Table[T]) record(tx *Tx, row Row[T], recorded clock.Instant, facts []fact.Fact) error {
	var public []Event
	for n, f := range facts {
		e := Event{
			ID: ids.New("evt"), Service: t.db.service, Kind: t.kind.Noun, Aggregate: row.ID, Revision: row.Revision, N: n,
			Name: f.Name, Customer: row.Customer, Actor: tx.call.Actor, Reason: reasonOf(f, tx.call.Reason),
			Text: f.Text, Correlation: row.Correlation, Cause: cmp.Or(tx.call.Cause, tx.call.ID), Details: f.Details,
			Audience: cmp.Or(f.Audience, fact.Internal), Private: f.Private, OccurredAt: tx.now, RecordedAt: recorded,
		}
		if err := tx.insert(e); err != nil {
			return err
		}
		if !f.Private {
			public = append(public, e)
		}
	}
	if len(public) == 0 || t.kind.Public == nil {
		return nil
	}
	tx.publishes = true
	out, err := t.outgoing(row, public, traceParent(tx.ctx))
	if err != nil {
		return err
	}
	return tx.later(out)
}

// The statements that record a fact, and what is relayed of a save.
var (
	insertEvent    = insertInto("events", eventColumns)
	insertRevision = insertInto("revisions", revisionColumns) + " ON CONFLICT (aggregate, revision) DO NOTHING"
)

func insertInto(table, columns string) string {
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + placeholders(1, strings.Count(columns, ",")+1) + ")"
}

// outgoing is the writing of what is relayed of a save, once for all its public facts, unless it still stands there.
func (t *Table[T]) outgoing(row Row[T], facts []Event, trace string) (statement, error) {
	typ, body, err := t.public(row)
	if err != nil {
		return statement{}, err
	}
	last := facts[len(facts)-1]
	out := Revision{
		ID: last.ID, Kind: last.Kind, Aggregate: row.ID, Revision: row.Revision, Customer: last.Customer,
		Actor: last.Actor, Correlation: last.Correlation, Cause: last.Cause, OccurredAt: last.OccurredAt,
		RecordedAt: last.RecordedAt, Type: typ, Body: body, Trace: trace,
	}
	for _, f := range facts {
		out.Facts = append(out.Facts, f.Name)
	}
	return statement{query: insertRevision, args: out.values()}, nil
}

func (tx *Tx) insert(e Event) error {
	values, err := e.values()
	if err != nil {
		return errs.Wrap(err, errs.Internal, "INTERNAL", "the details of %s %s cannot be written", e.Kind, e.Name)
	}
	tx.events = append(tx.events, e)
	return tx.later(statement{query: insertEvent, args: values})
}

// public is the state that goes out with a revision, without what is marked debug_redact.
func (t *Table[T]) public(row Row[T]) (typ string, body []byte, err error) {
	m := t.kind.Public(row.Meta, row.Doc)
	t.db.redactor.redact(m.ProtoReflect())
	body, err = proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return "", nil, errs.Wrap(err, errs.Internal, "INTERNAL", "the public state of %s cannot be written", row.ID)
	}
	return string(m.ProtoReflect().Descriptor().FullName()), body, nil
}

// traceParent is the W3C header of the span in ctx; empty when there is none.
func traceParent(ctx context.Context) string {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return ""
	}
	return fmt.Sprintf("00-%s-%s-%s", span.TraceID(), span.SpanID(), span.TraceFlags())
}

// reasonOf is why a fact happened: its own reason, or the words that came with the call. Those were not written for
// customers, who may read a fact of theirs.
func reasonOf(f fact.Fact, words string) string {
	if f.Reason != "" || f.Audience == fact.Customer {
		return f.Reason
	}
	return words
}
