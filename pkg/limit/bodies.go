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
	Each, All int           // bodies of callers without an identity: of one network, and of all of them
	Bytes     int64         // that the bodies of all other callers may take, and each of those that are persons a part of it
	Refused   func(limit string)
}

// Bodies bounds what requests that have not arrived yet hold in memory. Callers without an identity have a small part of
// their own, so that they take nothing from the others, and so have the probes of load balancers.
type Bodies struct {
	BodyLimits
	unknown, probes *Streams
	room            *semaphore.Weighted
	shares          shares
}

// NewBodies holds callers to these limits.
func NewBodies(l BodyLimits) *Bodies {
	return &Bodies{
		BodyLimits: l, unknown: NewStreams(l.Each, l.All), probes: NewStreams(l.Each, l.All), room: semaphore.NewWeighted(l.Bytes),
		shares: newShares(l.Bytes),
	}
}

// Enter makes room for a body of a size until leave is called. Callers that are known wait for it as long as for a body, and
// each person for its share of it; a service of the suite, which has no owner here, has no share. A network without an
// identity that has as many on their way as it may is refused at once. Both fail with BODIES_EXHAUSTED.
func (b *Bodies) Enter(ctx context.Context, known bool, owner string, size int64) (leave func(), err error) {
	if !known {
		return b.few(b.unknown, owner)
	}
	ctx, cancel := context.WithTimeout(ctx, b.Within)
	defer cancel()
	giveBack := func() {}
	if owner != "" {
		if giveBack, err = b.shares.enter(ctx, owner, size); err != nil {
			return nil, b.exhausted("body_mib")
		}
	}
	if b.room.Acquire(ctx, size) != nil {
		giveBack()
		return nil, b.exhausted("body_mib")
	}
	return func() { b.room.Release(size); giveBack() }, nil
}

// EnterProbe is Enter for the question of a load balancer, which shows no identity and has not to wait for those who have none.
func (b *Bodies) EnterProbe(network string) (leave func(), err error) {
	return b.few(b.probes, network)
}

func (b *Bodies) few(of *Streams, network string) (leave func(), err error) {
	if leave, err = of.Enter(network); err != nil {
		return nil, b.exhausted("bodies")
	}
	return leave, nil
}

func (b *Bodies) exhausted(limit string) error {
	b.Refused(limit)
	return errs.New(errs.Unavailable, "BODIES_EXHAUSTED", "too many requests are on their way; try again later")
}
