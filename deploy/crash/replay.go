package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
)

// replayed has an operator replay a dead letter while the suite is struck. The letter is one of an event that orders has taken
// as well, which no life brings about by itself: so it is written into the database. In the end it must be gone, and what
// it says must have been done once.
func (r *round) replayed(ctx context.Context, f *fixture, l *journey.Life, at blow) error {
	letter, err := f.plantLetter(ctx)
	if err != nil {
		return fmt.Errorf("a dead letter: %w", err)
	}
	return r.while(ctx, f, at, replayLasts, func() error {
		if err := l.Replay("orders", letter); errs.KindOf(err) != errs.NotFound { // it was dealt with, and the answer got lost
			return err
		}
		return nil
	})
}

// plantLetter makes a dead letter of the newest event of a connection or transfer, and returns its id.
func (f *fixture) plantLetter(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, f.url)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is lost with it
	stream, err := f.published.buses["accounttransfer"].JetStream().Stream(ctx, "HANDOVER_ACCOUNTTRANSFER")
	if err != nil {
		return "", err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return "", err
	}
	for sequence := info.State.LastSeq; sequence >= info.State.FirstSeq; sequence-- {
		m, err := stream.GetMsg(ctx, sequence)
		if err != nil {
			return "", err
		}
		letter, err := plant(ctx, conn, m)
		if err != nil || letter != "" {
			return letter, err
		}
	}
	return "", errors.New("orders has taken no event")
}

// plant returns "" for an event that orders has not taken.
func plant(ctx context.Context, conn *pgx.Conn, m *jetstream.RawStreamMsg) (string, error) {
	headers, err := json.Marshal(m.Header)
	if err != nil {
		return "", err
	}
	letter := id.New("dlt")
	done, err := conn.Exec(ctx, "INSERT INTO orders.dead_letters "+
		"(id, consumer, message, subject, headers, body, tries, last_error, first_at, last_at, dead) "+
		"SELECT $1, consumer, $2, $3, $4, $5, 5, 'refused', 1, 1, 1 FROM orders.inbox WHERE aggregate = $6 LIMIT 1",
		letter, m.Header.Get(jetstream.MsgIDHeader), m.Subject, string(headers), m.Data, m.Header.Get("ce-subject"))
	if err != nil || done.RowsAffected() == 0 {
		return "", err
	}
	return letter, nil
}
