package state

import (
	"context"
	"sync/atomic"
	"time"
)

// Effect tells whether the work done under a context changed anything.
type Effect struct {
	committed atomic.Bool
	before    atomic.Pointer[time.Time]
}

// Committed reports whether a change was committed.
func (e *Effect) Committed() bool { return e.committed.Load() }

// Before is when the same request had an effect before; zero: it had none.
func (e *Effect) Before() time.Time {
	if before := e.before.Load(); before != nil {
		return *before
	}
	return time.Time{}
}

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
