package state

import (
	"context"
	"sync/atomic"
)

// Effect tells whether the work done under a context changed anything.
type Effect struct{ committed atomic.Bool }

// Committed reports whether a change was committed.
func (e *Effect) Committed() bool { return e.committed.Load() }

type effectKey struct{}

// Watch returns a context whose commits are noted in the Effect.
func Watch(ctx context.Context) (context.Context, *Effect) {
	e := &Effect{}
	return context.WithValue(ctx, effectKey{}, e), e
}

// NoteEffect notes a change that is not kept here, in the Effect of the context.
func NoteEffect(ctx context.Context) {
	if e, ok := ctx.Value(effectKey{}).(*Effect); ok {
		e.committed.Store(true)
	}
}
