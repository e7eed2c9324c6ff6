package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
)

// revisionsAtOnce is how often a slice changes each aggregate.
const revisionsAtOnce = 4

// events measures how fast a service follows another one: from a commit with many events, through the relay and NATS, until
// the consumer has changed a row of its own for each; beside it the same transaction for each message, one by one, from a
// stream that is full already. A slice has a number of events, whatever its length.
func (b *bench) events(ctx context.Context) error {
	for _, on := range b.servers {
		err := b.scope(ctx, func() error {
			f, err := b.newFollowing(ctx, on)
			if err != nil {
				return err
			}
			bare, err := b.newBareFollowing(ctx, on, f)
			if err != nil {
				return err
			}
			rate := measure.Line{Unit: "events/s"}
			if on.lock != "" { // as in production
				rate.Goal = measure.NoLessThan(2000)
			}
			return b.measure(ctx, measure.Pair{
				Figure: "Events consumed, " + on.name, Against: "a transaction for each message, one by one",
				Lines:     []measure.Line{{Unit: "CPU ms each"}, rate},
				Product:   f.slice,
				Yardstick: bare.slice,
			})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", on.name, err)
		}
	}
	return nil
}

// following is two services in one process: the second keeps a copy of each parcel of the first.
type following struct {
	at       storage
	from, to *store.DB
	sent     *store.Table[parcel]
	copies   *store.Table[parcelCopy]
	parcels  []string
	revision int64
	skipped  atomic.Int64 // states that the consumer has not seen, or not in their order
}

type parcelCopy struct {
	Label    string
	Revision int64
}

func (b *bench) newFollowing(ctx context.Context, on server) (*following, error) {
	at, err := on.fresh(ctx)
	if err != nil {
		return nil, err
	}
	c, err := at.config(beforeEverything(), "")
	if err != nil {
		return nil, err
	}
	f := &following{at: at, revision: 1}
	if _, err := b.start(ctx, c, f.sender(), f.receiver()); err != nil {
		return nil, err
	}
	err = f.from.InTx(ctx, func(tx *store.Tx) error {
		for range b.size.eventsAtOnce / revisionsAtOnce {
			f.parcels = append(f.parcels, id.New("par"))
			if _, err := f.sent.Create(tx, f.parcels[len(f.parcels)-1], &parcel{label}, fact.Fact{Name: "created"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, f.followed(ctx)
}

func (f *following) sender() kit.Service {
	return parcelSender(func(e *kit.Env) { f.from, f.sent = e.DB, store.NewTable(e.DB, parcelKind()) })
}

func (f *following) receiver() kit.Service {
	return parcelReceiver(func(e *kit.Env) {
		f.to = e.DB
		f.copies = store.NewTable(e.DB, store.Kind[parcelCopy]{Noun: "parcel", Table: "parcels", Prefix: "par", Version: 1})
		e.Subscribe("parcels", f.follow)
	})
}

// follow is what most consumers do: it changes the row that the event is about.
func (f *following) follow(tx *store.Tx, m event.Message) error {
	_, err := f.copies.Update(tx, call.Everyone("bench"), m.Aggregate, "", func(c *parcelCopy) ([]fact.Fact, error) {
		if m.Revision != c.Revision+1 {
			f.skipped.Add(1)
		}
		c.Revision = m.Revision
		return nil, nil
	})
	if errs.KindOf(err) == errs.NotFound {
		_, err = f.copies.Create(tx, m.Aggregate, &parcelCopy{Label: label, Revision: m.Revision})
	}
	return err
}

// slice changes every parcel several times in one transaction, so that the time is the relay's and the consumer's alone.
func (f *following) slice(ctx context.Context, _ time.Duration) ([]float64, error) {
	var rows []store.Locked
	for _, p := range f.parcels {
		rows = append(rows, f.sent.Row(p))
	}
	err := f.from.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Lock(rows...); err != nil {
			return err
		}
		for range revisionsAtOnce {
			for _, p := range f.parcels {
				moved := func(*parcel) ([]fact.Fact, error) { return []fact.Fact{{Name: "moved"}}, nil }
				if _, err := f.sent.Update(tx, call.Everyone("bench"), p, "", moved); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.revision += revisionsAtOnce
	values, err := worked(len(f.parcels)*revisionsAtOnce, func() error { return f.followed(ctx) })
	if n := f.skipped.Load(); n > 0 {
		return nil, fmt.Errorf("%d states were skipped, or not seen in their order", n)
	}
	return values, err
}

// followed waits until the consumer has committed the last state of every parcel.
func (f *following) followed(ctx context.Context) error {
	return eventually(ctx, func(ctx context.Context) (string, error) {
		rows, err := f.to.Query(ctx, "SELECT count(*) FROM inbox WHERE consumer = 'receiver-parcels' AND revision = $1", f.revision)
		if err != nil {
			return "", err
		}
		defer func() { _ = rows.Close() }()
		var done int
		for rows.Next() {
			if err := rows.Scan(&done); err != nil {
				return "", err
			}
		}
		if done == len(f.parcels) {
			return "", rows.Err()
		}
		return fmt.Sprintf("%d of %d parcels have arrived", done, len(f.parcels)), rows.Err()
	})
}
