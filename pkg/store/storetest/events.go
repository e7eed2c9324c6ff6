package storetest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func eventCases() []testCase {
	return []testCase{
		{"events say who, why and whence, and their revision the public state", eventSays},
		{"private facts are not relayed", privateStays},
		{"republishing writes the state of now under the revision that went out", republishedAsNow},
		{"events of an aggregate are relayed in order", relayOrder},
		{"recorded time never falls within an aggregate", recordedMonotone},
		{"published events leave, and come back when republished", republished},
		{"commits are announced", announced},
	}
}

func eventSays(b *bench) {
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: 1})
	ctx := trace.ContextWithSpanContext(call.With(b.Context(), call.Call{
		ID: "req-7", Actor: call.Actor{Subject: "service:orders", Role: "SERVICE", OnBehalfOf: "ann"}, Reason: "they asked",
	}), span)
	b.must(b.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, "", &Parcel{Customer: "cus_a", Order: "ord_1", Label: "x"},
			fact.Fact{Name: "packed", Text: "well", Audience: fact.Operator, Details: map[string]string{"by": "hand"}},
			fact.Fact{Name: "weighed", Reason: "RULE"}, fact.Fact{Name: "told", Audience: fact.Customer})
		return err
	}))
	events, _, err := b.db.Events(b.Context(), store.EventQuery{Customers: everyone()})
	b.must(err)
	first, second := events[0], events[1]
	b.equal("words of ours in a customer's fact", events[2].Reason, "")
	b.equal("name", first.Name+" "+second.Name, "packed weighed")
	b.equal("place", [2]int{first.N, second.N}, [2]int{0, 1})
	b.equal("revision", second.Revision, int64(1))
	b.equal("kind", first.Kind, "parcel")
	b.equal("service", first.Service, b.service)
	b.equal("customer", first.Customer, "cus_a")
	b.equal("correlation", first.Correlation, "ord_1")
	b.equal("cause", first.Cause, "req-7")
	b.equal("actor", first.Actor, call.Actor{Subject: "service:orders", Role: "SERVICE", OnBehalfOf: "ann"})
	b.equal("reason", first.Reason+", "+second.Reason, "they asked, RULE")
	b.equal("text", first.Text, "well")
	b.equal("details", first.Details["by"], "hand")
	b.equal("audience", first.Audience+" "+second.Audience, fact.Audience("OPERATOR INTERNAL"))
	b.equal("occurred", first.OccurredAt, noon())

	revisions, err := b.db.Unpublished(b.Context(), 10)
	b.must(err)
	b.equal("revisions", len(revisions), 1)
	r := revisions[0]
	b.equal("id", r.ID, events[2].ID)
	b.equal("facts", strings.Join(r.Facts, " "), "packed weighed told")
	b.equal("of", r.Service+" "+r.Kind+" "+r.Aggregate, b.service+" parcel "+first.Aggregate)
	b.equal("whence", r.Customer+" "+r.Correlation+" "+r.Cause, "cus_a ord_1 req-7")
	b.equal("trace", r.Trace, "00-01000000000000000000000000000000-0200000000000000-01")
	b.equal("actor of the revision", r.Actor, first.Actor)
	b.equal("when", [2]any{r.OccurredAt, r.RecordedAt}, [2]any{noon(), first.RecordedAt})
	b.equal("type", r.Type, "storetest.Parcel")
	body := b.wire.message("Parcel")
	b.must(proto.Unmarshal(r.Body, body))
	b.equal("public state", proto.Equal(body, b.publicParcel("x")), true)
}

// publicParcel is the public state without its secret.
func (b *bench) publicParcel(label string) *dynamicpb.Message {
	m := b.wire.message("Parcel")
	set(m, "label", label)
	return m
}

func privateStays(b *bench) {
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Create(tx, "", &Parcel{}, fact.Fact{Name: "hidden", Private: true}, fact.Fact{Name: "packed"})
		return err
	})
	b.equal("relayed", b.unpublished(), "packed")
	_, err := b.db.Republish(b.Context(), time.Unix(0, 0))
	b.must(err)
	b.equal("relayed again", b.unpublished(), "packed")
	row := b.create(Parcel{})
	b.publishAll()
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), row.ID, "", func(*Parcel) ([]fact.Fact, error) {
			return []fact.Fact{{Name: "hidden", Private: true}}, nil
		})
		return err
	})
	b.equal("relayed of a revision without public facts", b.unpublished(), "")
	b.equal("kept", b.text("SELECT count(*) FROM events"), "4")
}

// publishAll marks everything that is to be relayed.
func (b *bench) publishAll() {
	b.Helper()
	revisions, err := b.db.Unpublished(b.Context(), 100)
	b.must(err)
	b.must(b.db.MarkPublished(b.Context(), revisions))
}

