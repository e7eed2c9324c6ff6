package event

import (
	"context"
	"errors"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// Replay gives a dead letter to its handler once more and removes it, in one transaction. When the handler refuses
// again the letter stays and the refusal is returned; when a newer state of the aggregate was applied since, the
// letter is only removed. errs.NotFound when there is no such letter; errs.Invalid "EVENT_FOREIGN" when its owner did not
// publish it; errs.Precondition "CONSUMER_GONE" when the consumer that refused it is not among subs.
func Replay(ctx context.Context, db *store.DB, subs []Subscription, id string) error {
	letter, err := peek(ctx, db, id)
	if err != nil {
		return err
	}
	s, ok := subscriptionOf(subs, letter.Consumer)
	if !ok {
		return errs.New(errs.Precondition, "CONSUMER_GONE", "no consumer %q in this release", letter.Consumer)
	}
	m, err := s.accept(letter.Subject, letter.Headers, letter.Body)
	if err != nil {
		return err
	}
	return db.InTx(asConsumer(ctx, db.Service(), m), func(tx *store.Tx) error {
		if _, err := tx.TakeDeadLetter(id); err != nil {
			return err
		}
		seen, err := tx.Seen(s.Consumer, m.Aggregate, m.Revision)
		if err != nil || seen {
			return err
		}
		return contained(s.Handle, tx, m)
	})
}

func subscriptionOf(subs []Subscription, consumer string) (Subscription, bool) {
	for _, s := range subs {
		if s.Consumer == consumer {
			return s, true
		}
	}
	return Subscription{}, false
}

var errPeeked = errors.New("only looked at")

// peek reads a letter without taking it.
func peek(ctx context.Context, db *store.DB, id string) (letter store.DeadLetter, err error) {
	err = db.InTx(ctx, func(tx *store.Tx) error {
		if letter, err = tx.TakeDeadLetter(id); err != nil {
			return err
		}
		return errPeeked
	})
	if errors.Is(err, errPeeked) {
		return letter, nil
	}
	return letter, err
}
