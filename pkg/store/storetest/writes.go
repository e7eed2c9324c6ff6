package storetest

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"google.golang.org/protobuf/types/dynamicpb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
)

func writeCases() []testCase {
	return []testCase{
		{"an answer shows the facts", answerShowsFacts},
		{"a repeated request gets the stored answer", repeated},
		{"a stored answer keeps no secret", secretNotStored},
		{"who has lost the customer does not get the stored answer", answerOfALostCustomer},
		{"keys of other owners, methods and none do not meet", keysApart},
		{"a used key refuses another request", keyReused},
		{"a refusal is not remembered", refusalForgotten},
		{"requests with one key at once have one effect", inFlight},
		{"validate_only leaves nothing behind", validateOnly},
	}
}

// keyed carries a call with an idempotency key.
func (b *bench) keyed(key string) context.Context {
	c := call.From(b.ctx())
	c.Key, c.KeyOwner, c.Method = key, "ann", "/storetest/Pack"
	return call.With(b.Context(), c)
}

// pack is a write call: it creates a parcel of this label.
func (b *bench) pack(ctx context.Context, label string, validate bool) (*dynamicpb.Message, error) {
	return store.Write(ctx, b.db, b.wire.request(label, validate), func(tx *store.Tx) (*dynamicpb.Message, error) {
		row, err := b.parcels.Create(tx, "", &Parcel{Label: Label(label)}, fact.Fact{Name: "packed"}, fact.Fact{Name: "weighed"})
		return b.wire.response(b.wire.parcel(row.ID, "a secret")), err
	})
}

func (b *bench) parcelCount(want string) {
	b.Helper()
	b.equal("parcels", b.text("SELECT count(*) FROM parcels"), want)
}

func answerShowsFacts(b *bench) {
	answer, err := b.pack(b.ctx(), "", false)
	b.must(err)
	if got := texts(answer, "events", "name"); !slices.Equal(got, []string{"packed", "weighed"}) {
		b.Errorf("events %v", got)
	}
}

func repeated(b *bench) {
	first, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	again, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	b.equal("parcel", texts(again, "parcels", "label")[0], texts(first, "parcels", "label")[0])
	if got := texts(again, "events", "name"); !slices.Equal(got, []string{"packed", "weighed"}) {
		b.Errorf("events of the repetition: %v", got)
	}
	b.parcelCount("1")
}

func secretNotStored(b *bench) {
	first, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	b.equal("secret", texts(first, "parcels", "secret")[0], "a secret")
	again, err := b.pack(b.keyed("k1"), "", false)
	b.must(err)
	b.equal("secret of the repetition", texts(again, "parcels", "secret")[0], "")
}

// A partner labels a parcel, loses its customer, and repeats the call: it learns what a first call would tell it.
func answerOfALostCustomer(b *bench) {
	row := b.create(Parcel{Customer: "cus_c"})
	b.assign("cus_c", "par_1")
	c := call.From(b.keyed("k1"))
	c.Scope = call.Partner("par_1")
	runs := 0
	label := func() (*dynamicpb.Message, error) {
		return store.Write(call.With(b.Context(), c), b.db, b.wire.request("x", false), func(tx *store.Tx) (*dynamicpb.Message, error) {
			runs++
			_, err := b.parcels.Update(tx, c.Scope, row.ID, "", func(p *Parcel) ([]fact.Fact, error) {
				p.Weight++
				return []fact.Fact{{Name: "weighed"}}, nil
			})
			return b.wire.response(b.wire.parcel(row.ID, "")), err
		})
	}
	for range 2 {
		_, err := label()
		b.must(err)
	}
	b.equal("runs while it belongs to the partner", runs, 1)
	b.assign("cus_c", "par_2")
	_, err := label()
	b.refused(err, errs.NotFound, "NOT_FOUND")
	b.equal("weight", b.get(row.ID).Doc.Weight, 1)
	b.assign("cus_c", "par_1")
	answer, err := label()
	b.must(err)
	b.equal("the answer, once it is back", texts(answer, "parcels", "label")[0], row.ID)
	b.equal("weight, once it is back", b.get(row.ID).Doc.Weight, 1)
}

func keysApart(b *bench) {
	other := func(change func(*call.Call)) context.Context {
		c := call.From(b.keyed("k1"))
		change(&c)
		return call.With(b.Context(), c)
	}
	for _, ctx := range []context.Context{
		b.keyed("k1"), b.keyed("k2"), b.ctx(), b.ctx(),
		other(func(c *call.Call) { c.KeyOwner = "bob" }),
		other(func(c *call.Call) { c.Method = "/storetest/Unpack" }),
	} {
		_, err := b.pack(ctx, "", false)
		b.must(err)
	}
	b.parcelCount("6")
}

func keyReused(b *bench) {
	_, err := b.pack(b.keyed("k1"), "one", false)
	b.must(err)
	_, err = b.pack(b.keyed("k1"), "two", false)
	b.refused(err, errs.Invalid, "IDEMPOTENCY_KEY_REUSED")
	b.parcelCount("1")
}

func refusalForgotten(b *bench) {
	no := errors.New("no")
	_, err := store.Write(b.keyed("k1"), b.db, b.wire.request("x", false), func(tx *store.Tx) (*dynamicpb.Message, error) {
		_, err := b.parcels.Create(tx, "", &Parcel{})
		return nil, errors.Join(no, err)
	})
	if !errors.Is(err, no) {
		b.Errorf("got %v", err)
	}
	b.parcelCount("0")
	_, err = b.pack(b.keyed("k1"), "two", false)
	b.must(err)
	b.parcelCount("1")
}

func inFlight(b *bench) {
	inside, release := make(chan struct{}), make(chan struct{})
	var runs atomic.Int32
	write := func() (*dynamicpb.Message, error) {
		return store.Write(b.keyed("k1"), b.db, b.wire.request("x", false), func(tx *store.Tx) (*dynamicpb.Message, error) {
			if runs.Add(1) == 1 {
				close(inside)
				<-release
			}
			row, err := b.parcels.Create(tx, "", &Parcel{})
			return b.wire.response(b.wire.parcel(row.ID, "")), err
		})
	}
	ids := make(chan string, 3)
	finish := func() {
		answer, err := write()
		if err != nil {
			b.Error(err)
			ids <- ""
			return
		}
		ids <- texts(answer, "parcels", "label")[0]
	}
	go finish()
	<-inside
	go finish()
	go finish()
	close(release)
	first := <-ids
	b.equal("second answer", <-ids, first)
	b.equal("third answer", <-ids, first)
	b.equal("runs", runs.Load(), int32(1))
	b.parcelCount("1")
}

func validateOnly(b *bench) {
	answer, err := b.pack(b.keyed("k1"), "x", true)
	b.must(err)
	if got := texts(answer, "events", "name"); !slices.Equal(got, []string{"packed", "weighed"}) {
		b.Errorf("events that would be: %v", got)
	}
	for _, table := range []string{"parcels", "events", "idempotency"} {
		b.equal(table, b.text("SELECT count(*) FROM "+table), "0")
	}
	_, err = b.pack(b.keyed("k1"), "x", false) // the key is still free
	b.must(err)
	_, err = b.pack(b.ctx(), "x", true)
	b.refused(err, errs.Exists, "ALREADY_EXISTS")
}
