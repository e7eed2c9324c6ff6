package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/deploy/journey"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
)

// replayed has an operator replay a dead letter while the suite is struck. The letter is one of an event that orders has taken
// as well, which no life brings about by itself: so it is written into the database, and orders made to forget that it has
// seen the event. In the end the letter must be gone, the event seen again, and what it says must have been done once.
func (r *round) replayed(ctx context.Context, f *fixture, l *journey.Life, at blow) error {
	conn, err := pgx.Connect(ctx, f.url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is lost with it
	letter, err := f.plantLetter(ctx, conn)
	if err != nil {
		return fmt.Errorf("a dead letter: %w", err)
	}
	err = r.while(ctx, f, at, replayLasts, func() error {
		if err := l.Replay("orders", letter.id); errs.KindOf(err) != errs.NotFound { // it was dealt with, and the answer got lost
			return err
		}
		return nil
	})
	return errors.Join(err, letter.checkApplied(ctx, conn))
}

// deadLetter is a planted one.
type deadLetter struct {
	id, consumer, aggregate string
	revision                int64
}

// plantLetter makes a dead letter of the newest event of a connection or transfer that orders has taken.
func (f *fixture) plantLetter(ctx context.Context, conn *pgx.Conn) (*deadLetter, error) {
	stream, err := f.published.buses["accounttransfer"].JetStream().Stream(ctx, "HANDOVER_ACCOUNTTRANSFER")
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	newer := map[string]bool{} // aggregates with a newer event, beside which an older one would not be handled
	for sequence := info.State.LastSeq; sequence >= info.State.FirstSeq; sequence-- {
		m, err := stream.GetMsg(ctx, sequence)
		if err != nil {
			return nil, err
		}
		aggregate := m.Header.Get("ce-subject")
		if newer[aggregate] {
			continue
		}
		newer[aggregate] = true
		letter, err := plant(ctx, conn, m)
		if err != nil || letter != nil {
			return letter, err
		}
	}
	return nil, errors.New("orders has taken no event")
}

// plant returns nil for an event that is not the last that orders has seen of its aggregate. Otherwise the inbox says that
// it has not seen it, as if the handler had refused it: a replay calls the handler.
func plant(ctx context.Context, conn *pgx.Conn, m *jetstream.RawStreamMsg) (*deadLetter, error) {
	headers, err := json.Marshal(m.Header)
	if err != nil {
		return nil, err
	}
	l := &deadLetter{id: id.New("dlt"), aggregate: m.Header.Get("ce-subject")}
	if l.revision, err = strconv.ParseInt(m.Header.Get("ce-revision"), 10, 64); err != nil {
		return nil, err
	}
	err = conn.QueryRow(ctx, "WITH forgotten AS "+
		"(UPDATE orders.inbox SET revision = revision - 1 WHERE aggregate = $6 AND revision = $7 RETURNING consumer) "+
		"INSERT INTO orders.dead_letters "+
		"(id, consumer, message, subject, headers, body, tries, last_error, first_at, last_at, dead) "+
		"SELECT $1, consumer, $2, $3, $4, $5, 5, 'refused', 1, 1, 1 FROM forgotten RETURNING consumer",
		l.id, m.Header.Get(jetstream.MsgIDHeader), m.Subject, string(headers), m.Data, l.aggregate, l.revision).Scan(&l.consumer)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none, and nothing went wrong
	}
	return l, err
}

// checkApplied wants what the replay commits together: the letter removed, and its event seen, which the handler's transaction
// alone says.
func (l *deadLetter) checkApplied(ctx context.Context, conn *pgx.Conn) error {
	var left int
	var seen int64
	err := conn.QueryRow(ctx, "SELECT (SELECT count(*) FROM orders.dead_letters WHERE id = $1), revision FROM orders.inbox "+
		"WHERE consumer = $2 AND aggregate = $3", l.id, l.consumer, l.aggregate).Scan(&left, &seen)
	if err == nil && (left > 0 || seen < l.revision) {
		err = fmt.Errorf("after the replay of revision %d of %s: %d dead letters, and revision %d is the last that orders has seen",
			l.revision, l.aggregate, left, seen)
	}
	return err
}
