package main

import (
	"context"
	"database/sql"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/clock"
)

// bareFollowing applies messages with nats.go and database/sql alone, as most would: for each the inbox and the row, in a
// transaction, then an acknowledgement that is waited for.
type bareFollowing struct {
	db       *sql.DB
	lock     string
	js       jetstream.JetStream
	messages jetstream.MessagesContext
	parcels  []string
	revision int64
}

func (b *bench) newBareFollowing(ctx context.Context, on server, like *following) (*bareFollowing, error) {
	js, consumer, err := b.bareConsumer(ctx)
	if err != nil {
		return nil, err
	}
	f := &bareFollowing{js: js, lock: on.lock, parcels: like.parcels}
	if f.messages, err = consumer.Messages(); err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { f.messages.Stop(); return nil })
	if f.db, err = like.at.raw("receiver"); err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return f.db.Close() })
	return f, nil
}

// slice publishes a message for each parcel, and times what follows.
func (f *bareFollowing) slice(ctx context.Context, _ time.Duration) ([]float64, error) {
	f.revision++
	for _, p := range f.parcels {
		if _, err := f.js.PublishAsync("bare."+p, []byte(p)); err != nil {
			return nil, err
		}
	}
	select {
	case <-f.js.PublishAsyncComplete():
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return worked(len(f.parcels), func() error {
		for range f.parcels {
			msg, err := f.messages.Next(jetstream.NextContext(ctx))
			if err != nil {
				return err
			}
			if err := f.apply(ctx, string(msg.Data())); err != nil {
				return err
			}
			if err := msg.DoubleAck(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *bareFollowing) apply(ctx context.Context, parcel string) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	_, err = tx.ExecContext(ctx, "INSERT INTO inbox (consumer, aggregate, revision, updated_at) VALUES ('bare', $1, $2, $3) "+
		"ON CONFLICT (consumer, aggregate) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at "+
		"WHERE inbox.revision < excluded.revision", parcel, f.revision, int64(clock.Machine{}.Now()))
	if err != nil {
		return err
	}
	var doc string
	if err := tx.QueryRowContext(ctx, "SELECT doc FROM parcels WHERE id = $1"+f.lock, parcel).Scan(&doc); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE parcels SET doc = $2 WHERE id = $1", parcel, doc); err != nil {
		return err
	}
	return tx.Commit()
}
