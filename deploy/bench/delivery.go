package main

import (
	"context"
	"embed"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

//go:embed migrations
var migrations embed.FS

// parcel is the smallest aggregate there is.
type parcel struct{ Label string }

// label is its state, about as large as a small order's.
const label = "a parcel's label, as long as what a small event says about its aggregate: who, what, where and until when"

func parcelKind() store.Kind[parcel] {
	return store.Kind[parcel]{
		Noun: "parcel", Table: "parcels", Prefix: "par", Version: 1,
		Public: func(_ store.Meta, p *parcel) proto.Message { return wrapperspb.String(p.Label) },
	}
}

// delivery is two services in one process: one commits changes of a parcel, the other subscribes to them.
type delivery struct {
	db      *store.DB
	parcels *store.Table[parcel]
	parcel  string
	arrived chan clock.Instant
}

func (b *bench) newDelivery(ctx context.Context, on server) (*delivery, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	c, err := at.config(beforeEverything(), "")
	if err != nil {
		return nil, err
	}
	d := &delivery{parcel: id.New("par"), arrived: make(chan clock.Instant, 1)}
	if _, err := b.start(ctx, c, d.sender(), d.receiver()); err != nil {
		return nil, err
	}
	err = d.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := d.parcels.Create(tx, d.parcel, &parcel{label}, fact.Fact{Name: "created"})
		return err
	})
	if err != nil {
		return nil, err
	}
	select {
	case <-d.arrived:
		return d, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *delivery) sender() kit.Service {
	return parcelSender(func(e *kit.Env) { d.db, d.parcels = e.DB, store.NewTable(e.DB, parcelKind()) })
}

func (d *delivery) receiver() kit.Service {
	return parcelReceiver(func(e *kit.Env) {
		e.Subscribe("parcels", func(*store.Tx, event.Message) error {
			d.arrived <- clock.Machine{}.Now()
			return nil
		})
	})
}

// parcelSender is a service that publishes what becomes of parcels.
func parcelSender(setup func(*kit.Env)) kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{Name: "sender", Migrations: migrations, Setup: func(
		_ context.Context, e *kit.Env, _ *kit.NoConfig,
	) error {
		setup(e)
		return nil
	}})
}

// parcelReceiver is a service that consumes it, as "parcels".
func parcelReceiver(setup func(*kit.Env)) kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{Name: "receiver", Migrations: migrations, Subscribes: map[string]kit.Source{
		"parcels": {Service: "sender", Noun: "parcel"},
	}, Setup: func(
		_ context.Context, e *kit.Env, _ *kit.NoConfig,
	) error {
		setup(e)
		return nil
	}})
}

// send begins the time when the commit is done.
func (d *delivery) send(ctx context.Context) (clock.Instant, error) {
	err := d.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := d.parcels.Update(tx, call.Everyone("bench"), d.parcel, "", func(*parcel) ([]fact.Fact, error) {
			return []fact.Fact{{Name: "moved"}}, nil
		})
		return err
	})
	return clock.Machine{}.Now(), err
}

// beforeEverything is a business time at which nothing is due, not even at once (the Unix epoch).
func beforeEverything() time.Time { return time.Date(1969, time.December, 1, 0, 0, 0, 0, time.UTC) }