// republishedAsNow: a row that went out leaves nothing to send, and republishing writes the state of now under the last
// revision that went out, beside what still stands there.
func republishedAsNow(b *bench) {
	row, other := b.create(Parcel{}), b.create(Parcel{Label: "still to go"})
	b.publishAll()
	b.equal("left", b.text("SELECT count(*) FROM revisions"), "0")
	b.update(row.ID, func(p *Parcel) { p.Label = "before" })
	b.publishAll()
	b.tx(func(tx *store.Tx) error {
		_, err := b.parcels.Update(tx, everyone(), row.ID, "", func(p *Parcel) ([]fact.Fact, error) {
			p.Label = "now"
			return []fact.Fact{{Name: "hidden", Private: true}}, nil
		})
		return err
	})
	b.update(other.ID, func(p *Parcel) { p.Weight = 1 })
	n, err := b.db.Republish(b.Context(), time.Unix(0, 0))
	b.must(err)
	b.equal("republished", n, 1)
	revisions, err := b.db.Unpublished(b.Context(), 10)
	b.must(err)
	got := map[string]string{}
	for _, r := range revisions {
		body := b.wire.message("Parcel")
		b.must(proto.Unmarshal(r.Body, body))
		label := body.Get(body.Descriptor().Fields().ByName("label")).String()
		got[r.Aggregate] += strconv.FormatInt(r.Revision, 10) + " " + strings.Join(r.Facts, ",") + " " + label
	}
	b.equal("of the one that had gone out", got[row.ID], "2 changed now")
	b.equal("of the other", got[other.ID], "2 changed still to go")
}

// unpublished lists the names of what is to be relayed.
func (b *bench) unpublished() (names string) {
	b.Helper()
	revisions, err := b.db.Unpublished(b.Context(), 10)
	b.must(err)
	for _, r := range revisions {
		names += strings.Join(r.Facts, " ")
	}
	return names
}

func relayOrder(b *bench) {
	rows := []store.Row[Parcel]{b.create(Parcel{}), b.create(Parcel{}), b.create(Parcel{})}
	for _, err := range together(6, func(i int) error {
		for range 8 {
			if _, err := b.tryUpdate(rows[i%3].ID, "", func(p *Parcel) { p.Weight++ }); err != nil {
				return err
			}
		}
		return nil
	}) {
		b.must(err)
	}
	last, relayed := map[string]int64{}, 0
	for {
		events, err := b.db.Unpublished(b.Context(), 7)
		b.must(err)
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			b.equal("revision after "+e.Aggregate, e.Revision, last[e.Aggregate]+1)
			last[e.Aggregate] = e.Revision
		}
		b.must(b.db.MarkPublished(b.Context(), events))
		relayed += len(events)
	}
	b.equal("relayed", relayed, 3+6*8)
}

func recordedMonotone(b *bench) {
	row := b.create(Parcel{})
	// As if a machine whose clock is an hour ahead had recorded it.
	b.exec("UPDATE parcels SET recorded_at = recorded_at + 3600000000")
	b.update(row.ID, func(p *Parcel) { p.Weight = 1 })
	b.update(row.ID, func(p *Parcel) { p.Weight = 2 })
	sent, err := b.db.Unpublished(b.Context(), 10)
	b.must(err)
	kept, _, err := b.db.Events(b.Context(), store.EventQuery{Aggregate: row.ID, Customers: everyone()})
	b.must(err)
	b.equal("revisions", len(sent), 3)
	b.equal("events", len(kept), 3)
	ahead := sent[0].RecordedAt + 3600000000
	for i := 1; i < 3; i++ {
		b.equal("sent no earlier", sent[i].RecordedAt >= ahead, true)
		b.equal("kept no earlier", kept[i].RecordedAt >= ahead, true)
	}
}

func republished(b *bench) {
	b.create(Parcel{})
	b.create(Parcel{})
	events, err := b.db.Unpublished(b.Context(), 10)
	b.must(err)
	b.must(b.db.MarkPublished(b.Context(), append(events, store.Revision{Aggregate: "par_unknown", Revision: 1})))
	b.must(b.db.MarkPublished(b.Context(), nil))
	b.equal("left", b.unpublished(), "")
	n, err := b.db.Republish(b.Context(), events[1].RecordedAt.Time().Add(time.Hour))
	b.must(err)
	b.equal("republished from later on", n, 0)
	n, err = b.db.Republish(b.Context(), events[0].RecordedAt.Time())
	b.must(err)
	b.equal("republished", n, 2)
	b.equal("to be relayed", b.unpublished(), "packedpacked")
}

func announced(b *bench) {
	var heard [][2]bool
	b.db.OnCommit(func(woke, published bool) { heard = append(heard, [2]bool{woke, published}) })
	quiet := func(what string, want ...[2]bool) {
		b.Helper()
		if !slices.Equal(heard, want) {
			b.Errorf("after %s heard %v, want %v", what, heard, want)
		}
		heard = nil
	}
	row := b.create(Parcel{})
	quiet("a sleeping row with an event", [2]bool{false, true})
	bookkeep := func(change func(*Parcel)) {
		b.tx(func(tx *store.Tx) error {
			_, err := b.parcels.Update(tx, everyone(), row.ID, "", noted(change))
			return err
		})
	}
	bookkeep(func(p *Parcel) { p.Due = noon().Add(time.Hour) })
	quiet("a row due later")
	bookkeep(func(p *Parcel) { p.Due = store.Immediately })
	quiet("a row due now", [2]bool{true, false})
	_, _ = b.tryUpdate(row.ID, "stale", func(*Parcel) {})
	quiet("a rollback")
}
