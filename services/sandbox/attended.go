package sandbox

import (
	"context"
	"slices"
	"strings"
	"sync"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
)

// attended is a world whose services stay: one that has answered once and does not any more is being started again, and
// only that service knows what it has to do, so no time may pass without it.
type attended struct {
	world

	mu   sync.Mutex
	seen map[string]bool // services
}

func attend(w world) *attended { return &attended{world: w, seen: map[string]bool{}} }

// Statuses is the world's. A service that has gone is errs.Unavailable.
func (a *attended) Statuses(ctx context.Context) ([]kit.Status, error) {
	all, err := a.world.Statuses(ctx)
	if err != nil {
		return all, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	here := map[string]bool{}
	for _, p := range all {
		for _, s := range p.Services {
			here[s.Service], a.seen[s.Service] = true, true
		}
	}
	var gone []string
	for service := range a.seen {
		if !here[service] {
			gone = append(gone, service)
		}
	}
	if len(gone) == 0 {
		return all, nil
	}
	slices.Sort(gone)
	return all, errs.New(errs.Unavailable, "UNAVAILABLE", "no process of %s answers any more", strings.Join(gone, ", "))
}
