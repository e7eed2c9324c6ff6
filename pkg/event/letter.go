package event

import (
	"context"

	"example.com/handover/pkg/store"
)

// Read returns the message in a dead letter. One whose headers cannot be read has no service, aggregate or revision.
func Read(l store.DeadLetter) Message {
	m, err := decode(l.Headers, l.Body)
	if err != nil {
		return Message{ID: l.Message}
	}
	return m
}

// Letter returns a dead letter without taking it. errs.NotFound when there is none of that id.
func Letter(ctx context.Context, db *store.DB, id string) (store.DeadLetter, error) {
	return peek(ctx, db, id)
}
