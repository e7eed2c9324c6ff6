package kit

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/store"
)

// ClockKeeper is how a service keeps the business time of a sandbox in its database.
type ClockKeeper struct {
	Read func(context.Context, *store.DB) (time.Time, error) // zero: none is kept
	Keep func(context.Context, *store.DB, time.Time) error   // an earlier one than is kept changes nothing
}

// keptClock is what the service's database says at the start, before anything else may ask what time it is.
type keptClock struct {
	*ClockKeeper
	db      *store.DB // nil: no service of this process keeps the clock
	instant time.Time
}

func (p *Process) openClock(ctx context.Context, services []Service) (keptClock, error) {
	i := slices.IndexFunc(services, func(s Service) bool { return s.clock != nil })
	if i < 0 {
		return keptClock{}, nil
	}
	k := keptClock{ClockKeeper: services[i].clock}
	if _, err := p.serviceFolder(services[i].Name); err != nil {
		return k, err
	}
	var err error
	if k.db, err = p.openStore(ctx, services[i], p.log, clock.NewMovable(time.Time{}), nil); err != nil {
		return k, err
	}
	if k.instant, err = k.Read(ctx, k.db); err != nil {
		k.close()
	}
	return k, err
}

func (k keptClock) keep(ctx context.Context, t time.Time) error {
	if k.db == nil {
		return nil
	}
	return k.Keep(ctx, k.db, t)
}

// close loses nothing: what was kept is committed.
func (k keptClock) close() {
	if k.db != nil {
		_ = k.db.Close()
	}
}

func (p *Process) keepsClock() bool { return p.keeps.Load() }

// keepClock comes before others are told, so that whatever is killed, nobody has seen a time that can be lost.
func (p *Process) keepClock(ctx context.Context, t time.Time) error {
	for _, e := range p.hosted {
		if e.clock != nil {
			return e.clock.Keep(ctx, e.DB, t)
		}
	}
	return nil
}
