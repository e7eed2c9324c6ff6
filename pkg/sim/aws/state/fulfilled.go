package state

import (
	"context"
	"time"
)

// Fulfilled is a request that had an effect. It is kept with the effect, so that the same request is known again after a restart.
type Fulfilled struct {
	Request string // who asked for what
	DoneAt  time.Time
}

func (f Fulfilled) key() string       { return f.Request }
func (f Fulfilled) since() time.Time  { return f.DoneAt }
func (f Fulfilled) parties() []string { return nil }

type requestKey struct{}

// Asked returns a context whose commits are the effect of a request.
func Asked(ctx context.Context, request string) context.Context {
	return context.WithValue(ctx, requestKey{}, request)
}

// noteFulfilled keeps that a request has its effect, and notes in the Effect of the context when it had one before.
func noteFulfilled(ctx context.Context, tx *Tx) {
	request, _ := ctx.Value(requestKey{}).(string)
	e, watched := ctx.Value(effectKey{}).(*Effect)
	if request == "" || !watched || e.Committed() { // a request of several commits has one effect
		return
	}
	before, _ := tx.fulfilled.Get(request)
	e.before.Store(&before.DoneAt)
	tx.fulfilled.Put(Fulfilled{Request: request, DoneAt: tx.now})
}
