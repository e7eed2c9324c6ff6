package state

import (
	"context"
	"time"
)

// Deed is a request that had an effect. It is kept with the effect, so that the same request is known again after a restart.
type Deed struct {
	Request string // who asked for what
	DoneAt  time.Time
}

func (d Deed) key() string       { return d.Request }
func (d Deed) since() time.Time  { return d.DoneAt }
func (d Deed) parties() []string { return nil }

type requestKey struct{}

// Asked returns a context whose commits are the effect of a request.
func Asked(ctx context.Context, request string) context.Context {
	return context.WithValue(ctx, requestKey{}, request)
}

// noteDeed keeps that a request has its effect, and notes in the Effect of the context when it had one before.
func noteDeed(ctx context.Context, tx *Tx) {
	request, _ := ctx.Value(requestKey{}).(string)
	e, watched := ctx.Value(effectKey{}).(*Effect)
	if request == "" || !watched || e.Committed() { // a request of several commits has one effect
		return
	}
	before, _ := tx.deeds.Get(request)
	e.before.Store(&before.DoneAt)
	tx.deeds.Put(Deed{Request: request, DoneAt: tx.now})
}
