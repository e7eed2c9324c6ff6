package limit

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"example.com/handover/pkg/errs"
)

// BodyLimits say how many requests may be on their way at once, and for how long.
type BodyLimits struct {
	Within    time.Duration // in which a body arrives
	Each, All int           // bodies of callers without an identity: of one address, and of all of them
	Bytes     int64         // that the bodies of all other callers may take
	Refused   func(limit string)
}

// Bodies bounds what requests that have not arrived yet hold in memory. Callers without an identity have a small part of
// their own, so that they take nothing from the others.
type Bodies struct {
	BodyLimits
	unknown *Streams
	room    *semaphore.Weighted
}

// NewBodies holds callers to these limits.
func NewBodies(l BodyLimits) *Bodies {
	return &Bodies{BodyLimits: l, unknown: NewStreams(l.Each, l.All), room: semaphore.NewWeighted(l.Bytes)}
}

// Enter makes room for a body of a size until leave is called. Callers that are known wait for it as long as for a body; an
// address without an identity that has as many on their way as it may is refused at once, with BODIES_EXHAUSTED.
func (b *Bodies) Enter(ctx context.Context, known bool, address string, size int64) (leave func(), err error) {
	if !known {
		if leave, err = b.unknown.Enter(address); err == nil {
			return leave, nil
		}
		b.Refused("bodies")
	} else {
		ctx, cancel := context.WithTimeout(ctx, b.Within)
		defer cancel()
		if b.room.Acquire(ctx, size) == nil {
			return func() { b.room.Release(size) }, nil
		}
		b.Refused("body_mib")
	}
	return nil, errs.New(errs.Unavailable, "BODIES_EXHAUSTED", "too many requests are on their way; try again later")
}
